using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// Answers several queries of one request, one after another, each with its status and body.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/batch-queries.
/// </summary>
internal sealed class BatchEndpoint(QueryEndpoint query)
{
    public async Task AnswerAsync(HttpContext context)
    {
        JsonDocument batch;
        try
        {
            batch = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        }
        catch (JsonException fault)
        {
            await ApiError.BadArgument($"The body is not JSON: {fault.Message}").WriteAsync(context);
            return;
        }

        using (batch)
        {
            if (Fault(batch.RootElement) is { } fault)
            {
                await ApiError.BadArgument(fault).WriteAsync(context);
                return;
            }

            context.Response.ContentType = "application/json; charset=utf-8";
            await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.WriterOptions);
            writer.WriteStartObject();
            writer.WriteStartArray("responses");
            foreach (var request in batch.RootElement.GetProperty("requests").EnumerateArray())
            {
                await AnswerOneAsync(context, request, writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    /// <summary>What keeps the whole batch from being answered.</summary>
    private static string? Fault(JsonElement batch)
    {
        if (batch.ValueKind != JsonValueKind.Object || !batch.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
        {
            return "The body has no list \"requests\".";
        }

        var ids = new HashSet<string>();
        foreach (var request in requests.EnumerateArray())
        {
            if (request.ValueKind != JsonValueKind.Object || Text(request, "id") is not { } id || Text(request, "workspace") is null
                || !request.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
            {
                return "A request lacks its \"id\", \"workspace\" or \"body\".";
            }

            if (!ids.Add(id))
            {
                return $"Two requests have the id {id}.";
            }
        }

        return null;
    }

    private async Task AnswerOneAsync(HttpContext batch, JsonElement request, Utf8JsonWriter writer)
    {
        using var requestBody = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(request.GetProperty("body")));
        using var answerBody = new MemoryStream();
        var one = new DefaultHttpContext { RequestAborted = batch.RequestAborted, TraceIdentifier = batch.TraceIdentifier };
        one.Request.Method = HttpMethods.Post;
        one.Request.ContentType = "application/json";
        one.Request.Body = requestBody;
        one.Response.Body = answerBody;
        if (request.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object && Text(headers, "Prefer") is { } prefer)
        {
            one.Request.Headers["Prefer"] = prefer;
        }

        await query.AnswerAsync(one, isSearch: false);
        await one.Response.BodyWriter.FlushAsync(batch.RequestAborted);
        writer.WriteStartObject();
        writer.WriteString("id", Text(request, "id"));
        writer.WriteNumber("status", one.Response.StatusCode);
        writer.WritePropertyName("body");
        writer.WriteRawValue(answerBody.ToArray());
        writer.WriteEndObject();
        await writer.FlushAsync(batch.RequestAborted);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
