using System.Text.Json;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Alerting.State;

/// <summary>What people do to one alert: look at it, acknowledge it, silence it, revoke its links. Each call reads and writes the store itself.</summary>
public sealed class AlertDesk(IStateStore store)
{
    private const string Revocations = "revoked-links";

    /// <summary>The alert; null where none with the fingerprint is remembered.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<AlertRecord?> FindAsync(string fingerprint, CancellationToken cancellationToken)
    {
        using var book = new AlertBook(store);
        await book.LoadAsync(cancellationToken);
        return book.TryGet(fingerprint, out var entry) ? entry.Record : null;
    }

    /// <summary>Somebody takes care of it: a condition that fires is not repeated until it is over or becomes worse. False where it is over or was acknowledged before.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<bool> AcknowledgeAsync(AlertRecord alert, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        using var book = new AlertBook(store, [alert.Detection]);
        await book.LoadAsync(cancellationToken);
        var before = book.Changes;
        book.Update(alert.Fingerprint, record => record is { State: AlertState.Firing, Acknowledged: null }
            ? record with { Acknowledged = new Acknowledgement(now, by) }
            : record);
        await book.FlushAsync(cancellationToken);
        return book.Changes > before;
    }

    /// <summary>Nothing is heard of it until then. False where its labels cannot be told apart from others' by matchers.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<bool> SilenceAsync(AlertRecord alert, string by, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);

        // The severity may rise, and the alert is still the same.
        var matchers = alert.Labels.Where(label => label.Key != LabelNames.Severity).Select(label => Matcher.Equal(label.Key, label.Value)).ToArray();
        if (matchers.Any(matcher => Matcher.Parse(matcher.ToString(), out _) != matcher))
        {
            return false;
        }

        // Silenced again, it is the same silence with another end.
        await new SilenceStore(store).SaveAsync(
            new Silence($"alert-{alert.Fingerprint}", [.. matchers], by, "by the link of a card", now, now + duration), cancellationToken);
        return true;
    }

    /// <summary>Ends every link to the alert that was made until now.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public Task RevokeLinksAsync(string fingerprint, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        Revocations, [new Put(StateKey.Of(fingerprint), JsonSerializer.SerializeToUtf8Bytes(now, StateJson.Default.DateTimeOffset), StateChange.Any)], cancellationToken);

    /// <summary>Whether a link to the alert that was made then has been revoked.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<bool> IsRevokedAsync(string fingerprint, DateTimeOffset issuedAt, CancellationToken cancellationToken) =>
        await store.ReadAsync(Revocations, StateKey.Of(fingerprint), cancellationToken) is { } document
        && JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.DateTimeOffset) >= issuedAt;
}
