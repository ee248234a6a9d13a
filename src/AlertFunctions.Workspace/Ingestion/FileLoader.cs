using System.IO.Compression;
using AlertFunctions.Workspace.Ingestion.Sources;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>Loads files. One that cannot be opened or decompressed is a fault; the others are loaded.</summary>
internal sealed class FileLoader(SourceLoader loader, DuckDbStore database)
{
    public void Load(
        IReadOnlyList<SourceFile> files, IngestTally tally, IProgress<IngestProgress>? progress, CancellationToken cancellationToken)
    {
        var sizes = files.Select(file => new FileInfo(file.Path).Length).ToList();
        var total = sizes.Sum();
        var done = 0L;
        for (var index = 0; index < files.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = files[index];
            var before = done;
            tally.Begin(file.Path);
            try
            {
                Load(
                    file,
                    tally,
                    (position, rows) => progress?.Report(new IngestProgress(file.Path, before + position, total, rows)),
                    cancellationToken);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                tally.AddFault(new IngestFault(IngestSeverity.Error, file.Path, 0, $"the file cannot be read: {fault.Message}"));
            }

            done += sizes[index];
            progress?.Report(new IngestProgress(file.Path, done, total, tally.Rows));
        }
    }

    private void Load(SourceFile file, IngestTally tally, Action<long, long> progress, CancellationToken cancellationToken)
    {
        if (file.Format == SourceFormat.Parquet)
        {
            var connection = database.Lease();
            try
            {
                loader.Load(Safely(RowsSource.Read(ParquetSource.Read(connection, file.Path))), file.Table, tally, progress, cancellationToken);
            }
            finally
            {
                database.Return(connection);
            }

            return;
        }

        using var disk = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        using Stream stream = file.IsGzip ? new GZipStream(disk, CompressionMode.Decompress) : disk;
        var buffer = new BlockBuffer(stream);
        var blocks = file.Format == SourceFormat.Csv ? CsvSource.Read(buffer) : JsonSource.Read(buffer);
        loader.Load(WithPosition(Safely(blocks), disk), file.Table, tally, progress, cancellationToken);
    }

    private static IEnumerable<RecordBlock> WithPosition(IEnumerable<RecordBlock> blocks, FileStream disk) =>
        blocks.Select(block => block with { SourcePosition = disk.Position });

    /// <summary>Keeps what was read before a file turned out to be cut short or damaged.</summary>
    private static IEnumerable<RecordBlock> Safely(IEnumerable<RecordBlock> blocks)
    {
        using var reader = blocks.GetEnumerator();
        var line = 1L;
        while (true)
        {
            RecordBlock block;
            try
            {
                if (!reader.MoveNext())
                {
                    yield break;
                }

                block = reader.Current;
                line = block.FirstLine;
            }
            catch (InvalidDataException fault)
            {
                block = Rest.Unreadable(line, $"the file is damaged: {fault.Message}; the rest of it was skipped");
                reader.Dispose();
            }

            yield return block;
        }
    }
}
