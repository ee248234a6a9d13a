using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>What a request asks: from the address of a GET, from address and body of a POST.</summary>
/// <param name="Query">KQL.</param>
/// <param name="Timespan">The time that the request limits tables to: where address and body both do, what they share.</param>
internal sealed record QueryParameters(string Query, TimeRange? Timespan)
{
    /// <summary>
    /// Reads a request. Null parameters and null error: a POST without a JSON body, which the service answers with nothing.
    /// Source: learn.microsoft.com/azure/azure-monitor/logs/api/request-format.
    /// </summary>
    public static async Task<(QueryParameters? Parameters, ApiError? Error)> ReadAsync(
        HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = (string?)request.Query["query"];
        var spans = new List<string>();
        if ((string?)request.Query["timespan"] is { Length: > 0 } addressSpan)
        {
            spans.Add(addressSpan);
        }

        if (HttpMethods.IsPost(request.Method))
        {
            if (!request.HasJsonContentType())
            {
                return (null, null);
            }

            JsonDocument? body;
            try
            {
                body = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
            }
            catch (JsonException fault)
            {
                return (null, ApiError.BadArgument($"The body is not JSON: {fault.Message}"));
            }

            using (body)
            {
                if (body.RootElement.ValueKind != JsonValueKind.Object)
                {
                    return (null, ApiError.BadArgument("The body is not a JSON object."));
                }

                query = Text(body.RootElement, "query") ?? query;
                if (Text(body.RootElement, "timespan") is { Length: > 0 } bodySpan)
                {
                    spans.Add(bodySpan);
                }

                if (IsList(body.RootElement, "workspaces") || IsList(body.RootElement, "applications"))
                {
                    return (null, ApiError.BadArgument("This workspace is the only one: \"workspaces\" and \"applications\" name others."));
                }
            }
        }

        if (string.IsNullOrWhiteSpace(query))
        {
            return (null, ApiError.BadArgument("The request has no query."));
        }

        TimeRange? range = null;
        foreach (var span in spans)
        {
            if (!TimespanText.TryParse(span, now, out var told))
            {
                return (null, ApiError.BadArgument(
                    $"The timespan '{span}' is neither a duration (PT1H), start/end, start/duration nor duration/end in ISO 8601."));
            }

            range = range is { } other ? TimespanText.Intersect(other, told) : told;
        }

        return (new QueryParameters(query, range), null);
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsList(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0;
}
