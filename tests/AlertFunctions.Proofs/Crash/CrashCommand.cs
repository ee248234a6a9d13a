using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;

namespace AlertFunctions.Proofs.Crash;

/// <summary>Runs the crash proof.</summary>
internal static class CrashCommand
{
    private const string Sqlite = "sqlite";
    private const string AzuriteTables = "azurite";

    /// <summary>The short form: part of a day, and some of its kill points.</summary>
    public static CrashOptions Short { get; } = new()
    {
        Day = new DayOptions { Length = TimeSpan.FromHours(6), Events = 12, Nodes = 2 },
        Sample = 16,
    };

    public static Command Create(CommandHost host)
    {
        var isShort = ProofCommandLine.Short();
        var store = new Option<string>("--store") { Description = "The store to try. Azurite needs Node.", DefaultValueFactory = _ => Sqlite };
        store.AcceptOnlyFromAmong(Sqlite, AzuriteTables);
        var points = new Option<int?>("--points") { Description = "How many kill points to try, chosen by a seed. Default: every one.", HelpName = "N" };
        var output = SharedOptions.TableOrJson();
        var command = new Command("crash", "Kill the app at every operation of a day, start it again, and compare what was told.") { isShort, store, points, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = parsed.GetValue(isShort) ? Short : new CrashOptions();
            return RunAsync(
                host,
                options with { Sample = parsed.GetValue(points) ?? options.Sample },
                parsed.GetRequiredValue(store),
                parsed.GetValue(output),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, CrashOptions options, string store, OutputFormat format, CancellationToken cancellationToken)
    {
        if (store == AzuriteTables && !NodeModules.IsNodeInstalled)
        {
            throw new CommandFault("Node is not installed, which Azurite runs on. Install Node and npm, or try --store sqlite.");
        }

        using var azurite = new Azurite();
        var reports = await host.WithProgressAsync("Killing", async progress => store == Sqlite
            ? new[]
            {
                await SqliteAsync(options, progress, cancellationToken),
                await SqliteQueueAsync(options.Sample, progress, cancellationToken),
            }
            :
            [
                await AzuriteAsync(azurite, options, progress, cancellationToken),
                await AzuriteQueueAsync(azurite, options.Sample, progress, cancellationToken),
            ]);
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, reports);
        }
        else
        {
            host.Output.WriteTable(
                ["Store", "Operations", "Told", "Kill points tried", "Lost", "In flight told again", "Wrong"],
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
    public static Task<CrashReport> SqliteAsync(CrashOptions options, IProgress<Step> progress, CancellationToken cancellationToken) =>
        InFolderAsync(file => new CrashProof(options, "SQLite", file).RunAsync(progress, cancellationToken));

    /// <summary>The proof of the work queue over SQLite files.</summary>
    public static Task<CrashReport> SqliteQueueAsync(int? sample, IProgress<Step> progress, CancellationToken cancellationToken) =>
        InFolderAsync(file => new QueueCrashProof("SQLite queue", sample, file).RunAsync(progress, cancellationToken));

    /// <summary>The proof over tables of the storage emulator, one a run.</summary>
    public static Task<CrashReport> AzuriteAsync(
        Azurite azurite, CrashOptions options, IProgress<Step> progress, CancellationToken cancellationToken) => new CrashProof(
            options,
            "Azure Tables (Azurite)",
            async run =>
            {
                var table = run.Replace("-", "", StringComparison.Ordinal);
                return $"{await azurite.ConnectionStringAsync(table)}#{table}";
            }).RunAsync(progress, cancellationToken);

    /// <summary>The proof of the work queue over queues of the storage emulator.</summary>
    public static Task<CrashReport> AzuriteQueueAsync(
        Azurite azurite, int? sample, IProgress<Step> progress, CancellationToken cancellationToken) => new QueueCrashProof(
            "Azure Queues (Azurite)",
            sample,
            async run =>
            {
                await azurite.QueueAsync(run);
                await azurite.QueueAsync($"{run}-poison");
                return $"{await azurite.ConnectionStringAsync("work")}#{run}";
            }).RunAsync(progress, cancellationToken);

    private static async Task<CrashReport> InFolderAsync(Func<Func<string, Task<string>>, Task<CrashReport>> prove)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-crash-");
        try
        {
            return await prove(run => Task.FromResult(Path.Combine(folder.FullName, $"{run}.db")));
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
            json.WriteNumber("told", report.Alerts);
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
