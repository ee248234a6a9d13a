using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;

namespace AlertFunctions.Proofs.Crash;

/// <summary>Runs the crash proof.</summary>
internal static class CrashCommand
{
    /// <summary>The short form: part of a day, and some of its kill points.</summary>
    public static CrashOptions Short { get; } = new()
    {
        Day = new DayOptions { Length = TimeSpan.FromHours(6), Events = 12, Nodes = 2 },
        Sample = 16,
    };

    public static Command Create(CommandHost host)
    {
        var isShort = ProofCommandLine.Short();
        var output = SharedOptions.TableOrJson();
        var command = new Command("crash", "Kill the app at every operation of a day, start it again, and compare what was told.") { isShort, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetValue(isShort) ? Short : new CrashOptions(), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, CrashOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        var reports = new[] { await host.WithProgressAsync("Killing", progress => SqliteAsync(options, progress, cancellationToken)) };
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, reports);
        }
        else
        {
            host.Output.WriteTable(
                ["Store", "Operations", "Alerts told", "Kill points tried", "Lost", "In flight told again", "Wrong"],
                reports.Select(report => (IReadOnlyList<string>)
                [
                    report.Store, Text(report.Operations), Text(report.Alerts), Text(report.Points), Text(report.Lost), Text(report.Repeated), Text(report.Wrong.Count),
                ]));
            foreach (var wrong in reports.SelectMany(report => report.Wrong))
            {
                host.Error.WriteLine(wrong);
            }
        }

        return reports.All(report => report.Wrong.Count == 0) ? ExitCode.Clean : ExitCode.Failed;
    }

    /// <summary>The proof over SQLite files in a temporary folder.</summary>
    public static async Task<CrashReport> SqliteAsync(CrashOptions options, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-crash-");
        try
        {
            var proof = new CrashProof(options, "SQLite", run => Task.FromResult(Path.Combine(folder.FullName, $"{run}.db")));
            return await proof.RunAsync(progress, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void WriteJson(Screen screen, IReadOnlyList<CrashReport> reports) => screen.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var report in reports)
        {
            json.WriteStartObject();
            json.WriteString("store", report.Store);
            json.WriteNumber("operations", report.Operations);
            json.WriteNumber("alerts", report.Alerts);
            json.WriteNumber("killPoints", report.Points);
            json.WriteNumber("lost", report.Lost);
            json.WriteNumber("repeated", report.Repeated);
            json.WriteStartArray("wrong");
            foreach (var wrong in report.Wrong)
            {
                json.WriteStringValue(wrong);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
