using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Writes diagnostics for people: <c>path:line:col: error KQL012: message</c>, the line, a caret below the place, and the hint.
/// Lines and columns count from 1; a column is a UTF-16 unit.
/// </summary>
public static class DiagnosticFormatter
{
    /// <summary>How much of a long line is shown around the place.</summary>
    private const int ShownWidth = 120;

    private const int TabWidth = 4;

    /// <summary>The line and column of a position.</summary>
    public static (int Line, int Column) Locate(string text, int position)
    {
        ArgumentNullException.ThrowIfNull(text);
        position = Math.Clamp(position, 0, text.Length);
        var before = text.AsSpan(0, position);
        return (before.Count('\n') + 1, position - (before.LastIndexOf('\n') + 1) + 1);
    }

    /// <summary>All diagnostics, one below the other, each ended by a line feed.</summary>
    public static string Format(string path, string text, IEnumerable<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var output = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            output.Append(Format(path, text, diagnostic)).Append('\n');
        }

        return output.ToString();
    }

    /// <summary>One diagnostic with its picture, without a line feed at the end.</summary>
    public static string Format(string path, string text, Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        var (line, column) = Locate(text, diagnostic.Span.Start);
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        var output = new StringBuilder();
        output.Append(
            CultureInfo.InvariantCulture, $"{path}:{line}:{column}: {severity} {diagnostic.Code}: {diagnostic.Message}\n");
        AppendPicture(output, text, diagnostic.Span, line);
        if (diagnostic.Hint is not null)
        {
            output.Append("\n  hint: ").Append(diagnostic.Hint);
        }

        return output.ToString();
    }

    /// <summary>The text with control characters made visible, so that a message keeps to one line.</summary>
    internal static string Printable(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            output.Append(char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c);
        }

        return output.ToString();
    }

    private static void AppendPicture(StringBuilder output, string text, TextSpan span, int line)
    {
        var start = Math.Clamp(span.Start, 0, text.Length);
        var lineStart = text.AsSpan(0, start).LastIndexOf('\n') + 1;
        var lineLength = text.AsSpan(lineStart).IndexOfAny('\r', '\n');
        var lineEnd = lineLength < 0 ? text.Length : lineStart + lineLength;
        var shownStart = Math.Max(lineStart, start - ShownWidth / 2);
        var shownEnd = Math.Min(lineEnd, shownStart + ShownWidth);

        var number = line.ToString(CultureInfo.InvariantCulture);
        output.Append("  ").Append(number).Append(" | ");
        AppendExpanded(output, text.AsSpan(shownStart, Math.Max(0, shownEnd - shownStart)));
        output.Append("\n  ").Append(' ', number.Length).Append(" | ");

        var before = new StringBuilder();
        AppendExpanded(before, text.AsSpan(shownStart, Math.Max(0, Math.Min(start, shownEnd) - shownStart)));
        var width = Math.Max(1, Math.Min(span.End, shownEnd) - start);
        output.Append(' ', before.Length).Append('^').Append('~', width - 1);
    }

    private static void AppendExpanded(StringBuilder output, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c == '\t')
            {
                output.Append(' ', TabWidth);
            }
            else
            {
                output.Append(char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c);
            }
        }
    }
}
