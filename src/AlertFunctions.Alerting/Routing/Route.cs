using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Routing;

/// <summary>Where alerts go and how they are gathered on the way; inherited values are filled in.</summary>
public sealed record Route
{
    /// <summary>The names or places of the routes from the root to this one, such as <c>root/security</c>: part of the group's key.</summary>
    public required string Id { get; init; }

    /// <summary>The receiver's name in routes.yaml.</summary>
    public required string Receiver { get; init; }

    /// <summary>What an alert's labels must all satisfy to come here; the root has none.</summary>
    public ImmutableArray<Matcher> Matchers { get; init; } = [];

    /// <summary>Whether the routes after this one are tried as well.</summary>
    public bool Continue { get; init; }

    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>How long a new group gathers alerts before it is first sent.</summary>
    public TimeSpan GroupWait { get; init; }

    /// <summary>The least time between two notifications of a group.</summary>
    public TimeSpan GroupInterval { get; init; }

    /// <summary>How long after a notification that brought nothing new the group is sent again while it fires; null for never.</summary>
    public TimeSpan? RepeatInterval { get; init; }

    /// <summary>What the repeat interval is multiplied with after each repetition, until something new comes: 1 for a steady one.</summary>
    public double RepeatGrowth { get; init; } = 1;

    /// <summary>The longest that the growing interval becomes.</summary>
    public TimeSpan RepeatMaximum { get; init; } = TimeSpan.FromDays(1);

    /// <summary>When this route sends; at other times alerts wait. Empty for always.</summary>
    public ImmutableArray<TimeWindow> ActiveTimes { get; init; } = [];

    /// <summary>Tried in order before this route itself.</summary>
    public ImmutableArray<Route> Routes { get; init; } = [];

    public bool IsActive(DateTimeOffset now) => ActiveTimes.IsEmpty || ActiveTimes.Any(w => w.Contains(now));

    /// <summary>The key of the group that an alert belongs to on this route: the same labels give the same key in every run.</summary>
    public string GroupKeyOf(IReadOnlyDictionary<string, string> labels) => GroupBy.IsEmpty
        ? Id
        : $"{Id}{{{string.Join(",", GroupBy.Select(name => $"{name}={Quote(labels.TryGetValue(name, out var value) ? value : "")}"))}}}";

    public IReadOnlyDictionary<string, string> GroupLabelsOf(IReadOnlyDictionary<string, string> labels) =>
        GroupBy.ToDictionary(name => name, name => labels.TryGetValue(name, out var value) ? value : "", StringComparer.Ordinal);

    // Values are outside values: one must not be able to look like the next label.
    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
