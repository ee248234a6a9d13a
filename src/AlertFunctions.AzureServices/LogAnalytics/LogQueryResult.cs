using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// What came of sending a query: an outcome that the caller must handle, or rows, read as they arrive: first the columns, then row by row; whether
/// rows are missing is known only after the last.
/// Shape: <c>{"tables":[{"name","columns":[{"name","type"}],"rows":[[...]]}],"error":{...}}</c>.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/response-format.
/// </summary>
public sealed class LogQueryResult : IAsyncDisposable
{
    private readonly Stream _body;
    private readonly JsonStreamReader _reader;
    private bool _isRead;

    private LogQueryResult(Stream body, JsonStreamReader reader, IReadOnlyList<QueryColumn> columns, QueryOutcome? outcome)
    {
        _body = body;
        _reader = reader;
        Columns = columns;
        Outcome = outcome;
    }

    /// <summary>What ended the query before any row; null where there are rows to read.</summary>
    public QueryOutcome? Outcome { get; }

    /// <summary>Whether the query ended because a table is on the Basic or Auxiliary plan: the search endpoint reads it.</summary>
    public bool IsForSearch { get; private init; }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Why rows are missing, where the service cut the result; set when the rows have been read to their end.</summary>
    public string? PartialError { get; private set; }

    /// <summary>A query that gave no rows to read.</summary>
    internal static LogQueryResult Ended(QueryOutcome outcome) => new(Stream.Null, new JsonStreamReader(Stream.Null), [], outcome);

    /// <summary>A query that the service refers to the search endpoint.</summary>
    internal static LogQueryResult ForSearch(string detail) =>
        new(Stream.Null, new JsonStreamReader(Stream.Null), [], new QueryFailed(detail, Retryable: false)) { IsForSearch = true };

    /// <summary>Reads up to the first row. Takes the body over and disposes it.</summary>
    /// <exception cref="JsonException">The body is cut short or is not the service's JSON.</exception>
    internal static async Task<LogQueryResult> OpenAsync(Stream body, CancellationToken cancellationToken)
    {
        var reader = new JsonStreamReader(body);
        try
        {
            var columns = await ReadColumnsAsync(reader, cancellationToken);
            return new LogQueryResult(body, reader, columns, outcome: null);
        }
        catch
        {
            reader.Dispose();
            await body.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next row of the first table, cells as <see cref="QueryTable"/> documents them; null behind the last.</summary>
    /// <exception cref="JsonException">The body is cut short, or a cell does not fit its column's type.</exception>
    public async ValueTask<IReadOnlyList<object?>?> ReadRowAsync(CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            return null;
        }

        object?[]? row = null;
        await _reader.ReadAsync((ref Utf8JsonReader reader) => TryReadRow(ref reader, out row), cancellationToken);
        if (row is null)
        {
            await ReadTailAsync(cancellationToken);
        }

        return row;
    }

    /// <summary>Reads over the rows that are left without decoding them, and counts them.</summary>
    /// <exception cref="JsonException">The body is cut short.</exception>
    public async Task<long> SkipRowsAsync(CancellationToken cancellationToken)
    {
        var rows = 0L;
        while (!_isRead)
        {
            var isRow = false;
            await _reader.ReadAsync((ref Utf8JsonReader reader) => TrySkipRow(ref reader, out isRow), cancellationToken);
            if (isRow)
            {
                rows++;
            }
            else
            {
                await ReadTailAsync(cancellationToken);
            }
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _body.DisposeAsync();
    }

    private static async Task<IReadOnlyList<QueryColumn>> ReadColumnsAsync(JsonStreamReader reader, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueryColumn>? columns = null;
        await ExpectAsync(reader, JsonTokenType.StartObject, cancellationToken);
        while (await ReadNameAsync(reader, cancellationToken) is { } name)
        {
            if (name != "tables")
            {
                await SkipValueAsync(reader, cancellationToken);
                continue;
            }

            await ExpectAsync(reader, JsonTokenType.StartArray, cancellationToken);
            await ExpectAsync(reader, JsonTokenType.StartObject, cancellationToken);
            while (await ReadNameAsync(reader, cancellationToken) is { } part)
            {
                switch (part)
                {
                    case "columns":
                        await reader.ReadAsync((ref Utf8JsonReader json) => TryReadColumns(ref json, out columns), cancellationToken);
                        break;
                    case "rows" when columns is not null:
                        await ExpectAsync(reader, JsonTokenType.StartArray, cancellationToken);
                        return columns;
                    default:
                        await SkipValueAsync(reader, cancellationToken);
                        break;
                }
            }

            break;
        }

        throw new JsonException("The answer holds no table with columns followed by rows.");
    }

    /// <summary>Reads on behind the rows: the rest of the table, further tables, and the error that tells of missing rows.</summary>
    private async Task ReadTailAsync(CancellationToken cancellationToken)
    {
        _isRead = true;
        while (await ReadNameAsync(_reader, cancellationToken) is not null)
        {
            await SkipValueAsync(_reader, cancellationToken);
        }

        var atEnd = false;
        while (!atEnd)
        {
            await _reader.ReadAsync(
                (ref Utf8JsonReader json) =>
                {
                    var copy = json;
                    if (!copy.Read())
                    {
                        return false;
                    }

                    if (copy.TokenType == JsonTokenType.EndArray)
                    {
                        atEnd = true;
                    }
                    else if (!copy.TrySkip())
                    {
                        return false;
                    }

                    json = copy;
                    return true;
                },
                cancellationToken);
        }

        while (await ReadNameAsync(_reader, cancellationToken) is { } name)
        {
            if (name == "error")
            {
                JsonDocument? error = null;
                await _reader.ReadAsync((ref Utf8JsonReader json) => JsonDocument.TryParseValue(ref json, out error), cancellationToken);
                using (error)
                {
                    PartialError = ServiceError.From(error!.RootElement).Detail;
                }
            }
            else
            {
                await SkipValueAsync(_reader, cancellationToken);
            }
        }
    }

    private bool TryReadRow(ref Utf8JsonReader reader, out object?[]? row)
    {
        row = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"A row starts with {reader.TokenType}.");
        }

        var cells = new object?[Columns.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!reader.Read())
            {
                return false;
            }

            if (!Cell.TryRead(ref reader, Columns[i], out cells[i]))
            {
                return false;
            }
        }

        if (!reader.Read())
        {
            return false;
        }

        row = reader.TokenType == JsonTokenType.EndArray
            ? cells
            : throw new JsonException("A row has more cells than the table has columns.");
        return true;
    }

    private static bool TrySkipRow(ref Utf8JsonReader reader, out bool isRow)
    {
        isRow = false;
        if (!reader.Read())
        {
            return false;
        }

        isRow = reader.TokenType != JsonTokenType.EndArray;
        return !isRow || reader.TrySkip();
    }

    private static bool TryReadColumns(ref Utf8JsonReader reader, out IReadOnlyList<QueryColumn>? columns)
    {
        columns = null;
        if (!JsonDocument.TryParseValue(ref reader, out var document))
        {
            return false;
        }

        using (document)
        {
            columns = [.. document.RootElement.EnumerateArray().Select(c =>
                new QueryColumn(c.GetProperty("name").GetString() ?? "", c.GetProperty("type").GetString() ?? "string"))];
        }

        return true;
    }

    private static async Task ExpectAsync(JsonStreamReader reader, JsonTokenType expected, CancellationToken cancellationToken) =>
        await reader.ReadAsync(
            (ref Utf8JsonReader json) => json.Read() && (json.TokenType == expected
                ? true
                : throw new JsonException($"The answer has {json.TokenType} where {expected} belongs.")),
            cancellationToken);

    /// <summary>The next property's name, or null at the object's end.</summary>
    private static async Task<string?> ReadNameAsync(JsonStreamReader reader, CancellationToken cancellationToken)
    {
        string? name = null;
        await reader.ReadAsync(
            (ref Utf8JsonReader json) =>
            {
                if (!json.Read())
                {
                    return false;
                }

                name = json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;
                return true;
            },
            cancellationToken);
        return name;
    }

    private static async Task SkipValueAsync(JsonStreamReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync((ref Utf8JsonReader json) => json.Read() && json.TrySkip(), cancellationToken);
}
