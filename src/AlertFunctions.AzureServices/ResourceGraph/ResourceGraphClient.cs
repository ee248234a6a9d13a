using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.AzureServices.ResourceManager;

namespace AlertFunctions.AzureServices.ResourceGraph;

/// <summary>
/// Azure Resource Graph: all rows of a query, from all pages, over everything the identity may read.
/// Source: learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources.
/// </summary>
public sealed class ResourceGraphClient(ResourceManagerClient resources)
{
    private const string Address = "/providers/Microsoft.ResourceGraph/resources";
    private const string Version = "2022-10-01";
    private const int MostPages = 20;

    /// <summary>The rows as objects. An answer that was cut is no answer: a row that is missing there may exist.</summary>
    public async Task<ResourceOutcome> QueryAsync(string query, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<JsonElement>();
        string? next = null;
        for (var page = 0; page < MostPages; page++)
        {
            var outcome = await resources.PostAsync(Address, Version, Body(query, next), cancellationToken);
            if (outcome is not ResourceFound { Body: var answer })
            {
                return outcome;
            }

            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            {
                return new ResourceUnavailable("Resource Graph answered with something that has no rows.");
            }

            rows.AddRange(data.EnumerateArray());
            next = answer.TryGetProperty("$skipToken", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
            if (next is null)
            {
                // Without a way to go on, the service itself says whether there was more.
                var isCut = answer.TryGetProperty("resultTruncated", out var truncated)
                    && truncated.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
                return isCut ? new ResourceUnavailable("Resource Graph cut its answer.") : new ResourceItems(rows.ToImmutable());
            }
        }

        return new ResourceUnavailable($"Resource Graph's answer has not ended after {MostPages} pages.");
    }

    private static byte[] Body(string query, string? next)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("query", query);
            json.WriteStartObject("options");
            json.WriteString("resultFormat", "objectArray");
            json.WriteNumber("$top", 1000);
            if (next is not null)
            {
                json.WriteString("$skipToken", next);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
