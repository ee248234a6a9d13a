using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>How far each detection has come in each workspace, in memory with the store behind it.</summary>
/// <param name="store">Where the marks lie.</param>
/// <param name="only">The one detection and workspace that is asked for; null for all.</param>
public sealed class MarkBook(IStateStore store, DueDetection? only = null)
{
    private const string Partition = "marks";

    private readonly Dictionary<string, (DetectionMark Mark, string? ETag)> _marks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unwritten = new(StringComparer.Ordinal);
    private bool _loaded;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return;
        }

        _marks.Clear();
        _unwritten.Clear();
        if (only is not null)
        {
            Load(await store.ReadAsync(Partition, RowOf(only.Detection, only.Workspace), cancellationToken));
        }
        else
        {
            await foreach (var document in store.ReadRangeAsync(Partition, null, null, cancellationToken))
            {
                Load(document);
            }
        }

        _loaded = true;
    }

    /// <summary>The mark; null where the detection never ran there.</summary>
    public DetectionMark? Of(Detection detection, MonitoredWorkspace? workspace) =>
        _marks.TryGetValue(RowOf(detection, workspace), out var known) ? known.Mark : null;

    public void Set(Detection detection, MonitoredWorkspace? workspace, DetectionMark mark)
    {
        var row = RowOf(detection, workspace);
        _marks[row] = (mark, _marks.TryGetValue(row, out var known) ? known.ETag : null);
        _unwritten.Add(row);
    }

    /// <summary>Writes what is not written yet.</summary>
    /// <exception cref="StateUnavailableException">
    /// The store cannot be reached, or another process moved a mark. The marks are read again, and what was evaluated is evaluated again,
    /// which changes nothing.
    /// </exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var rows in _unwritten.Chunk(StateLimits.MaxChanges))
            {
                var changes = rows.Select(row => new Put(
                    row, JsonSerializer.SerializeToUtf8Bytes(_marks[row].Mark, StateJson.Default.DetectionMark), _marks[row].ETag));
                if (await store.WriteAsync(Partition, [.. changes], cancellationToken) is not Written written)
                {
                    throw new StateUnavailableException("Another process evaluated the same detections; the marks are read again.");
                }

                for (var i = 0; i < rows.Length; i++)
                {
                    _marks[rows[i]] = (_marks[rows[i]].Mark, written.ETags[i]);
                }
            }

            _unwritten.Clear();
        }
        catch (StateUnavailableException)
        {
            Forget();
            throw;
        }
    }

    /// <summary>Gives up what is not written, and has the marks read again: what was found before them may not be recorded.</summary>
    public void Forget() => _loaded = false;

    private void Load(StateDocument? document)
    {
        if (document is not null)
        {
            var mark = JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.DetectionMark)
                ?? throw new InvalidOperationException($"The stored mark {document.Row} is empty.");
            _marks[document.Row] = (mark, document.ETag);
        }
    }

    private static string RowOf(Detection detection, MonitoredWorkspace? workspace) => StateKey.Of(workspace?.Name ?? "-", detection.Id);
}
