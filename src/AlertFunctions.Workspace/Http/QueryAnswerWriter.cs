using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Execution;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// Writes an answer while its rows are read. Nothing is sent before the engine gave the first row.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/response-format.
/// </summary>
internal sealed class QueryAnswerWriter : IAsyncDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly HttpContext _context;
    private readonly WorkspaceServerOptions _options;
    private readonly Utf8JsonWriter _json;
    private readonly long _started;
    private readonly List<(long Rows, long Bytes)> _sizes = [];
    private string? _fault;
    private bool _inTable;

    public QueryAnswerWriter(HttpContext context, WorkspaceServerOptions options)
    {
        _context = context;
        _options = options;
        _json = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.WriterOptions);
        _started = options.TimeProvider.GetTimestamp();
    }

    public bool HasStarted { get; private set; }

    /// <summary>Writes a result as the next table, as far as the limits let it.</summary>
    public async Task WriteTableAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        var more = await reader.ReadAsync(cancellationToken);
        Begin(reader);
        var before = _json.BytesCommitted + _json.BytesPending;
        var rows = 0;
        for (; more; more = await reader.ReadAsync(cancellationToken))
        {
            var bytes = _json.BytesCommitted + _json.BytesPending - before;
            if (rows == _options.MaxRows || bytes > _options.MaxBytes)
            {
                AddFault(rows == _options.MaxRows
                    ? $"The results of this query exceed the set limit of {rows} records, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). See https://aka.ms/kustoquerylimits for more information and possible solutions."
                    : $"Query result set has exceeded the internal data size limit {_options.MaxBytes} (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003; see https://aka.ms/kustoquerylimits).");
                break;
            }

            WriteRow(reader);
            rows++;
            if (_json.BytesPending > FlushBytes)
            {
                await _json.FlushAsync(cancellationToken);
            }
        }

        _sizes.Add((rows, _json.BytesCommitted + _json.BytesPending - before));
        EndTable();
    }

    public void AddFault(string message) => _fault ??= message;

    public async Task CompleteAsync(CompiledQuery query, Preferences preferences)
    {
        if (_inTable)
        {
            EndTable();
        }

        _json.WriteEndArray();
        if (preferences.Statistics)
        {
            WriteStatistics();
        }

        if (preferences.Render && query.Render is { } render)
        {
            WriteRender(render);
        }

        if (_fault is not null)
        {
            _json.WritePropertyName("error");
            ApiError.Partial(_fault).WriteTo(_json, correlationId: null);
        }

        _json.WriteEndObject();
        await _json.FlushAsync(_context.RequestAborted);
    }

    public ValueTask DisposeAsync()
    {
        // What a failed request left unwritten must not be sent.
        _json.Reset(Stream.Null);
        return _json.DisposeAsync();
    }

    private void Begin(ResultReader reader)
    {
        if (!HasStarted)
        {
            HasStarted = true;
            _context.Response.ContentType = "application/json; charset=utf-8";
            _json.WriteStartObject();
            _json.WriteStartArray("tables");
        }

        _inTable = true;
        _json.WriteStartObject();
        _json.WriteString("name", reader.Result.Name);
        _json.WriteStartArray("columns");
        foreach (var column in reader.Columns)
        {
            _json.WriteStartObject();
            _json.WriteString("name", column.Name);
            _json.WriteString("type", ColumnTypes.Name(column.Type));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("rows");
    }

    private void EndTable()
    {
        _inTable = false;
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteRow(ResultReader reader)
    {
        _json.WriteStartArray();
        var cells = reader.Cells;
        for (var column = 0; column < reader.Columns.Count; column++)
        {
            if (cells.IsDBNull(column))
            {
                _json.WriteNullValue();
            }
            else
            {
                WriteCell(cells, column, reader.Columns[column].Type);
            }
        }

        _json.WriteEndArray();
    }

    private void WriteCell(DbDataReader cells, int column, KqlType type)
    {
        switch (type)
        {
            case KqlType.Bool:
                _json.WriteBooleanValue(cells.GetBoolean(column));
                break;
            case KqlType.Int:
                _json.WriteNumberValue(cells.GetInt32(column));
                break;
            case KqlType.Long:
                _json.WriteNumberValue(cells.GetInt64(column));
                break;
            case KqlType.Real:
                WriteReal(cells.GetDouble(column));
                break;
            case KqlType.Decimal:
                _json.WriteStringValue(ResultReader.Decimal(cells, column).ToString("0.##################", CultureInfo.InvariantCulture));
                break;
            case KqlType.DateTime:
                var time = new DateTime(cells.GetInt64(column), DateTimeKind.Utc);
                _json.WriteStringValue(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
                break;
            case KqlType.TimeSpan:
                _json.WriteStringValue(new TimeSpan(cells.GetInt64(column)).ToString("c", CultureInfo.InvariantCulture));
                break;
            case KqlType.Guid:
                _json.WriteStringValue(cells.GetGuid(column));
                break;
            case KqlType.String or KqlType.Dynamic:
                _json.WriteStringValue(cells.GetString(column));
                break;
            default:
                throw new InvalidOperationException($"Unreachable: {type} is no type of KQL.");
        }
    }

    private void WriteReal(double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private void WriteStatistics()
    {
        _json.WriteStartObject("statistics");
        _json.WriteStartObject("query");
        _json.WriteNumber("executionTime", _options.TimeProvider.GetElapsedTime(_started).TotalSeconds);
        _json.WriteStartArray("datasetStatistics");
        foreach (var (rows, bytes) in _sizes)
        {
            _json.WriteStartObject();
            _json.WriteNumber("tableRowCount", rows);
            _json.WriteNumber("tableSize", bytes);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteRender(RenderHint render)
    {
        _json.WriteStartObject("render");
        _json.WriteString("visualization", render.Visualization);
        foreach (var (name, value) in render.Properties)
        {
            _json.WriteString(name, value);
        }

        _json.WriteEndObject();
    }
}
