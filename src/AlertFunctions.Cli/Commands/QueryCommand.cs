using System.CommandLine;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Kql;
using AlertFunctions.Kql.Syntax;
using AlertFunctions.Workspace.Execution;

namespace AlertFunctions.Cli.Commands;

/// <summary>Answers a KQL query over log files.</summary>
internal static class QueryCommand
{
    public static Command Create(CommandHost host)
    {
        var query = new Argument<string>("KQL") { Description = "The query, or the name of a .kql file that holds it." };
        var data = new Option<string[]>("--data")
        {
            Description = "Files and folders of records (JSON lines, JSON, CSV, Parquet; plain or gzip). A file's name is its table's.",
            HelpName = "FILES",
            AllowMultipleArgumentsPerToken = true,
        };
        var now = SharedOptions.Time("--now", "What now() gives. Default: the clock's time.");
        var output = SharedOptions.Output(OutputFormat.Table, OutputFormat.Json, OutputFormat.Csv);
        var command = new Command("query", "Answer a KQL query over log files.") { query, data, now, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host,
            SharedOptions.CatalogueFolder(parsed),
            parsed.GetRequiredValue(query),
            parsed.GetValue(data) ?? [],
            parsed.GetValue(now) ?? host.Clock.GetUtcNow(),
            parsed.GetValue(output),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host,
        string catalogueFolder,
        string query,
        string[] data,
        DateTimeOffset now,
        OutputFormat format,
        CancellationToken cancellationToken)
    {
        var (text, path) = query.EndsWith(".kql", StringComparison.OrdinalIgnoreCase) && File.Exists(query)
            ? (await File.ReadAllTextAsync(query, cancellationToken), query)
            : (query, "query");

        // A fault elsewhere in the catalogue does not matter to this query; `alertfn check` tells of it.
        var catalogue = DetectionLoader.Load(catalogueFolder);
        await using var workspace = LocalWorkspace.Open(catalogueFolder, catalogue, host.Clock);
        var loaded = await LocalWorkspace.LoadAsync(host, workspace, data, cancellationToken);

        var compiled = workspace.Compile(text, new CompileOptions { Now = now.UtcDateTime });
        foreach (var diagnostic in compiled.Diagnostics)
        {
            host.Error.WriteLine(DiagnosticFormatter.Format(path, text, diagnostic));
        }

        if (!compiled.Succeeded)
        {
            return ExitCode.Failed;
        }

        using var writer = ResultWriter.Create(format, host.Output, isOneOfSeveral: compiled.Results.Count > 1);
        try
        {
            foreach (var result in compiled.Results)
            {
                await using var reader = await workspace.ExecuteAsync(compiled, result, cancellationToken);
                await writer.WriteAsync(reader, cancellationToken);
            }
        }
        catch (QueryExecutionException fault)
        {
            throw new CommandFault($"The query failed while it ran: {fault.Message}");
        }

        writer.Complete();
        return loaded.Skipped > 0 ? ExitCode.Failed : ExitCode.Clean;
    }
}
