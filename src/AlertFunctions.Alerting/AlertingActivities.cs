using System.Diagnostics;

namespace AlertFunctions.Alerting;

/// <summary>
/// The spans of the domain: one tick is one trace, from the plan over each evaluation and its queries to each notification, whichever processes did it. Tags hold
/// ids and outcomes, never a row, a card or an address.
/// </summary>
public static class AlertingActivities
{
    /// <summary>The name under which they are collected.</summary>
    public const string Name = "AlertFunctions.Alerting";

    internal static ActivitySource Source { get; } = new(Name);

    /// <summary>What a queue message carries on, in the form of W3C Trace Context; null outside a trace.</summary>
    internal static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Goes on with the trace that a message came from.</summary>
    internal static Activity? Consume(string name, string? trace) =>
        ActivityContext.TryParse(trace, null, isRemote: true, out var parent) ? Source.StartActivity(name, ActivityKind.Consumer, parent) : Source.StartActivity(name, ActivityKind.Consumer);
}
