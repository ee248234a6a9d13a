using System.CommandLine;
using System.Net;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Http;

namespace AlertFunctions.Cli.Commands;

/// <summary>Serves log files over the query API of Log Analytics and takes records over the Logs Ingestion API.</summary>
internal static class WorkspaceCommand
{
    private const int DefaultPort = 7080;

    public static Command Create(CommandHost host)
    {
        var data = new Option<string[]>("--data")
        {
            Description = "Files and folders of records to load first (JSON lines, JSON, CSV, Parquet; plain or gzip).",
            HelpName = "FOLDER",
            AllowMultipleArgumentsPerToken = true,
        };
        var port = new Option<int>("--port") { Description = "The port to listen on; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };
        var address = new Option<string>("--address")
        {
            Description = "The address to listen on. The API asks for no credentials: leave it at loopback unless the network is yours.",
            DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
        };
        var limits = new Option<bool>("--enforce-limits") { Description = "Throttle callers as the service does (429)." };
        var command = new Command("workspace", "Serve log files over the query API of Log Analytics.") { data, port, address, limits };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host,
            SharedOptions.CatalogueFolder(parsed),
            parsed.GetValue(data) ?? [],
            new WorkspaceServerOptions
            {
                Address = IPAddress.TryParse(parsed.GetValue(address), out var parsedAddress)
                    ? parsedAddress
                    : throw new CommandFault($"{parsed.GetValue(address)} is no IP address.", ExitCode.Usage),
                Port = parsed.GetValue(port),
                EnforceLimits = parsed.GetValue(limits),
                TimeProvider = host.Clock,
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, string catalogueFolder, string[] data, WorkspaceServerOptions options, CancellationToken cancellationToken)
    {
        var catalogue = DetectionLoader.Load(catalogueFolder);
        await using var workspace = LocalWorkspace.Open(catalogueFolder, catalogue, host.Clock);
        await LocalWorkspace.LoadAsync(host, workspace, data, cancellationToken);
        await using var server = await WorkspaceServer.StartAsync(workspace, options, cancellationToken);
        host.Output.WriteLine($"Queries: POST {server.Address}v1/workspaces/local/query. Stop with Ctrl+C.");
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
        return ExitCode.Clean;
    }
}
