using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Routing;

/// <summary>Somebody wants to hear nothing of the matching alerts for a while, and says why.</summary>
public sealed record Silence(
    string Id,
    ImmutableArray<Matcher> Matchers,
    string Owner,
    string Comment,
    DateTimeOffset Start,
    DateTimeOffset End)
{
    public bool Hides(IReadOnlyDictionary<string, string> labels, DateTimeOffset now) =>
        now >= Start && now < End && !Matchers.IsEmpty && Matchers.All(m => m.Matches(labels));
}
