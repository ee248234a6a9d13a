using System.Collections.Concurrent;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// Which queries the service referred to its search endpoint, because a table is on the Basic or Auxiliary plan. Nothing but its answer tells, so it is
/// remembered; after an hour the query endpoint is asked again, since a table's plan can be changed.
/// </summary>
internal sealed class BasicTableQueries(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Scope, string Query), DateTimeOffset> _referred = new();

    /// <summary>Whether the query, whatever the times in it, was referred to the search endpoint lately.</summary>
    public bool Contains(LogQuery query) => _referred.TryGetValue(Key(query), out var since) && time.GetUtcNow() - since < Remembered;

    public void Add(LogQuery query) => _referred[Key(query)] = time.GetUtcNow();

    public void Remove(LogQuery query) => _referred.TryRemove(Key(query), out _);

    /// <summary>A detection's text differs from run to run by its times alone.</summary>
    private static (string Scope, string Query) Key(LogQuery query) => (query.Scope, string.Concat(query.Text.Where(character => !char.IsAsciiDigit(character))));
}
