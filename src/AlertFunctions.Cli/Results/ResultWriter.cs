using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Execution;

namespace AlertFunctions.Cli.Results;

/// <summary>Writes the results of a query in one of the output formats.</summary>
internal abstract class ResultWriter : IDisposable
{
    /// <param name="format">One of the formats that a query's result has.</param>
    /// <param name="screen">Where it goes.</param>
    /// <param name="isOneOfSeveral">Whether the query has several results, which people tell apart by their names.</param>
    public static ResultWriter Create(OutputFormat format, Screen screen, bool isOneOfSeveral) => format switch
    {
        OutputFormat.Table => new TableResultWriter(screen, isOneOfSeveral),
        OutputFormat.Json => new JsonResultWriter(screen),
        OutputFormat.Csv => new CsvResultWriter(screen),
        _ => throw new InvalidOperationException($"Unreachable: {format} has a writer."),
    };

    /// <summary>Reads a result to its end.</summary>
    public abstract Task WriteAsync(ResultReader reader, CancellationToken cancellationToken);

    /// <summary>Ends the output after the last result.</summary>
    public virtual void Complete()
    {
    }

    public virtual void Dispose()
    {
    }
}
