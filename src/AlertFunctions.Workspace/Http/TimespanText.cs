using System.Globalization;
using System.Xml;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Workspace.Http;

/// <summary>The API's <c>timespan</c>: an ISO 8601 duration that ends now, or an interval of two times or a time and a duration.</summary>
internal static class TimespanText
{
    public static bool TryParse(string text, DateTimeOffset now, out TimeRange range)
    {
        range = default;
        var parts = text.Split('/');
        try
        {
            switch (parts)
            {
                case [var only] when TryDuration(only, out var length):
                    range = new TimeRange(now - length, now);
                    return true;
                case [var first, var second] when TryTime(first, out var start) && TryTime(second, out var end):
                    range = new TimeRange(start, end);
                    return start <= end;
                case [var first, var second] when TryTime(first, out var start) && TryDuration(second, out var length):
                    range = new TimeRange(start, start + length);
                    return true;
                case [var first, var second] when TryDuration(first, out var length) && TryTime(second, out var end):
                    range = new TimeRange(end - length, end);
                    return true;
                default:
                    return false;
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // Before year 1 or after year 9999.
            return false;
        }
    }

    /// <summary>What two ranges share; an empty range where they share nothing.</summary>
    public static TimeRange Intersect(TimeRange a, TimeRange b)
    {
        var start = a.Start > b.Start ? a.Start : b.Start;
        var end = a.End < b.End ? a.End : b.End;
        return new TimeRange(start, end < start ? start : end);
    }

    private static bool TryDuration(string text, out TimeSpan length)
    {
        length = default;
        if (!text.StartsWith('P'))
        {
            return false;
        }

        try
        {
            length = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        time = default;
        return text.Length >= "2026-03-02".Length
            && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out time);
    }
}
