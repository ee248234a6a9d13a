using System.Globalization;

namespace AlertFunctions.Alerting.Yaml;

/// <summary>Reads durations as Sentinel's rule files and its API write them: <c>5m</c>, <c>1h30m</c>, <c>14d</c>, <c>PT5M</c>, <c>P1DT12H</c>.</summary>
public static class Durations
{
    /// <summary>Days, hours, minutes and seconds in whole numbers, largest first; years and months have no fixed length and are refused.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        var iso = rest is ['P', ..];
        if (iso)
        {
            rest = rest[1..];
        }

        return rest.Length > 0 && TryParseParts(rest, iso, out duration);
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back as the same duration: <c>1h30m</c>. Parts of seconds are dropped.</summary>
    public static string Format(TimeSpan duration)
    {
        var parts = new[]
        {
            (duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"),
        };
        var text = string.Concat(parts.Where(p => p.Item1 != 0)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(p.Item1)}{p.Item2}")));
        return text.Length == 0 ? "0s" : duration < TimeSpan.Zero ? "-" + text : text;
    }

    private static bool TryParseParts(ReadOnlySpan<char> rest, bool iso, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var units = iso ? "DHMS" : "dhms";
        var smallest = -1;
        var inTime = false;
        var any = false;
        while (rest.Length > 0)
        {
            if (iso && !inTime && rest[0] == 'T')
            {
                inTime = true;
                rest = rest[1..];
                if (rest.Length == 0)
                {
                    return false;
                }
            }

            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9)
            {
                return false;
            }

            var unit = units.IndexOf(rest[digits], StringComparison.Ordinal);
            // In ISO 8601 days stand before the T and the rest after it; M before it would be months.
            if (unit <= smallest || (iso && inTime != unit > 0))
            {
                return false;
            }

            smallest = unit;
            any = true;
            var number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            if (unit == 0 && number > 36_500)
            {
                return false;
            }

            duration += unit switch
            {
                0 => TimeSpan.FromDays(number),
                1 => TimeSpan.FromHours(number),
                2 => TimeSpan.FromMinutes(number),
                _ => TimeSpan.FromSeconds(number),
            };
            rest = rest[(digits + 1)..];
        }

        return any;
    }
}
