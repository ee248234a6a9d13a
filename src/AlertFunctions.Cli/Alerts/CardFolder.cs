using System.Text.Json;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Cli.Alerts;

/// <summary>A notification that was taken.</summary>
/// <param name="At">When, by the pipeline's clock.</param>
/// <param name="Receiver">The receiver that routes.yaml names.</param>
/// <param name="Reason">Why it was sent.</param>
internal sealed record SentCard(DateTimeOffset At, string Receiver, NotifyReason Reason);

/// <summary>
/// Every receiver of one machine: writes each card into a folder, and remembers in the state when and to whom it went.
/// </summary>
internal sealed class CardFolder(string folder, IStateStore store) : INotifier
{
    private const string Partition = "cards";

    private readonly FileNotifier _files = new(folder, CardOptions.Default);

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        var result = await _files.NotifyAsync(notification, cancellationToken);
        if (result is Sent)
        {
            var card = new SentCard(notification.Now, notification.Group.Receiver, notification.Reason);
            await store.WriteAsync(
                Partition,
                [new Put(StateKey.Of(FileNotifier.FileName(notification)), JsonSerializer.SerializeToUtf8Bytes(card), StateChange.Any)],
                cancellationToken);
        }

        return result;
    }

    /// <summary>The cards that were written and are still there, in the order of their time, each with its JSON: ASCII without &lt; and &amp;.</summary>
    public async Task<IReadOnlyList<(SentCard Card, string Json)>> ReadAsync(CancellationToken cancellationToken)
    {
        var cards = new List<(SentCard, string)>();
        await foreach (var document in store.ReadRangeAsync(Partition, null, null, cancellationToken))
        {
            // A name is made of letters, digits, dots and dashes, so its key is the name.
            var path = Path.Combine(folder, document.Row);
            if (File.Exists(path))
            {
                var card = JsonSerializer.Deserialize<SentCard>(document.Content.Span)
                    ?? throw new InvalidOperationException($"Unreachable: {document.Row} is null.");
                using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
                cards.Add((card, JsonSerializer.Serialize(json)));
            }
        }

        return cards;
    }

    /// <summary>Removes the cards of a folder, and nothing else that lies there.</summary>
    public static void Clear(string folder)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "????????T??????Z-*-????????????.json") : [])
        {
            File.Delete(path);
        }
    }
}
