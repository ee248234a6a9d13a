using System.Collections.Immutable;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Alerting.Detections;

/// <summary>An entry of a detection's allow-list: alerts that match it are expected, somebody answers for that, and not for ever.</summary>
/// <param name="Matchers">At least one, all of which the alert's labels satisfy.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why the alert is expected.</param>
/// <param name="Expires">From this instant on it hides nothing, and <c>check</c> reports it.</param>
/// <param name="Position">Its place in the file of exceptions.</param>
public sealed record AlertException(
    ImmutableArray<Matcher> Matchers, string Owner, string Reason, DateTimeOffset Expires, SourcePosition Position)
{
    public bool Hides(IReadOnlyDictionary<string, string> labels, DateTimeOffset now) =>
        now < Expires && !Matchers.IsEmpty && Matchers.All(m => m.Matches(labels));
}
