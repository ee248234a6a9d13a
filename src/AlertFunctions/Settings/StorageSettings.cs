namespace AlertFunctions.Settings;

/// <summary>
/// The host's own storage account, which holds the app's state too: a connection string (the emulator's), or the addresses of its tables and queues.
/// Source: learn.microsoft.com/azure/azure-functions/functions-reference, connecting to host storage with an identity.
/// </summary>
/// <param name="ConnectionString">A secret; null where the identity is used.</param>
/// <param name="TableEndpoint">Null where there is a connection string.</param>
/// <param name="QueueEndpoint">Likewise.</param>
internal sealed record StorageSettings(string? ConnectionString, Uri? TableEndpoint, Uri? QueueEndpoint)
{
    /// <summary>Does not print the connection string.</summary>
    public override string ToString() => TableEndpoint?.ToString() ?? "***";
}
