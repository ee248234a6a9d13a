using System.Collections.Immutable;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Two processes changed the record of one alert: most often one evaluated its detection while the other told people of it. What was found is taken from
/// who saw more; what was told is never forgotten, unless it was told of an earlier or milder alert than there is now.
/// </summary>
internal static class AlertMerge
{
    /// <param name="common">What both began with; null where neither had one.</param>
    /// <param name="ours">What this process made of it.</param>
    /// <param name="theirs">What the other stored.</param>
    public static AlertRecord Of(AlertRecord? common, AlertRecord ours, AlertRecord theirs)
    {
        var (found, other) = SawMore(ours, theirs) ? (ours, theirs) : (theirs, ours);
        if (found.Episode != other.Episode || found.Severity != other.Severity)
        {
            return found;
        }

        return found with
        {
            StartsAt = ours.StartsAt < theirs.StartsAt ? ours.StartsAt : theirs.StartsAt,
            LastSeenAt = ours.LastSeenAt > theirs.LastSeenAt ? ours.LastSeenAt : theirs.LastSeenAt,
            Count = Math.Max(ours.Count, theirs.Count),
            Deliveries = Told(ours.Deliveries, theirs.Deliveries),
            Acknowledged = found.Acknowledged ?? other.Acknowledged,
            Held = Equals(ours.Held, common?.Held) ? theirs.Held : ours.Held,
            // Evidence is given up when nobody will be told any more; it does not come back.
            Description = other.Description is null ? null : found.Description,
            Rows = other.Rows is null ? null : found.Rows,
        };
    }

    private static bool SawMore(AlertRecord a, AlertRecord b) =>
        (a.Episode, a.Severity, Latest(a)).CompareTo((b.Episode, b.Severity, Latest(b))) > 0;

    /// <summary>The latest evaluation that is known to have made something of it.</summary>
    private static DateTimeOffset Latest(AlertRecord record) =>
        new[] { record.SeenAt, record.ResolvedAt ?? default, record.MissedSince ?? default }.Max();

    private static ImmutableDictionary<string, Delivery> Told(ImmutableDictionary<string, Delivery> ours, ImmutableDictionary<string, Delivery> theirs) =>
        theirs.SetItems(ours.Where(own => !theirs.TryGetValue(own.Key, out var their) || their.At <= own.Value.At));
}
