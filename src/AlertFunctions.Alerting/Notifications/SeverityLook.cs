namespace AlertFunctions.Alerting.Notifications;

/// <summary>How bad an alert is, in words and in Teams' colours; the words stand alone for who cannot tell the colours.</summary>
/// <param name="Name">Upper case, for the header.</param>
/// <param name="Style">A Container's style.</param>
/// <param name="Color">A TextBlock's color.</param>
internal readonly record struct SeverityLook(string Name, string Style, string Color)
{
    public static SeverityLook Of(Alert alert) => alert.State == AlertState.Resolved
        ? new("RESOLVED", "good", "Good")
        : alert.Severity switch
        {
            Severity.High => new("HIGH", "attention", "Attention"),
            Severity.Medium => new("MEDIUM", "warning", "Warning"),
            Severity.Low => new("LOW", "accent", "Accent"),
            Severity.Informational => new("INFORMATIONAL", "emphasis", "Default"),
            _ => throw new InvalidOperationException($"Unreachable: {alert.Severity}"),
        };
}
