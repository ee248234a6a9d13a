using System.Text;
using AlertFunctions.Kql;

namespace AlertFunctions.Cli.Results;

/// <summary>Renders a query's fault for a terminal: a line that editors make clickable, then the text with the place underlined.</summary>
internal static class DiagnosticText
{
    private const int TabWidth = 4;

    public static string Render(string path, string text, Diagnostic diagnostic)
    {
        var start = Math.Clamp(diagnostic.Span.Start, 0, text.Length);
        var lineStart = start == 0 ? 0 : text.LastIndexOf('\n', start - 1) + 1;
        var lineEnd = text.IndexOf('\n', start) is var end and >= 0 ? end : text.Length;
        var number = text.AsSpan(0, start).Count('\n') + 1;
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";

        var line = text[lineStart..lineEnd].TrimEnd('\r');
        var from = Math.Min(start - lineStart, line.Length);
        var to = Math.Clamp(diagnostic.Span.End - lineStart, from, line.Length);
        var before = Expand(line[..from]);
        var marked = Expand(line[from..to]);
        var gutter = $"{number} | ";

        var rendered = new StringBuilder()
            .AppendLine($"{path}:{number}:{start - lineStart + 1}: {severity} {diagnostic.Code}: {diagnostic.Message}")
            .AppendLine($"  {gutter}{Expand(line)}")
            .Append(' ', 2 + gutter.Length + before.Length)
            .Append('^', Math.Max(1, marked.Length));
        if (diagnostic.Hint is { } hint)
        {
            rendered.AppendLine().Append($"  {hint}");
        }

        return rendered.ToString();
    }

    // One column a character, so that the mark stands under what it means.
    private static string Expand(string text) => text.Replace("\t", new string(' ', TabWidth), StringComparison.Ordinal);
}
