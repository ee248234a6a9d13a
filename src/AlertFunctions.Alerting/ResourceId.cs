namespace AlertFunctions.Alerting;

/// <summary>
/// Ids of Azure resources: /subscriptions/{id}/resourceGroups/{name}/providers/{namespace}/{type}/{name}.
/// Source: learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource, resourceId.
/// </summary>
public static class ResourceId
{
    /// <summary>The resource's own name, which is the last part; the whole text where it has no parts.</summary>
    public static string Name(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id[(id.LastIndexOf('/') + 1)..];
    }
}
