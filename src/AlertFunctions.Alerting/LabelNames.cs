namespace AlertFunctions.Alerting;

/// <summary>The labels that every alert has besides its detection's columns.</summary>
public static class LabelNames
{
    public const string Detection = "detection";
    public const string Severity = "severity";
    public const string Workspace = "workspace";

    /// <summary>Names that a detection's own columns cannot use as labels.</summary>
    public static IReadOnlyList<string> Reserved { get; } = [Detection, Severity, Workspace];
}
