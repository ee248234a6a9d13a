namespace AlertFunctions.Alerting;

/// <summary>Alerts that go to one receiver together because they share the values of the route's group-by labels.</summary>
/// <param name="Key">Route id and group label values: the same alerts land under the same key in every run.</param>
/// <param name="Receiver">The name of the receiver in routes.yaml.</param>
/// <param name="Labels">The group-by labels and their values.</param>
/// <param name="Alerts">At least one, worst severity first, then oldest.</param>
public sealed record AlertGroup(
    string Key,
    string Receiver,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<Alert> Alerts);
