using System.Globalization;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>Times in tests, written relative to the test's now: <c>-10m</c>, <c>+1h30m</c>, and <c>{{-10m}}</c> inside a text.</summary>
internal static partial class RelativeTime
{
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = now;
        if (text is not ['-' or '+', ..] || !Durations.TryParse(text[1..], out var distance))
        {
            return false;
        }

        time = text[0] == '-' ? now - distance : now + distance;
        return true;
    }

    /// <summary>A relative or an absolute time.</summary>
    public static bool TryParseAny(string text, DateTimeOffset now, out DateTimeOffset time) =>
        TryParse(text, now, out time)
        || DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    public static string Expand(string text, DateTimeOffset now) => Placeholder().Replace(
        text, match => TryParse(match.Groups[1].Value, now, out var time) ? Format(time) : match.Value);

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{\{([+-][0-9dhms]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
