using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>
/// format_datetime() and format_timespan(): runs of one letter are elements, the listed delimiters stand for themselves.
/// A format with anything else is not documented: it gives null here, and the caller reports it.
/// Sources: learn.microsoft.com/kusto/query/format-datetime-function and .../format-timespan-function.
/// </summary>
internal static class TimeFormat
{
    private const string Delimiters = " /-:,._[]";

    public static string? FormatDateTime(long ticks, string format) => Format(format, new DateTime(ticks), AppendDateElement);

    public static string? FormatTimeSpan(long ticks, string format) => Format(format, new TimeSpan(ticks), AppendSpanElement);

    private static string? Format<T>(string format, T value, Func<StringBuilder, T, char, int, bool> append)
    {
        var built = new StringBuilder();
        for (var i = 0; i < format.Length;)
        {
            var letter = format[i];
            if (Delimiters.Contains(letter, StringComparison.Ordinal))
            {
                built.Append(letter);
                i++;
                continue;
            }

            var run = 1;
            while (i + run < format.Length && format[i + run] == letter)
            {
                run++;
            }

            if (!append(built, value, letter, run))
            {
                return null;
            }

            i += run;
        }

        return built.ToString();
    }

    private static bool AppendDateElement(StringBuilder built, DateTime value, char letter, int run) =>
        (letter, run) switch
        {
            ('y', 1) => AppendNumber(built, value.Year % 100, 1),
            ('y', 2) => AppendNumber(built, value.Year % 100, 2),
            ('y', 4) => AppendNumber(built, value.Year, 4),
            ('M', <= 2) => AppendNumber(built, value.Month, run),
            ('d', <= 2) => AppendNumber(built, value.Day, run),
            ('h', <= 2) => AppendNumber(built, value.Hour % 12 == 0 ? 12 : value.Hour % 12, run),
            ('t', 2) => AppendText(built, value.Hour < 12 ? "AM" : "PM"),
            _ => AppendTimeElement(built, value.TimeOfDay, letter, run),
        };

    private static bool AppendSpanElement(StringBuilder built, TimeSpan value, char letter, int run) =>
        (letter, run) switch
        {
            ('d', <= 8) => AppendNumber(built, Math.Abs(value.Days), run),
            ('h', <= 2) => AppendNumber(built, Math.Abs(value.Hours), run),
            _ => AppendTimeElement(built, value, letter, run),
        };

    private static bool AppendTimeElement(StringBuilder built, TimeSpan value, char letter, int run) =>
        (letter, run) switch
        {
            ('H', <= 2) => AppendNumber(built, Math.Abs(value.Hours), run),
            ('m', <= 2) => AppendNumber(built, Math.Abs(value.Minutes), run),
            ('s', <= 2) => AppendNumber(built, Math.Abs(value.Seconds), run),
            ('f' or 'F', <= 7) => AppendFraction(built, Math.Abs(value.Ticks % TimeSpan.TicksPerSecond), run, letter == 'F'),
            _ => false,
        };

    private static bool AppendFraction(StringBuilder built, long ticks, int digits, bool isTrimmed)
    {
        var text = ticks.ToString("D7", CultureInfo.InvariantCulture)[..digits];
        return AppendText(built, isTrimmed ? text.TrimEnd('0') : text);
    }

    private static bool AppendNumber(StringBuilder built, int value, int width) =>
        AppendText(built, value.ToString("D" + width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private static bool AppendText(StringBuilder built, string text)
    {
        built.Append(text);
        return true;
    }
}
