using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Execution;

namespace AlertFunctions.Cli.Results;

/// <summary>
/// A table for people, cut after as many rows as people read; what was left out is counted. Several have their names above them.
/// </summary>
internal sealed class TableResultWriter(Screen screen, bool isNamed) : ResultWriter
{
    private const int MaxRows = 1000;

    private bool _isLater;

    public override async Task WriteAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<string[]>();
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (count++ < MaxRows)
            {
                rows.Add([.. Enumerable.Range(0, reader.Columns.Count).Select(column => CellText.Of(reader.GetValue(column)))]);
            }
        }

        if (isNamed)
        {
            screen.WriteLine(_isLater ? $"\n{reader.Result.Name}" : reader.Result.Name);
            _isLater = true;
        }

        screen.WriteTable(reader.Columns.Select(column => column.Name), rows);
        screen.WriteLine(count switch
        {
            1 => "1 row",
            > MaxRows => $"{count} rows; the first {MaxRows} are shown. See all with --output csv or json.",
            _ => $"{count} rows",
        });
    }
}
