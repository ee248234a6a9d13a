using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Yaml;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Cli.Events;
using AlertFunctions.Cli.Replay;
using AlertFunctions.Cli.Report;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Simulation;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Evaluates every detection over records on a clock that follows them, and shows what would have been sent.</summary>
internal static class RunCommand
{
    public static Command Create(CommandHost host)
    {
        var once = new Option<bool>("--once") { Description = "End after one pass over the records, as this version always does." };
        var data = new Option<string[]>("--data")
        {
            Description = "Folders or files of records. Default: the last day of a small cluster, simulated.",
            HelpName = "FOLDER",
            AllowMultipleArgumentsPerToken = true,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Where the cards and index.html are written, and what was found and sent is remembered: a second run sends only what is new.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "out",
        };
        var from = SharedOptions.Time("--from", "Where the clock starts. Default: the ingestion time of the first record.");
        var to = SharedOptions.Time("--to", "Where the clock ends. Default: where the last record no longer matters to any detection, or the simulated day ends.");
        var fresh = new Option<bool>("--fresh") { Description = "Forget what earlier runs into this folder found and sent, and begin anew." };
        var listen = new Option<int?>("--listen")
        {
            Description = "After the pass over the records, take Event Grid's events on this port of this machine until Ctrl+C; 0 takes a free port.",
            HelpName = "PORT",
        };
        var grace = new Option<TimeSpan>("--scan-grace")
        {
            Description = "With --listen: how long a pushed image may be without evidence of a scan.",
            HelpName = "6h",
            DefaultValueFactory = _ => new ImageScanOptions().Grace,
            CustomParser = ParseGrace,
        };
        var resourceManager = new Option<Uri?>("--resource-manager")
        {
            Description = "With --listen: a server on this machine that answers for Azure Resource Manager, where role assignments are read.",
            HelpName = "URL",
            CustomParser = ParseResourceManager,
        };
        var output = SharedOptions.TableOrJson();
        var command = new Command("run", "Evaluate every detection over records, and show the alerts and their cards.")
        {
            once, data, folder, fresh, from, to, listen, grace, resourceManager, output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host,
            new(
                SharedOptions.CatalogueFolder(parsed),
                parsed.GetValue(data) ?? [],
                parsed.GetRequiredValue(folder),
                parsed.GetValue(from),
                parsed.GetValue(to),
                parsed.GetValue(fresh),
                parsed.GetValue(output))
            {
                Listen = parsed.GetValue(listen),
                Reactions = new LocalReactionOptions(parsed.GetValue(grace), parsed.GetValue(resourceManager)),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, Settings settings, CancellationToken cancellationToken)
    {
        var catalogue = DetectionLoader.Load(settings.Catalogue);
        var routes = LocalRoutes.Load(settings.Catalogue, out var routeFaults);
        var faults = catalogue.Diagnostics.Where(diagnostic => diagnostic.IsError).Concat(routeFaults).ToList();
        foreach (var fault in faults)
        {
            host.Error.WriteLine(fault.ToString());
        }

        using var folder = FolderLock.Take(settings.Folder);
        await using var workspace = LocalWorkspace.Open(settings.Catalogue, catalogue, host.Clock, threads: 1);
        var simulation = new SimulationOptions();
        var isSimulated = settings.Data.Length == 0;
        var data = isSimulated ? [Path.Combine(settings.Folder, "data")] : settings.Data;
        if (isSimulated)
        {
            await ClusterSimulator.WriteAsync(data[0], simulation, cancellationToken);
        }

        var loaded = await LocalWorkspace.LoadAsync(host, workspace, data, cancellationToken);
        var now = host.Clock.GetUtcNow();
        var activity = await IngestionActivity.ReadAsync(workspace, loaded.Loaded.Keys, now, cancellationToken);
        if (activity.Span is not { } span)
        {
            throw new CommandFault($"There are no records in {string.Join(", ", data)}. A file's name must be its table's, such as AKSAudit.jsonl.");
        }

        using var alerts = LocalAlerts.Open(settings.Folder, settings.IsFresh);
        var already = (await alerts.Cards.ReadAsync(cancellationToken)).Count;
        var plan = new ReplayPlan(catalogue, new CatalogueCompiler(workspace), activity, now);
        await new ReplayMarks(alerts.Store, alerts.Marks, catalogue).PlaceAsync(
            await ReplayMarks.HashOf(data, cancellationToken), settings.From ?? span.Start, cancellationToken);
        var runner = new DetectionRunner(
            new DetectionEvaluator(workspace, catalogue),
            catalogue.Detections,
            alerts.Book,
            alerts.Marks,
            new QueryBudget(int.MaxValue),
            new RunnerOptions
            {
                Concurrency = Environment.ProcessorCount,
                SeesOnlyThePast = true,
                IsUnchanged = plan.IsUnchanged,
                History = LocalAlerts.History,
            });
        var clock = new ReplayClock(
            catalogue.Detections,
            plan,
            alerts.Book,
            alerts.Marks,
            runner,
            alerts.CreatePipeline(routes, catalogue, host.Clock));
        var end = settings.To ?? (isSimulated ? simulation.Now : plan.End ?? span.End);
        var report = await host.WithProgressAsync("Evaluating", progress => clock.RunAsync(end, progress, cancellationToken));

        var records = alerts.Book.Entries.Select(entry => entry.Record)
            .OrderBy(record => record.StartsAt)
            .ThenBy(record => record.Fingerprint, StringComparer.Ordinal)
            .ToList();
        var cards = await alerts.Cards.ReadAsync(cancellationToken);
        var page = await ReportWriter.WriteAsync(settings.Folder, records, cards, cancellationToken);
        foreach (var failure in report.Failures)
        {
            host.Error.WriteLine($"{failure.Detection} could not be evaluated, {Plural.Of(failure.Count, "time")} since {Time(failure.First)}: {failure.Detail}");
        }

        foreach (var (group, detail) in report.Untaken)
        {
            host.Error.WriteLine($"{group} was not sent: {detail}");
        }

        if (settings.Format == OutputFormat.Json)
        {
            WriteJson(host.Output, records, report.Sent);
        }
        else
        {
            WriteTable(host.Output, records);
            var sent = report.Sent.Count;
            host.Output.WriteLine((already, sent) switch
            {
                (0, _) => $"{Plural.Of(records.Count, "alert")} in {Plural.Of(sent, "card")}",
                (_, 0) => $"nothing new: 0 notifications, {already} already sent",
                _ => $"{Plural.Of(sent, "new notification")}, {already} already sent, {Plural.Of(records.Count, "alert")} in all",
            } + $", from {Plural.Of(loaded.TotalLoaded, "record")} and {Plural.Of(report.Evaluations, "evaluation")} of {Plural.Of(catalogue.Detections.Length, "detection")}.");
            host.Output.WriteLine($"Records: {string.Join(", ", data)}  Cards: {page}");
        }

        if (settings.Listen is { } port)
        {
            using var reactions = new LocalReactions(alerts, catalogue, routes, workspace, settings.Reactions, host.Clock);
            await new EventListener(host, reactions).RunAsync(port, token => RewriteAsync(alerts, settings.Folder, token), cancellationToken);
        }

        return report.Failures.Length > 0 || report.Untaken.Count > 0 || faults.Count > 0 || loaded.Skipped > 0 ? ExitCode.Failed : ExitCode.Clean;
    }

    private static async Task RewriteAsync(LocalAlerts alerts, string folder, CancellationToken cancellationToken) => await ReportWriter.WriteAsync(
        folder,
        [.. alerts.Book.Entries.Select(entry => entry.Record).OrderBy(record => record.StartsAt).ThenBy(record => record.Fingerprint, StringComparer.Ordinal)],
        await alerts.Cards.ReadAsync(cancellationToken),
        cancellationToken);

    private static TimeSpan ParseGrace(ArgumentResult result)
    {
        if (Durations.TryParse(result.Tokens[0].Value, out var grace) && grace > TimeSpan.Zero)
        {
            return grace;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a time for --scan-grace; write it as 6h or 90m.");
        return default;
    }

    private static Uri? ParseResourceManager(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        {
            return address;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not an address on this machine; write --resource-manager http://127.0.0.1:<port>.");
        return null;
    }

    private static void WriteTable(Screen screen, IReadOnlyList<AlertRecord> records) => screen.WriteTable(
        ["Severity", "When (UTC)", "Detection", "Alert", "Records"],
        records.Select(record => (IReadOnlyList<string>)
        [
            record.Severity.ToString(),
            Time(record.StartsAt),
            record.Detection,
            record.Title,
            record.Count.ToString(CultureInfo.InvariantCulture),
        ]));

    private static void WriteJson(Screen screen, IReadOnlyList<AlertRecord> records, IReadOnlyList<Notification> sent) => screen.WriteJson(json =>
    {
        // What was told keeps no evidence in the state.
        var told = sent.SelectMany(notification => notification.Group.Alerts).ToLookup(alert => alert.Fingerprint, StringComparer.Ordinal);
        json.WriteStartArray();
        foreach (var record in records)
        {
            json.WriteStartObject();
            AlertJson.Write(json, record);
            json.WriteString("description", record.Description ?? told[record.Fingerprint].LastOrDefault()?.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record Settings(
        string Catalogue, string[] Data, string Folder, DateTimeOffset? From, DateTimeOffset? To, bool IsFresh, OutputFormat Format)
    {
        /// <summary>The port that events are taken on after the pass; null for none.</summary>
        public int? Listen { get; init; }

        public LocalReactionOptions Reactions { get; init; } = new(new ImageScanOptions().Grace, null);
    }
}
