namespace AlertFunctions.Alerting.Detections;

/// <summary>The stable codes of what can be wrong with a catalogue. Faults of a query's text bear the compiler's own codes.</summary>
public static class CatalogueCodes
{
    public const string Unreadable = "AFN001";
    public const string Yaml = "AFN002";
    public const string DuplicateField = "AFN003";
    public const string UnknownField = "AFN004";
    public const string WrongType = "AFN005";
    public const string MissingField = "AFN006";
    public const string MissingRunbook = "AFN007";
    public const string DuplicateId = "AFN008";
    public const string IdIsNotPath = "AFN009";
    public const string WrongValue = "AFN010";
    public const string WrongDuration = "AFN011";
    public const string WrongIdentity = "AFN012";
    public const string MissingQuery = "AFN013";
    public const string OrphanFile = "AFN014";
    public const string MissingTests = "AFN015";
    public const string Layout = "AFN016";
    public const string SentinelRule = "AFN017";
    public const string Schedule = "AFN018";
    public const string UnknownColumn = "AFN019";
    public const string MissingTimeFilter = "AFN020";
    public const string UnknownReceiver = "AFN021";
    public const string UnreachableRoute = "AFN022";
    public const string WrongTimeZone = "AFN023";
    public const string ExpiredException = "AFN024";
    public const string WrongFunction = "AFN026";
    public const string NoAlertRule = "AFN027";
    public const string NotNarrowed = "AFN028";
}
