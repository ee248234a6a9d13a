using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// The Prefer header. What it does not name is as the service has it.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/prefer-options and timeouts.
/// </summary>
internal readonly record struct Preferences(TimeSpan Wait, bool Statistics, bool Render)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);

    public static Preferences Of(HttpRequest request)
    {
        var preferences = new Preferences(DefaultWait, Statistics: false, Render: false);
        foreach (var word in request.Headers["Prefer"].SelectMany(value => (value ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals].Trim();
            var value = equals < 0 ? "true" : word[(equals + 1)..].Trim();
            var isTrue = value.Equals("true", StringComparison.OrdinalIgnoreCase);
            switch (name)
            {
                case "wait" or "response-timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds):
                    var wait = TimeSpan.FromSeconds(seconds);
                    preferences = preferences with { Wait = wait < MaxWait ? wait : MaxWait };
                    break;
                case "include-statistics":
                    preferences = preferences with { Statistics = isTrue };
                    break;
                case "include-render":
                    preferences = preferences with { Render = isTrue };
                    break;
                default:
                    break;
            }
        }

        return preferences;
    }
}
