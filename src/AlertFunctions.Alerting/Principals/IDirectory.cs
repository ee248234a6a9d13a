namespace AlertFunctions.Alerting.Principals;

/// <summary>
/// Who the ids in Azure's logs and events are: Microsoft Graph in Azure, memory on one machine. Implementations do not throw for what the world does (no
/// right, throttling, no connection): the answer says what is missing and why, and an alert goes out with ids instead of names.
/// </summary>
public interface IDirectory
{
    /// <summary>Looks all ids up in as few requests as the directory allows.</summary>
    Task<DirectoryAnswer> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>What the directory said.</summary>
/// <param name="Principals">
/// Those that were found. Without a fault the directory does not have the others: they were deleted, or are of another tenant.
/// </param>
/// <param name="Fault">Why some of the others may exist all the same; null where every id was looked up.</param>
public sealed record DirectoryAnswer(IReadOnlyDictionary<Guid, Principal> Principals, DirectoryFault? Fault = null);

/// <summary>The directory could not be asked, or did not answer in full.</summary>
/// <param name="Detail">What it said; no token and no address with a credential is in it.</param>
/// <param name="RetryAfter">How long it wants to be left alone; null where it did not say.</param>
public sealed record DirectoryFault(string Detail, TimeSpan? RetryAfter = null);
