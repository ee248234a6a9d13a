using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.AzureServices.Http;
using Azure.Messaging.EventGrid.SystemEvents;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>
/// Reads the events of a subscription that are about role assignments. Source: learn.microsoft.com/azure/event-grid/event-schema-subscriptions.
/// </summary>
public sealed class RoleAssignmentEvents(TimeProvider time)
{
    private const string Part = "/providers/Microsoft.Authorization/roleAssignments/";
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string PrincipalName = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

    public EventBatch<RoleAssignmentEvent> Read(IEnumerable<JsonElement> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        return EventBatch<RoleAssignmentEvent>.Read(delivered, Read);
    }

    private RoleAssignmentEvent? Read(EventEnvelope envelope, out string? fault)
    {
        switch (envelope.SystemData(out fault))
        {
            case ResourceWriteSuccessEventData written:
                return Of(envelope, written.ResourceUri, written.OperationName, isDeletion: false, out fault);
            case ResourceDeleteSuccessEventData deleted:
                return Of(envelope, deleted.ResourceUri, deleted.OperationName, isDeletion: true, out fault);
            default:
                fault ??= envelope.NotHandled;
                return null;
        }
    }

    private RoleAssignmentEvent? Of(EventEnvelope envelope, string? resource, string? operation, bool isDeletion, out string? fault)
    {
        var id = EventEnvelope.Name(resource) ?? EventEnvelope.Name(envelope.Subject);
        fault = operation is not null && !operation.StartsWith("Microsoft.Authorization/roleAssignments/", StringComparison.OrdinalIgnoreCase)
            ? $"the operation {operation} is not about role assignments"
            : id is null || !IsAssignment(id) ? "neither resource nor subject is a role assignment"
            : null;
        if (fault is not null)
        {
            return null;
        }

        var claims = envelope.Data.Member("claims");
        return new RoleAssignmentEvent(id!, isDeletion, envelope.At(time))
        {
            Caller = EventEnvelope.Name(claims.Text(PrincipalName)) ?? EventEnvelope.Name(claims.Text("upn")) ?? EventEnvelope.Name(claims.Text("name")),
            CallerId = Guid.TryParse(claims.Text(ObjectId) ?? claims.Text("oid"), out var caller) ? caller : null,
            CallerIpAddress = EventEnvelope.Name(claims.Text("ipaddr")) ?? EventEnvelope.Name(envelope.Data.Member("httpRequest").Text("clientIpAddress")),
        };
    }

    /// <summary>The id is asked of Azure Resource Manager: nothing else may stand in it.</summary>
    private static bool IsAssignment(string id) =>
        id.StartsWith('/') && id.LastIndexOf(Part, StringComparison.OrdinalIgnoreCase) is var at and >= 0
        && id[(at + Part.Length)..] is { Length: > 0 } name && !name.Contains('/') && !id.Contains("..", StringComparison.Ordinal) && id.AsSpan().IndexOfAny("?#\\\r\n") < 0;
}
