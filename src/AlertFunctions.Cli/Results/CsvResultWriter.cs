using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Execution;

namespace AlertFunctions.Cli.Results;

/// <summary>Comma-separated values with a header line, as RFC 4180 has them; results are separated by an empty line.</summary>
internal sealed class CsvResultWriter(Screen screen) : ResultWriter
{
    private bool _first = true;

    public override async Task WriteAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        if (!_first)
        {
            screen.Write("\r\n");
        }

        _first = false;
        screen.Write(Line(reader.Columns.Select(column => column.Name)));
        while (await reader.ReadAsync(cancellationToken))
        {
            screen.Write(Line(Enumerable.Range(0, reader.Columns.Count).Select(column => CellText.Of(reader.GetValue(column)))));
        }
    }

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote)) + "\r\n";

    private static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
