namespace AlertFunctions.Alerting.Principals;

/// <summary>
/// Remembers what a directory said. While the directory is at fault it is left alone, for as long as it asked or a minute, and names that were known
/// before are still given: an old name is better on a card than an id.
/// </summary>
public sealed class CachedDirectory(IDirectory directory, TimeProvider time) : IDirectory
{
    /// <summary>How long a principal's names are believed.</summary>
    public static readonly TimeSpan KnownLifetime = TimeSpan.FromHours(1);

    /// <summary>How long an id stays unknown: a new principal needs minutes until every replica of the directory has it.</summary>
    public static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a directory that failed without saying when to come back is left alone.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private const int MaxEntries = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Entry> _entries = [];
    private DirectoryFault? _fault;
    private DateTimeOffset _restsUntil;

    public async Task<DirectoryAnswer> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var now = time.GetUtcNow();
        var known = new Dictionary<Guid, Principal>();
        var due = new List<Guid>();
        lock (_gate)
        {
            foreach (var id in ids.Distinct())
            {
                var entry = _entries.GetValueOrDefault(id);
                if (entry?.Principal is { } principal)
                {
                    known[id] = principal;
                }

                if (entry is null || entry.Until <= now)
                {
                    due.Add(id);
                }
            }

            if (due.Count > 0 && _fault is { } fault && _restsUntil > now)
            {
                return new DirectoryAnswer(known, fault);
            }
        }

        if (due.Count == 0)
        {
            return new DirectoryAnswer(known);
        }

        var answer = await directory.FindAsync(due, cancellationToken);
        Keep(due, answer, now);
        foreach (var id in due)
        {
            if (answer.Principals.TryGetValue(id, out var principal))
            {
                known[id] = principal;
            }
            else if (answer.Fault is null)
            {
                known.Remove(id);
            }
        }

        return new DirectoryAnswer(known, answer.Fault);
    }

    private void Keep(List<Guid> asked, DirectoryAnswer answer, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_entries.Count + asked.Count > MaxEntries)
            {
                _entries.Clear();
            }

            foreach (var id in asked)
            {
                if (answer.Principals.TryGetValue(id, out var principal))
                {
                    _entries[id] = new Entry(principal, now + KnownLifetime);
                }
                else if (answer.Fault is null)
                {
                    _entries[id] = new Entry(null, now + UnknownLifetime);
                }
            }

            _fault = answer.Fault;
            _restsUntil = now + (answer.Fault?.RetryAfter ?? Rest);
        }
    }

    private sealed record Entry(Principal? Principal, DateTimeOffset Until);
}
