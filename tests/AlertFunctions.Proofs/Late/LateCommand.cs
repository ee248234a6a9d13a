using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;

namespace AlertFunctions.Proofs.Late;

/// <summary>Runs the proof of late records.</summary>
internal static class LateCommand
{
    /// <summary>A day of 400 events, up to an hour late.</summary>
    public static DayOptions Full { get; } = new()
    {
        Events = 400,
        Lateness = TimeSpan.FromHours(1),
        Nodes = 0,
        Tick = TimeSpan.FromMinutes(5),
    };

    /// <summary>The short form: three hours.</summary>
    public static DayOptions Short { get; } = Full with { Events = 60, Length = TimeSpan.FromHours(3) };

    public static Command Create(CommandHost host)
    {
        var isShort = ProofCommandLine.Short();
        var output = SharedOptions.TableOrJson();
        var command = new Command("late", "Run a day of records that are up to an hour late, beside two common ways to ask.") { isShort, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetValue(isShort) ? Short : Full, parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, DayOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        var report = await host.WithProgressAsync("Asking", progress => LateProof.RunAsync(options, progress, cancellationToken));
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, report);
        }
        else
        {
            host.Output.WriteTable(
                ["Way", "Events", "Alerted once", "Missed", "Alerted again"],
                report.Columns.Select(column => (IReadOnlyList<string>)
                    [column.Way, Text(report.Events), Text(column.Once), Text(column.Missed), Text(column.Again)]));
        }

        return report.Holds ? ExitCode.Clean : ExitCode.Failed;
    }

    private static void WriteJson(Screen screen, LateReport report) => screen.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var column in report.Columns)
        {
            json.WriteStartObject();
            json.WriteString("way", column.Way);
            json.WriteNumber("events", report.Events);
            json.WriteNumber("once", column.Once);
            json.WriteNumber("missed", column.Missed);
            json.WriteNumber("again", column.Again);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
