using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.State;

namespace AlertFunctions.Proofs.Throughput;

/// <summary>Measures the pipeline.</summary>
internal static class ThroughputCommand
{
    private const int Alerts = 50_000;
    private const int ShortAlerts = 5_000;

    public static Command Create(CommandHost host)
    {
        var isShort = ProofCommandLine.Short();
        var output = SharedOptions.TableOrJson();
        var command = new Command("throughput", "Send 50,000 alerts through the pipeline: new, the same three times more, then over.") { isShort, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetValue(isShort) ? ShortAlerts : Alerts, parsed.GetValue(output), cancellationToken));
        return command;
    }

    /// <summary>The measurement in memory.</summary>
    public static async Task<ThroughputReport> MemoryAsync(int alerts, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var store = new SizedStore(new MemoryStateStore());
        return await ThroughputProof.RunAsync("memory", store, () => store.Bytes, alerts, progress, cancellationToken);
    }

    /// <summary>The measurement over a SQLite file in a temporary folder.</summary>
    public static async Task<ThroughputReport> SqliteAsync(int alerts, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-throughput-");
        try
        {
            var store = new SizedStore(new SqliteStateStore(new SqliteDatabase(Path.Combine(folder.FullName, "state.db"))));
            return await ThroughputProof.RunAsync("SQLite", store, () => store.Bytes, alerts, progress, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(CommandHost host, int alerts, OutputFormat format, CancellationToken cancellationToken)
    {
        var reports = await host.WithProgressAsync("Sending", async progress => new[]
        {
            // The first run pays for compiling the code.
            await MemoryAsync(ShortAlerts, progress, cancellationToken),
            await SqliteAsync(alerts, progress, cancellationToken),
            await MemoryAsync(alerts, progress, cancellationToken),
        }[1..]);
        using var process = Process.GetCurrentProcess();
        var memory = process.PeakWorkingSet64;
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, reports, memory);
        }
        else
        {
            host.Output.WriteTable(
                ["Store", "Pass", "Alerts", "Notifications", "Seconds", "Processor seconds", "Alerts a second of one core", "State bytes an alert"],
                reports.SelectMany(report => report.Passes.Select(pass => (IReadOnlyList<string>)
                [
                    report.Store, pass.Name, $"{pass.Alerts:N0}", $"{pass.Notifications:N0}", Text(pass.Time.TotalSeconds, "N3"), Text(pass.Processor.TotalSeconds, "N3"),
                    Text(pass.Alerts / pass.Processor.TotalSeconds, "N0"), Text((double)pass.StateBytes / pass.Alerts, "N0"),
                ])));
            host.Output.WriteLine($"Peak memory of all runs together: {Text(memory / 1e6, "N0")} MB.");
        }

        foreach (var wrong in reports.SelectMany(report => report.Wrong))
        {
            host.Error.WriteLine(wrong);
        }

        return reports.All(report => report.Wrong.Count == 0) ? ExitCode.Clean : ExitCode.Failed;
    }

    private static void WriteJson(Screen screen, IReadOnlyList<ThroughputReport> reports, long memory) => screen.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("peakMemoryBytes", memory);
        json.WriteStartArray("passes");
        foreach (var (store, pass) in reports.SelectMany(report => report.Passes.Select(pass => (report.Store, pass))))
        {
            json.WriteStartObject();
            json.WriteString("store", store);
            json.WriteString("pass", pass.Name);
            json.WriteNumber("alerts", pass.Alerts);
            json.WriteNumber("notifications", pass.Notifications);
            json.WriteNumber("seconds", pass.Time.TotalSeconds);
            json.WriteNumber("processorSeconds", pass.Processor.TotalSeconds);
            json.WriteNumber("stateBytes", pass.StateBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
