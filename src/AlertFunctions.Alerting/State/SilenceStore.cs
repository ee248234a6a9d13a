using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Alerting.State;

/// <summary>The silences, kept until a month after their end so that what they hid can still be explained.</summary>
public sealed class SilenceStore(IStateStore store)
{
    private const string Partition = "silences";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Task SaveAsync(Silence silence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(silence);
        var document = new SilenceDocument(
            silence.Id, [.. silence.Matchers.Select(m => m.ToString())], silence.Owner, silence.Comment, silence.Start, silence.End);
        return store.WriteAsync(
            Partition,
            [new Put(StateKey.Of(silence.Id), JsonSerializer.SerializeToUtf8Bytes(document, StateJson.Default.SilenceDocument), StateChange.Any)],
            cancellationToken);
    }

    /// <summary>Every silence that is kept, by id.</summary>
    /// <param name="now">Those whose time is long over by then are removed; null removes none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ImmutableArray<Silence>> ReadAsync(DateTimeOffset? now, CancellationToken cancellationToken)
    {
        var silences = ImmutableArray.CreateBuilder<Silence>();
        var old = new List<StateChange>();
        await foreach (var stored in store.ReadRangeAsync(Partition, null, null, cancellationToken))
        {
            var document = JsonSerializer.Deserialize(stored.Content.Span, StateJson.Default.SilenceDocument)!;
            if (document.End + Kept < now)
            {
                old.Add(new Remove(stored.Row, StateChange.Any));
                continue;
            }

            silences.Add(new Silence(
                document.Id,
                [.. document.Matchers.Select(m => Matcher.Parse(m, out _)).OfType<Matcher>()],
                document.Owner, document.Comment, document.Start, document.End));
        }

        foreach (var chunk in old.Chunk(StateLimits.MaxChanges))
        {
            await store.WriteAsync(Partition, chunk, cancellationToken);
        }

        return silences.ToImmutable();
    }
}

internal sealed record SilenceDocument(string Id, string[] Matchers, string Owner, string Comment, DateTimeOffset Start, DateTimeOffset End);
