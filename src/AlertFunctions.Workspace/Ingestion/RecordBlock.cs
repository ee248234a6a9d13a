namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// A part of a source: whole JSON records, in the order of the source. Either each line of the bytes is one, or
/// <paramref name="Records"/> tells where they lie.
/// </summary>
/// <param name="Bytes">UTF-8.</param>
/// <param name="FirstLine">The line of the source that the first byte is on.</param>
/// <param name="Records">Where the records lie and on which line each starts.</param>
/// <param name="IngestedAt">For records from memory, when each arrived, in ticks; null where the record tells.</param>
internal sealed record RecordBlock(
    ReadOnlyMemory<byte> Bytes,
    long FirstLine,
    IReadOnlyList<RecordPlace>? Records = null,
    IReadOnlyList<long?>? IngestedAt = null)
{
    /// <summary>Faults that were found while the source was taken apart; the records they concern are not among these.</summary>
    public IReadOnlyList<(long Line, string Message)> Faults { get; init; } = [];

    /// <summary>The array behind the bytes, where it goes back to the shared pool once the block is loaded.</summary>
    public byte[]? Pooled { get; init; }

    /// <summary>How far the source had been read when this part ended, in bytes on disk.</summary>
    public long SourcePosition { get; init; }
}

internal readonly record struct RecordPlace(int Start, int Length, long Line);
