using AlertFunctions.Alerting.Principals;
using Microsoft.Graph;
using Microsoft.Graph.DirectoryObjects.GetByIds;
using Microsoft.Graph.Models;

namespace AlertFunctions.AzureServices.Directory;

/// <summary>
/// The directory through Microsoft Graph's getByIds, up to a thousand ids a request. The app needs Directory.Read.All; what it may not read comes with
/// id and kind only. Source: learn.microsoft.com/graph/api/directoryobject-getbyids.
/// </summary>
public sealed class GraphDirectory(GraphServiceClient graph, GraphOptions options) : IDirectory
{
    private const int MaxIds = 1000;

    public async Task<DirectoryAnswer> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<Guid, Principal>();
        foreach (var batch in ids.Distinct().Chunk(MaxIds))
        {
            try
            {
                var isWhole = await FindAsync(batch, found, cancellationToken);
                if (!isWhole)
                {
                    return new DirectoryAnswer(found, new DirectoryFault("Microsoft Graph gave only part of its answer."));
                }
            }
            catch (Exception exception) when (GraphFault.Of(exception, cancellationToken) is { } fault)
            {
                return new DirectoryAnswer(found, new DirectoryFault($"Microsoft Graph: {fault.Detail}", fault.RetryAfter));
            }
        }

        return new DirectoryAnswer(found);
    }

    /// <summary>False where the answer goes on elsewhere, which is not documented for this request: then nobody can be said to be missing.</summary>
    private async Task<bool> FindAsync(Guid[] ids, Dictionary<Guid, Principal> found, CancellationToken cancellationToken)
    {
        var answer = await graph.DirectoryObjects.GetByIds.PostAsGetByIdsPostResponseAsync(
            new GetByIdsPostRequestBody { Ids = [.. ids.Select(id => id.ToString())], Types = ["user", "group", "servicePrincipal"] },
            request => request.Options.Add(GraphClient.Retries(options)),
            cancellationToken);
        foreach (var entry in answer?.Value ?? [])
        {
            if (Guid.TryParse(entry.Id, out var id))
            {
                found[id] = entry switch
                {
                    User user => new Principal(id, PrincipalKind.User, user.DisplayName, user.UserPrincipalName),
                    Group group => new Principal(id, PrincipalKind.Group, group.DisplayName),
                    ServicePrincipal application => new Principal(id, PrincipalKind.ServicePrincipal, application.DisplayName),
                    _ => new Principal(id, PrincipalKind.Other, null),
                };
            }
        }

        return answer?.Value is not null && answer.OdataNextLink is null;
    }
}
