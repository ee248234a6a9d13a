using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AlertFunctions.Workspace.Ingestion;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// Takes records as a data collection endpoint does: a JSON array, gzip or not, for a stream named after its table. There is no
/// data collection rule here: records have the table's columns. Records that do not fit are left out, and a Warning header
/// counts them; where none fits the answer is 400.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview.
/// </summary>
internal sealed class IngestionEndpoint(EmbeddedWorkspace workspace, TimeProvider timeProvider)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var stream = (string)context.Request.RouteValues["stream"]!;
        if (TableOf(stream) is not { } table || !workspace.CanHold(table))
        {
            await ApiError.BadArgument($"The stream {stream} names no table: it is Custom-<Table>_CL or Microsoft-<Table>.").WriteAsync(context);
            return;
        }

        if (string.IsNullOrEmpty(context.Request.Query["api-version"]))
        {
            await ApiError.BadArgument("The request has no api-version.").WriteAsync(context);
            return;
        }

        try
        {
            using var body = await ReadAsync(context.Request, context.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Array || body.RootElement.EnumerateArray().Any(record => record.ValueKind != JsonValueKind.Object))
            {
                await ApiError.BadArgument("The body is not a JSON array of objects.").WriteAsync(context);
                return;
            }

            var now = timeProvider.GetUtcNow();
            var rows = body.RootElement.EnumerateArray().Select(record => Row(record, now));
            var report = await workspace.IngestAsync(table, rows, context.RequestAborted);
            await AnswerAsync(context, report);
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            await ApiError.BadArgument($"The body is not JSON: {fault.Message}").WriteAsync(context);
        }
    }

    private static async Task AnswerAsync(HttpContext context, IngestReport report)
    {
        var fault = report.Faults.FirstOrDefault(fault => fault.Severity == IngestSeverity.Error);
        if (fault is not null && report.TotalLoaded == 0)
        {
            await ApiError.BadArgument($"No record was taken: {fault.Message}").WriteAsync(context);
            return;
        }

        if (report.Skipped > 0)
        {
            context.Response.Headers.Warning = string.Create(
                CultureInfo.InvariantCulture, $"199 - \"{report.Skipped} records were left out\"");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static IngestRow Row(JsonElement record, DateTimeOffset now)
    {
        var fields = new Dictionary<string, object?>();
        foreach (var field in record.EnumerateObject())
        {
            fields[field.Name] = field.Value;
        }

        return new IngestRow(fields, now);
    }

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding != "gzip")
        {
            return await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        }

        await using var plain = new GZipStream(request.Body, CompressionMode.Decompress);
        return await JsonDocument.ParseAsync(plain, default, cancellationToken);
    }

    private static string? TableOf(string stream) =>
        stream.StartsWith("Custom-", StringComparison.Ordinal) ? stream["Custom-".Length..]
        : stream.StartsWith("Microsoft-", StringComparison.Ordinal) ? stream["Microsoft-".Length..]
        : null;
}
