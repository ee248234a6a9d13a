using System.Text;
using System.Text.Json;

namespace AlertFunctions.AzureServices.Http;

/// <summary>
/// The service's error object, flattened: <c>{"code","message","details":[...],"innererror":{"code","message","line","pos"}}</c>, nested as deep as
/// the service likes; the innermost says most.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/errors.
/// </summary>
internal sealed record ServiceError(IReadOnlyList<string> Codes, string Detail)
{
    private const int MaxDepth = 8;

    /// <summary>Whether a table that the query names does not exist in the workspace (yet): SEM0100 naming a table.</summary>
    public bool IsTableNotFound =>
        Codes.Contains("SEM0100") && Detail.Contains("Failed to resolve table", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a table of the query is on the Basic or Auxiliary plan, which the query endpoint does not read: the service names the search endpoint instead.
    /// Source: the answers in github.com/Azure/azure-sdk-for-go/issues/24606 and github.com/grafana/grafana/issues/89818.
    /// </summary>
    public bool IsForSearch => Codes.Contains("UnsupportedApiQueryValidationError");

    /// <summary>Reads a body <c>{"error":{...}}</c>; a body that is none gives only the status.</summary>
    public static ServiceError Parse(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error))
            {
                var parsed = From(error);
                return parsed with { Detail = $"HTTP {status}: {parsed.Detail}" };
            }
        }
        catch (JsonException)
        {
            // A proxy or gateway answers in its own words; the status is what can be said.
        }

        return new ServiceError([], $"HTTP {status}");
    }

    public static ServiceError From(JsonElement error)
    {
        var codes = new List<string>();
        var detail = new StringBuilder();
        Append(error, codes, detail, 0);
        return new ServiceError(codes, detail.ToString());
    }

    private static void Append(JsonElement error, List<string> codes, StringBuilder detail, int depth)
    {
        if (error.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return;
        }

        var code = Text(error, "code");
        var message = Text(error, "message");
        if (code is not null)
        {
            codes.Add(code);
        }

        if (code is not null || message is not null)
        {
            detail.Append(detail.Length > 0 ? " > " : "").Append(code).Append(code is not null && message is not null ? ": " : "").Append(message);
        }

        if (error.TryGetProperty("line", out var line) && error.TryGetProperty("pos", out var position))
        {
            detail.Append(" (line ").Append(line.GetRawText()).Append(", position ").Append(position.GetRawText()).Append(')');
        }

        if (error.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in details.EnumerateArray())
            {
                Append(item, codes, detail, depth + 1);
            }
        }

        if (error.TryGetProperty("innererror", out var inner))
        {
            Append(inner, codes, detail, depth + 1);
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
