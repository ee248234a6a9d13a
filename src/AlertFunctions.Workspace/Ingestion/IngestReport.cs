namespace AlertFunctions.Workspace.Ingestion;

/// <summary>Whether a fault cost a record or only told of something odd.</summary>
public enum IngestSeverity
{
    /// <summary>The row was kept; something of it was not, or was changed.</summary>
    Warning,

    /// <summary>The record, or the rest of the file, was skipped.</summary>
    Error,
}

/// <summary>One fault of a source. Its place is a file's path and the line, from 1, on which the record starts.</summary>
/// <param name="Severity">Whether it cost the record.</param>
/// <param name="Source">The file's path, or a description of rows that came from memory.</param>
/// <param name="Line">The line of the file or, for rows from memory and Parquet, the number of the row; 0 for the whole source.</param>
/// <param name="Message">What is wrong and, where known, what to do.</param>
public sealed record IngestFault(IngestSeverity Severity, string Source, long Line, string Message)
{
    /// <summary>The form that editors make a link of: <c>path:line: error message</c>.</summary>
    public override string ToString() =>
        $"{Source}{(Line > 0 ? $":{Line}" : "")}: {(Severity == IngestSeverity.Error ? "error" : "warning")} {Message}";
}

/// <summary>What an ingestion did. What was good is in the workspace, whatever was wrong beside it.</summary>
/// <param name="Loaded">Rows loaded, by table.</param>
/// <param name="Skipped">Records that were not loaded; each has a fault, as long as there are not too many to list.</param>
/// <param name="Faults">The faults in the order of the sources, at most <see cref="MaxFaults"/> for each.</param>
public sealed record IngestReport(
    IReadOnlyDictionary<string, long> Loaded,
    long Skipped,
    IReadOnlyList<IngestFault> Faults)
{
    /// <summary>Faults listed for one source; further ones are counted only.</summary>
    public const int MaxFaults = 100;

    public long TotalLoaded => Loaded.Values.Sum();
}

/// <summary>How far an ingestion is. Bytes are those of the files as they lie on disk.</summary>
public readonly record struct IngestProgress(string Source, long BytesDone, long BytesTotal, long Rows);
