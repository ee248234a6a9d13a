using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Reads a catalogue from its folder. What is wrong with it is reported, all of it; nothing is thrown for a file's content.</summary>
public static class DetectionLoader
{
    private const string Yaml = ".yaml";
    private const string Tests = ".tests.yaml";
    private const string Exceptions = ".exceptions.yaml";
    private const string Kql = ".kql";

    /// <param name="folder">
    /// The catalogue's folder (with <c>detections/</c>, <c>functions/</c>, <c>schemas/</c> in it), or a folder of detections alone.
    /// Diagnostics name files below this path, as it was given.
    /// </param>
    public static DetectionCatalogue Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var diagnostics = new List<CatalogueDiagnostic>();
        if (!Directory.Exists(folder))
        {
            diagnostics.Add(new CatalogueDiagnostic(
                new SourcePosition(folder, 1, 1), CatalogueSeverity.Error, CatalogueCodes.Unreadable, "The folder does not exist."));
            return new DetectionCatalogue([], [], [], [.. diagnostics]);
        }

        var functions = LoadFunctions(Path.Combine(folder, "functions"), diagnostics);
        var tables = CatalogueFiles.Below(Path.Combine(folder, "schemas"))
            .Where(path => path.EndsWith(".json", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path));
        var root = Path.Combine(folder, "detections");
        var detections = LoadDetections(Directory.Exists(root) ? root : folder, diagnostics);
        return new DetectionCatalogue(
            [.. detections.OrderBy(d => d.Id, StringComparer.Ordinal)],
            functions,
            [.. tables],
            [.. Ordered(diagnostics)]);
    }

    /// <summary>Diagnostics in the order in which they are shown: by place, then code.</summary>
    public static IEnumerable<CatalogueDiagnostic> Ordered(IEnumerable<CatalogueDiagnostic> diagnostics) => diagnostics
        .OrderBy(d => d.Position.Path, StringComparer.Ordinal)
        .ThenBy(d => d.Position.Line)
        .ThenBy(d => d.Position.Column)
        .ThenBy(d => d.Code, StringComparer.Ordinal);

    private static ImmutableArray<SavedFunction> LoadFunctions(string folder, List<CatalogueDiagnostic> diagnostics)
    {
        var functions = ImmutableArray.CreateBuilder<SavedFunction>();
        foreach (var path in CatalogueFiles.Below(folder).Where(p => p.EndsWith(Kql, StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0]))
            {
                diagnostics.Add(new CatalogueDiagnostic(
                    new SourcePosition(path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.WrongFunction,
                    $"The file's name is the function's, and '{name}' is not a name in KQL.", "letters, digits and underscores"));
            }
            else if (CatalogueFiles.Read(path, diagnostics) is { } text)
            {
                functions.Add(new SavedFunction(name, text, path));
            }
        }

        return functions.ToImmutable();
    }

    private static List<Detection> LoadDetections(string root, List<CatalogueDiagnostic> diagnostics)
    {
        var paths = CatalogueFiles.Below(root);
        var present = paths.ToHashSet(StringComparer.Ordinal);
        var loaded = new List<Detection>();
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
        {
            if (OwnerOf(path) is { } owner)
            {
                ReportOrphan(path, owner, present, diagnostics);
            }
            else if (path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            {
                diagnostics.Add(new CatalogueDiagnostic(
                    new SourcePosition(path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.OrphanFile, "Detections end in .yaml."));
            }
            else if (path.EndsWith(Yaml, StringComparison.Ordinal) && CatalogueFiles.Read(path, diagnostics) is { } text)
            {
                var id = Path.ChangeExtension(Path.GetRelativePath(root, path), null).Replace('\\', '/');
                if (new DetectionReader(path, id, present, taken, diagnostics).Read(text) is { } detection)
                {
                    loaded.Add(detection);
                }
            }
        }

        return loaded;
    }

    /// <summary>The detection's file that a file belongs to; null where it belongs to none.</summary>
    private static string? OwnerOf(string path)
    {
        foreach (var ending in (ReadOnlySpan<string>)[Tests, Exceptions, Kql])
        {
            if (path.EndsWith(ending, StringComparison.Ordinal))
            {
                return path[..^ending.Length] + Yaml;
            }
        }

        return null;
    }

    private static void ReportOrphan(string path, string owner, HashSet<string> present, List<CatalogueDiagnostic> diagnostics)
    {
        if (!present.Contains(owner))
        {
            diagnostics.Add(new CatalogueDiagnostic(
                new SourcePosition(path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.OrphanFile,
                $"No detection has this file: {Path.GetFileName(owner)} is not beside it."));
        }
    }
}
