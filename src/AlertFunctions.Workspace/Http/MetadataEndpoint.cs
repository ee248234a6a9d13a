using System.Text.Json;
using AlertFunctions.Workspace.Catalog;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// Tells every table that a query may name, with its columns, and the saved functions.
/// Source: learn.microsoft.com/rest/api/loganalytics/metadata/get.
/// </summary>
internal sealed class MetadataEndpoint(EmbeddedWorkspace workspace)
{
    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.WriterOptions);
        writer.WriteStartObject();
        writer.WriteStartArray("tables");
        foreach (var table in workspace.KnownTables)
        {
            writer.WriteStartObject();
            writer.WriteString("id", table.Name);
            writer.WriteString("name", table.Name);
            writer.WriteString("timespanColumn", TableDefinition.TimeGenerated);
            writer.WriteStartArray("columns");
            foreach (var column in table.Columns)
            {
                writer.WriteStartObject();
                writer.WriteString("name", column.Name);
                writer.WriteString("type", ColumnTypes.Name(column.Type));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("functions");
        foreach (var function in workspace.Functions)
        {
            writer.WriteStartObject();
            writer.WriteString("id", function.Name);
            writer.WriteString("name", function.Name);
            writer.WriteString("body", function.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("workspaces");
        writer.WriteStartObject();
        writer.WriteString("id", (string?)context.Request.RouteValues["id"]);
        writer.WriteString("name", (string?)context.Request.RouteValues["id"]);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
