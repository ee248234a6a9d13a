using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>What a route told of an alert, or why it did not, in words for people.</summary>
/// <param name="Route">The route that the alert takes.</param>
/// <param name="IsTold">Whether its receiver knows of the alert as it stands.</param>
/// <param name="Text">When it was told and when it will be again; or by whom or what it is kept back, and until when.</param>
public sealed record AlertAccount(Route Route, bool IsTold, string Text)
{
    /// <summary>One account a route, in the order of the tree.</summary>
    /// <param name="record">The alert.</param>
    /// <param name="routes">The tree as it is now.</param>
    /// <param name="log">What receivers were told, loaded.</param>
    public static ImmutableArray<AlertAccount> Of(AlertRecord record, Routes routes, NotificationLog log)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(log);
        return [.. routes.Match(record.Labels).Select(route => Of(record, route, log))];
    }

    private static AlertAccount Of(AlertRecord record, Route route, NotificationLog log)
    {
        var told = record.Deliveries.GetValueOrDefault(route.Id);
        if (record.IsPendingOn(route.Id))
        {
            var kept = record.Held?.Detail ?? "it is sent with the next tick";
            return new(route, false, told is null ? $"not sent: {kept}" : $"{Told(told)}; that it is over is not sent: {kept}");
        }

        if (told is { Instead: not null })
        {
            return new(route, false, $"not sent: {told.Detail}");
        }

        var notice = log.Of(route.Receiver, route.GroupKeyOf(record.Labels));
        var again = record is { IsEvent: false, State: AlertState.Firing } && NotifyDecision.RepeatAt(notice, route) is { } repeat
            ? $"; again at {Time(repeat)} if it still fires"
            : "";
        return new(route, true, Told(told!) + again);
    }

    private static string Told(Delivery delivery) =>
        (delivery.State == AlertState.Resolved ? $"told at {Time(delivery.At)} that it is over" : $"told at {Time(delivery.At)}")
        + (delivery.Detail is { } detail ? $" {detail}" : "");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
