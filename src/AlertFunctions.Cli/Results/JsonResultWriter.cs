using System.Text.Json;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Execution;

namespace AlertFunctions.Cli.Results;

/// <summary>
/// The shape of the query API's answer: <c>{"tables":[{"name","columns":[{"name","type"}],"rows":[[...]]}]}</c>.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/response-format. Written row by row: a result need not fit in memory.
/// </summary>
internal sealed class JsonResultWriter : ResultWriter
{
    private readonly Screen _screen;
    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;

    public JsonResultWriter(Screen screen)
    {
        _screen = screen;
        _json = new Utf8JsonWriter(_buffer, Screen.JsonOptions with { Indented = false });
        _json.WriteStartObject();
        _json.WriteStartArray("tables");
    }

    public override async Task WriteAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        _json.WriteStartObject();
        _json.WriteString("name", reader.Result.Name);
        _json.WriteStartArray("columns");
        foreach (var column in reader.Columns)
        {
            _json.WriteStartObject();
            _json.WriteString("name", column.Name);
            _json.WriteString("type", column.Type.ToString().ToLowerInvariant());
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("rows");
        while (await reader.ReadAsync(cancellationToken))
        {
            _json.WriteStartArray();
            for (var column = 0; column < reader.Columns.Count; column++)
            {
                JsonCell.WriteTo(_json, reader.GetValue(column));
            }

            _json.WriteEndArray();
            Flush();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    public override void Complete()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        Flush();
        _screen.WriteLine();
    }

    public override void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
        base.Dispose();
    }

    private void Flush()
    {
        _json.Flush();
        _screen.Write(System.Text.Encoding.UTF8.GetString(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length)));
        _buffer.SetLength(0);
    }
}
