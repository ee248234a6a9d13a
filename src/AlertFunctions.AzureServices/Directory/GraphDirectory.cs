using AlertFunctions.Alerting.Principals;
using Microsoft.Graph;
using Microsoft.Graph.DirectoryObjects.GetByIds;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions.Serialization;

namespace AlertFunctions.AzureServices.Directory;

/// <summary>
/// The directory through Microsoft Graph's getByIds, up to a thousand ids a request. The app needs Directory.Read.All; what it may not read comes with
/// id and kind only. Source: learn.microsoft.com/graph/api/directoryobject-getbyids.
/// </summary>
public sealed class GraphDirectory(GraphServiceClient graph, GraphOptions options) : IDirectory
{
    private const int MaxIds = 1000;

    private static readonly Dictionary<string, ParsableFactory<IParsable>> Errors = new() { ["XXX"] = ODataError.CreateFromDiscriminatorValue };

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
        var request = graph.DirectoryObjects.GetByIds.ToPostRequestInformation(
            new GetByIdsPostRequestBody { Ids = [.. ids.Select(id => id.ToString())], Types = ["user", "group", "servicePrincipal"] },
            request => request.Options.Add(GraphClient.Retries(options)));
        var answer = await graph.RequestAdapter.SendAsync(request, _ => new PrincipalPage(), Errors, cancellationToken);
        foreach (var entry in answer?.Value ?? [])
        {
            if (Guid.TryParse(entry.Id, out var id))
            {
                found[id] = entry.Type switch
                {
                    "#microsoft.graph.user" => new Principal(id, PrincipalKind.User, entry.DisplayName, entry.UserPrincipalName),
                    "#microsoft.graph.group" => new Principal(id, PrincipalKind.Group, entry.DisplayName),
                    "#microsoft.graph.servicePrincipal" => new Principal(id, PrincipalKind.ServicePrincipal, entry.DisplayName),
                    _ => new Principal(id, PrincipalKind.Other, null),
                };
            }
        }

        return answer?.Value is not null && answer.NextLink is null;
    }
}
