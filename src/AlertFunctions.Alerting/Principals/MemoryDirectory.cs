namespace AlertFunctions.Alerting.Principals;

/// <summary>The directory of one machine: it knows whom it was given.</summary>
public sealed class MemoryDirectory(params IEnumerable<Principal> principals) : IDirectory
{
    private readonly Dictionary<Guid, Principal> _principals = principals.ToDictionary(principal => principal.Id);

    public Task<DirectoryAnswer> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Task.FromResult(new DirectoryAnswer(ids.Distinct().Where(_principals.ContainsKey).ToDictionary(id => id, id => _principals[id])));
    }
}
