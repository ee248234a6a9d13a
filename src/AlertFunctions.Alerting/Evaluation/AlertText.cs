using System.Text;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>Texts with <c>{{Column}}</c> in them, as Sentinel's alert details have it.</summary>
public static class AlertText
{
    /// <summary>The columns that a text names, with the place of each name in it.</summary>
    public static IEnumerable<(string Column, int Offset)> ColumnsOf(string format)
    {
        ArgumentNullException.ThrowIfNull(format);
        for (var at = 0; TryFind(format, at, out var open, out var close); at = close + 2)
        {
            var written = format[(open + 2)..close];
            yield return (written.Trim(), open + 2 + written.Length - written.TrimStart().Length);
        }
    }

    /// <summary>
    /// The text with the columns' values in it, at most so many characters. A name that is no column stays as it is written, so
    /// that the mistake can be seen; a value is never searched for names again.
    /// </summary>
    public static string Fill(string format, Func<string, string?> valueOf, int maximum)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(valueOf);
        var text = new StringBuilder();
        var at = 0;
        while (TryFind(format, at, out var open, out var close))
        {
            text.Append(format, at, open - at);
            text.Append(valueOf(format[(open + 2)..close].Trim()) ?? format[open..(close + 2)]);
            at = close + 2;
        }

        text.Append(format, at, format.Length - at);
        return Cut(text.ToString().Trim(), maximum);
    }

    private static bool TryFind(string format, int at, out int open, out int close)
    {
        open = format.IndexOf("{{", at, StringComparison.Ordinal);
        close = open < 0 ? -1 : format.IndexOf("}}", open, StringComparison.Ordinal);
        return close >= 0;
    }

    private static string Cut(string text, int maximum)
    {
        if (text.Length <= maximum)
        {
            return text;
        }

        // Not between the halves of a surrogate pair.
        var end = char.IsHighSurrogate(text[maximum - 2]) ? maximum - 2 : maximum - 1;
        return text[..end] + "…";
    }
}
