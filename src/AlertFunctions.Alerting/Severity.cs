namespace AlertFunctions.Alerting;

/// <summary>How bad it is, in Microsoft Sentinel's four steps, mildest first.</summary>
public enum Severity
{
    Informational,
    Low,
    Medium,
    High,
}
