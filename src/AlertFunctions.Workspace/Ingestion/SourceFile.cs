namespace AlertFunctions.Workspace.Ingestion;

/// <summary>How the records lie in a file.</summary>
internal enum SourceFormat
{
    Json,
    Csv,
    Parquet,
}

/// <summary>A file to load: where it is, what its name says of its format, and the table that its name or folder names.</summary>
/// <param name="Path">The path as messages show it.</param>
/// <param name="Format">The format.</param>
/// <param name="IsGzip">Whether it is compressed.</param>
/// <param name="Table">The table of every record; null where each record names its own.</param>
internal sealed record SourceFile(string Path, SourceFormat Format, bool IsGzip, string? Table)
{
    /// <summary>
    /// The files of paths: each file, and of each folder those at any depth whose name has an extension of records, in the
    /// order of their names. Hidden files and folders do not count.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="tableOf">The table of a name whose case may differ, or null.</param>
    /// <param name="faults">Paths that are not there, and files of no known format.</param>
    public static List<SourceFile> Find(IReadOnlyList<string> paths, Func<string, string?> tableOf, List<IngestFault> faults)
    {
        var files = new List<SourceFile>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var inside = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    .Where(file => !System.IO.Path.GetRelativePath(path, file).Split(System.IO.Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
                    .Order(StringComparer.Ordinal);
                files.AddRange(inside.Select(file => Describe(file, path, tableOf)).OfType<SourceFile>());
            }
            else if (!File.Exists(path))
            {
                faults.Add(new IngestFault(IngestSeverity.Error, path, 0, "there is no such file or folder"));
            }
            else if (Describe(path, root: null, tableOf) is { } file)
            {
                files.Add(file);
            }
            else
            {
                faults.Add(new IngestFault(
                    IngestSeverity.Error, path, 0, "the name ends with none of .json, .jsonl, .ndjson, .log, .csv and .parquet, with or without .gz"));
            }
        }

        return files;
    }

    private static SourceFile? Describe(string path, string? root, Func<string, string?> tableOf)
    {
        var name = System.IO.Path.GetFileName(path);
        var isGzip = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        SourceFormat? format = System.IO.Path.GetExtension(isGzip ? name[..^3] : name).ToUpperInvariant() switch
        {
            ".JSON" or ".JSONL" or ".NDJSON" or ".LOG" => SourceFormat.Json,
            ".CSV" => SourceFormat.Csv,
            ".PARQUET" => SourceFormat.Parquet,
            _ => null,
        };
        return format is { } known ? new SourceFile(path, known, isGzip, TableOf(path, root, tableOf)) : null;
    }

    /// <summary>The name up to its first dot, or else the nearest folder's name, but none above the folder that was asked for.</summary>
    private static string? TableOf(string path, string? root, Func<string, string?> tableOf)
    {
        var name = System.IO.Path.GetFileName(path);
        var stem = name[..name.IndexOf('.', StringComparison.Ordinal)];
        if (tableOf(stem) is { } table)
        {
            return table;
        }

        var top = System.IO.Path.GetFullPath(root ?? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        for (var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path));
            folder is not null && folder.Length >= top.Length;
            folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (tableOf(System.IO.Path.GetFileName(folder)) is { } named)
            {
                return named;
            }
        }

        return null;
    }
}
