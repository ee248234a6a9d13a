using System.Text.Json;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>What a registry answered.</summary>
internal abstract record RegistryAnswer
{
    private protected RegistryAnswer()
    {
    }
}

/// <summary>A document, with the page that follows it where there is one.</summary>
internal sealed record RegistryDocument(JsonElement Body, string? Next) : RegistryAnswer;

/// <summary>The registry does not have it.</summary>
internal sealed record RegistryMissing : RegistryAnswer;

/// <summary>The registry could not be asked, will not answer, or its answer cannot be read.</summary>
/// <param name="Detail">What it said, for people; no token is in it.</param>
/// <param name="IsTransient">Whether the same request may succeed soon.</param>
/// <param name="RetryAfter">How long it wants to be left alone; null where it did not say.</param>
internal sealed record RegistryFault(string Detail, bool IsTransient, TimeSpan? RetryAfter = null) : RegistryAnswer;
