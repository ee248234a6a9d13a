using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Kql;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Cli;

/// <summary>Opens embedded workspaces that know a catalogue's schemas, functions and watchlists, and fills them with progress shown.</summary>
internal static class LocalWorkspace
{
    /// <param name="catalogueFolder">Where its schemas and watchlists lie.</param>
    /// <param name="catalogue">Gives the functions.</param>
    /// <param name="clock">The clock of records that tell no time.</param>
    /// <param name="threads">See <see cref="WorkspaceOptions.Threads"/>.</param>
    public static EmbeddedWorkspace Open(string catalogueFolder, DetectionCatalogue catalogue, TimeProvider clock, int? threads = null)
    {
        try
        {
            return EmbeddedWorkspace.Open(new WorkspaceOptions
            {
                SchemaFolder = Existing(Path.Combine(catalogueFolder, "schemas")),
                WatchlistFolder = Existing(Path.Combine(catalogueFolder, "watchlists")),
                Functions = [.. catalogue.Functions.Select(function => new FunctionSymbol(function.Name, function.Text))],
                TimeProvider = clock,
                Threads = threads,
            });
        }
        catch (WorkspaceException fault)
        {
            throw new CommandFault(fault.Message);
        }
    }

    /// <summary>Loads files and folders, reports what could not be read, and tells how much was loaded.</summary>
    public static async Task<IngestReport> LoadAsync(
        CommandHost host, EmbeddedWorkspace workspace, string[] paths, CancellationToken cancellationToken)
    {
        if (paths.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
        {
            throw new CommandFault($"There is no file or folder {missing}.", ExitCode.Usage);
        }

        var report = await host.WithProgressAsync<IngestReport>("Loading", progress =>
            workspace.IngestAsync(paths, new LoadProgress(progress), cancellationToken));
        foreach (var fault in report.Faults)
        {
            host.Error.WriteLine(fault.ToString());
        }

        if (report.Skipped > 0)
        {
            host.Error.WriteLine($"{report.TotalLoaded} records loaded, {report.Skipped} left out because of the faults above.");
        }

        return report;
    }

    private static string? Existing(string folder) => Directory.Exists(folder) ? folder : null;

    private sealed class LoadProgress(IProgress<Step> progress) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => progress.Report(new(value.BytesDone, value.BytesTotal, $"{value.Rows} records"));
    }
}
