namespace AlertFunctions.Cli.Simulation;

/// <summary>Who and what the simulated estate consists of. Addresses are those reserved for documentation.</summary>
internal static class Names
{
    public const string Subscription = "00000000-0000-0000-0000-000000000001";
    public const string WorkspaceId = "00000000-0000-0000-0000-00000000000a";
    public const string EntraTenant = "00000000-0000-0000-0000-00000000000b";
    public const string ResourceGroup = "rg-shop";
    public const string ClusterName = "aks-shop";
    public const string ClusterId =
        $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}/providers/Microsoft.ContainerService/managedClusters/{ClusterName}";
    public const string LoginServer = "shopacr.azurecr.io";
    public const string RegistryId =
        $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}/providers/Microsoft.ContainerRegistry/registries/shopacr";

    /// <summary>Owns the subscription, works in the office.</summary>
    public const string Dana = "dana@contoso.example";
    public const string DanaAddress = "203.0.113.10";

    /// <summary>Does today what should not be done.</summary>
    public const string Kai = "kai@contoso.example";
    public const string KaiAddress = "198.51.100.7";

    /// <summary>The build pipeline's service principal.</summary>
    public const string Pipeline = "3f1c2b7a-6d54-4c11-9c0e-5a7b8c9d0e1f";
    public const string PipelineAddress = "203.0.113.77";

    /// <summary>The identity that Defender for Containers pulls with (learn.microsoft.com/azure/container-registry/scan-images-defender).</summary>
    public const string Scanner = "b21cb118-5a59-4628-bab0-3c3f0e434cg6";
    public const string Kubelet = "8e2f4d6c-1b3a-4957-a8c1-77e0d9f3b245";
}
