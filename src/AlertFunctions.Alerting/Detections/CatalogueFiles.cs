using System.Text;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Reads the catalogue's text files; what keeps one from being read is a diagnostic.</summary>
internal static class CatalogueFiles
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Every file below a folder, in the order of their paths; none where the folder is absent.</summary>
    public static IReadOnlyList<string> Below(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    public static string? Read(string path, ICollection<CatalogueDiagnostic> diagnostics)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var text = StrictUtf8.GetString(bytes).TrimStart('\uFEFF');
            ReportLayout(path, text, diagnostics);
            return text;
        }
        catch (DecoderFallbackException exception)
        {
            Report(path, $"The file is not UTF-8: byte {exception.Index} does not belong.", diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(path, $"The file cannot be read: {exception.Message}", diagnostics);
        }

        return null;
    }

    private static void Report(string path, string message, ICollection<CatalogueDiagnostic> diagnostics) => diagnostics.Add(
        new CatalogueDiagnostic(new SourcePosition(path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.Unreadable, message));

    private static void ReportLayout(string path, string text, ICollection<CatalogueDiagnostic> diagnostics)
    {
        ReportLines(path, text, "a tab", line => line.IndexOf('\t'), diagnostics);
        ReportLines(
            path, text, "trailing blanks", line => line.Length > 0 && line[^1] == ' ' ? line.TrimEnd(' ').Length : -1, diagnostics);
    }

    private static void ReportLines(
        string path, string text, string what, Func<string, int> find, ICollection<CatalogueDiagnostic> diagnostics)
    {
        var found = text.Split('\n')
            .Select((line, index) => (Line: index + 1, At: find(line.TrimEnd('\r'))))
            .Where(hit => hit.At >= 0)
            .ToArray();
        if (found.Length > 0)
        {
            var others = found.Length > 1 ? $", as {found.Length - 1} more do" : "";
            diagnostics.Add(new CatalogueDiagnostic(
                new SourcePosition(path, found[0].Line, found[0].At + 1), CatalogueSeverity.Warning, CatalogueCodes.Layout,
                $"The line has {what}{others}."));
        }
    }
}
