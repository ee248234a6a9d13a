using System.Security.Cryptography;
using System.Text;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Cli.Replay;

/// <summary>
/// Places the marks of detections before a replay. One whose records and query are those of its last run goes on from there; any other
/// begins anew, and what is found again is known by its fingerprint.
/// </summary>
internal sealed class ReplayMarks(IStateStore store, MarkBook marks, DetectionCatalogue catalogue)
{
    private const string Partition = "replays";

    private readonly QueryComposer _composer = new(catalogue);

    /// <param name="records">A hash of the records, which tells them from others.</param>
    /// <param name="start">Where the clock starts.</param>
    /// <param name="cancellationToken">Ends it; the next call places the rest.</param>
    public async Task PlaceAsync(string records, DateTimeOffset start, CancellationToken cancellationToken)
    {
        await marks.LoadAsync(cancellationToken);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var document in store.ReadRangeAsync(Partition, null, null, cancellationToken))
        {
            known[document.Row] = Encoding.UTF8.GetString(document.Content.Span);
        }

        var changes = new List<StateChange>();
        foreach (var detection in catalogue.Detections)
        {
            var row = StateKey.Of(detection.Id);
            var hash = HashOf(records, detection);
            if (marks.Of(detection, null) is null || known.GetValueOrDefault(row) != hash)
            {
                marks.Set(detection, null, new DetectionMark { Through = ReplayPlan.FirstMark(detection, start) });
                changes.Add(new Put(row, Encoding.UTF8.GetBytes(hash), StateChange.Any));
            }
        }

        // A mark that went back before its hash is known only goes back again.
        await marks.FlushAsync(cancellationToken);
        foreach (var chunk in changes.Chunk(StateLimits.MaxChanges))
        {
            await store.WriteAsync(Partition, chunk, cancellationToken);
        }
    }

    /// <summary>A hash of files and of everything below folders, names and contents.</summary>
    public static async Task<string> HashOf(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [path];
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                await using var stream = File.OpenRead(file);
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
                hash.AppendData(await SHA256.HashDataAsync(stream, cancellationToken));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What decides which alerts a run gives; how they read, and to whom they go, may change without a new run.
    private string HashOf(string records, Detection detection) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        [
            records,
            _composer.Compose(detection.Query.Text),
            $"{detection.Signal} {detection.QueryFrequency} {detection.QueryPeriod} {detection.Settle} {detection.Lateness} {detection.ResolveAfter}",
            $"{detection.TriggerOperator} {detection.TriggerThreshold}",
            .. detection.Identity,
        ]))));
}
