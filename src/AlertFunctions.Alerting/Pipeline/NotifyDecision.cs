using System.Globalization;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>Whether a group is sent now, and if not, why and from when on it would be.</summary>
/// <param name="Reason">Why it is sent; null where it is not.</param>
/// <param name="Wait">Why it is not.</param>
/// <param name="Due">When it would be, if nothing changes; null for never.</param>
/// <param name="Detail">The same in words for people.</param>
public sealed record NotifyDecision(NotifyReason? Reason, SuppressionReason Wait, DateTimeOffset? Due, string Detail)
{
    /// <param name="notice">What the receiver was told of the group.</param>
    /// <param name="firing">Alerts that the receiver does not know of.</param>
    /// <param name="resolved">Alerts that it was told of and that are over.</param>
    /// <param name="standing">Conditions that it was told of and that still fire.</param>
    /// <param name="oldest">When the oldest of what it does not know was recorded.</param>
    /// <param name="route">Gives the waits and intervals.</param>
    /// <param name="now">The pipeline's clock.</param>
    public static NotifyDecision Of(
        GroupNotice notice, int firing, int resolved, int standing, DateTimeOffset oldest, Route route, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ArgumentNullException.ThrowIfNull(route);
        if (notice.RetryAt is { } retry && retry > now)
        {
            return Waiting(
                SuppressionReason.DeliveryFailed, retry, $"the receiver did not take it ({notice.LastFailure}); tried again at {At(retry)}");
        }

        if (firing + resolved > 0)
        {
            var due = oldest + route.GroupWait;
            if (notice.NotifiedAt is { } before && before + route.GroupInterval > due)
            {
                due = before + route.GroupInterval;
            }

            // What could not be delivered when it was due does not wait for its interval again.
            return due > now && notice.Failures == 0
                ? Waiting(SuppressionReason.GroupWaiting, due, $"the group gathers alerts until {At(due)}")
                : Sending(firing == 0
                    ? NotifyReason.AlertsResolved
                    : notice.NotifiedAt is null || standing == 0 ? NotifyReason.FirstNotification : NotifyReason.NewAlertsInGroup);
        }

        var told = notice.NotifiedAt is { } at ? $"the receiver was told at {At(at)}" : "the receiver was told";
        if (standing == 0 || RepeatAt(notice, route) is not { } repeat)
        {
            return Waiting(SuppressionReason.AlreadyNotified, null, told);
        }

        return repeat > now
            ? Waiting(SuppressionReason.AlreadyNotified, repeat, $"{told}, and is told again at {At(repeat)} if it still fires")
            : Sending(NotifyReason.RepeatIntervalElapsed);
    }

    /// <summary>When a group that fires on is sent again; null for never.</summary>
    public static DateTimeOffset? RepeatAt(GroupNotice notice, Route route)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ArgumentNullException.ThrowIfNull(route);
        if (notice.NotifiedAt is not { } last || route.RepeatInterval is not { } interval)
        {
            return null;
        }

        var longest = route.RepeatMaximum > interval ? route.RepeatMaximum : interval;
        var grown = interval.TotalSeconds * Math.Pow(route.RepeatGrowth, notice.Repeats);
        return last + (grown < longest.TotalSeconds ? TimeSpan.FromSeconds(grown) : longest);
    }

    private static NotifyDecision Sending(NotifyReason reason) => new(reason, default, null, "");

    private static NotifyDecision Waiting(SuppressionReason reason, DateTimeOffset? due, string detail) => new(null, reason, due, detail);

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
