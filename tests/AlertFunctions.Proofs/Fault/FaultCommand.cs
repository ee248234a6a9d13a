using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;

namespace AlertFunctions.Proofs.Fault;

/// <summary>Runs the fault proof.</summary>
internal static class FaultCommand
{
    /// <summary>The short form: an hour and a half, and as much after it.</summary>
    public static FaultOptions Short { get; } = new()
    {
        Day = new DayOptions { Length = TimeSpan.FromMinutes(90), Events = 20, Nodes = 1, Tick = TimeSpan.FromMinutes(5) },
        Aftermath = TimeSpan.FromHours(6),
    };

    public static Command Create(CommandHost host)
    {
        var isShort = ProofCommandLine.Short();
        var output = SharedOptions.TableOrJson();
        var command = new Command("fault", "Run a day while log service, store, queue and receivers fail at random. Needs Node, for Azurite.") { isShort, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetValue(isShort) ? Short : new FaultOptions(), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, FaultOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        if (!NodeModules.IsNodeInstalled)
        {
            throw new CommandFault("Node is not installed: the store of this proof is Azurite. Install Node and npm.");
        }

        using var azurite = new Azurite();
        var report = await host.WithProgressAsync("Failing", progress => ProveAsync(azurite, options, progress, cancellationToken));
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, report);
        }
        else
        {
            host.Output.WriteTable(
                ["Service", "Requests", "Faults"], report.Services.Select(line => (IReadOnlyList<string>)[line.Service, Text(line.Requests), Text(line.Faults)]));
            host.Output.WriteTable(
                ["To", "Expected", "Lost", "Came again", "Of those in flight"],
                report.Deliveries.Select(line => (IReadOnlyList<string>)
                    [line.Receiver, Text(line.Expected), Text(line.Lost), Text(line.Repeated), Text(line.InFlight)]));
            host.Output.WriteLine($"Events that the other receiver was told later because one failed: {Text(report.LateAtTheOther)}.");
        }

        return report.Holds ? ExitCode.Clean : ExitCode.Failed;
    }

    /// <summary>The proof over the storage emulator.</summary>
    public static async Task<FaultReport> ProveAsync(Azurite azurite, FaultOptions options, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var (tables, tableCredential) = await azurite.TablesAsync();
        var (queues, queueCredential) = await azurite.QueuesAsync();
        return await new FaultProof(options, tables, tableCredential, queues, queueCredential).RunAsync(progress, cancellationToken);
    }

    private static void WriteJson(Screen screen, FaultReport report) => screen.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("services");
        foreach (var line in report.Services)
        {
            json.WriteStartObject();
            json.WriteString("service", line.Service);
            json.WriteNumber("requests", line.Requests);
            json.WriteNumber("faults", line.Faults);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("receivers");
        foreach (var line in report.Deliveries)
        {
            json.WriteStartObject();
            json.WriteString("receiver", line.Receiver);
            json.WriteNumber("events", line.Expected);
            json.WriteNumber("lost", line.Lost);
            json.WriteNumber("repeated", line.Repeated);
            json.WriteNumber("inFlight", line.InFlight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("lateAtTheOther", report.LateAtTheOther);
        json.WriteEndObject();
    });

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
