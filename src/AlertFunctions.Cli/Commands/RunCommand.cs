using System.CommandLine;
using System.Globalization;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
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
            Description = "Where the cards and index.html are written.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "out",
        };
        var from = SharedOptions.Time("--from", "Where the clock starts. Default: the ingestion time of the first record.");
        var to = SharedOptions.Time("--to", "Where the clock ends. Default: where the last record no longer matters to any detection, or the simulated day ends.");
        var output = SharedOptions.TableOrJson();
        var command = new Command("run", "Evaluate every detection over records, and show the alerts and their cards.")
        {
            once, data, folder, from, to, output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host,
            new(
                SharedOptions.CatalogueFolder(parsed),
                parsed.GetValue(data) ?? [],
                parsed.GetRequiredValue(folder),
                parsed.GetValue(from),
                parsed.GetValue(to),
                parsed.GetValue(output)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, Settings settings, CancellationToken cancellationToken)
    {
        var catalogue = DetectionLoader.Load(settings.Catalogue);
        foreach (var fault in catalogue.Diagnostics.Where(diagnostic => diagnostic.IsError))
        {
            host.Error.WriteLine(fault.ToString());
        }

        await using var workspace = LocalWorkspace.Open(settings.Catalogue, catalogue, host.Clock);
        var simulation = new SimulationOptions();
        var isSimulated = settings.Data.Length == 0;
        var data = isSimulated ? [Path.Combine(settings.Folder, "data")] : settings.Data;
        if (isSimulated)
        {
            await ClusterSimulator.WriteAsync(data[0], simulation, cancellationToken);
        }

        var loaded = await LocalWorkspace.LoadAsync(host, workspace, data, cancellationToken);

        var activity = await IngestionActivity.ReadAsync(workspace, loaded.Loaded.Keys, host.Clock.GetUtcNow(), cancellationToken);
        if (activity.Span is not { } span)
        {
            throw new CommandFault($"There are no records in {string.Join(", ", data)}. A file's name must be its table's, such as AKSAudit.jsonl.");
        }

        var end = settings.To ?? (isSimulated ? simulation.Now : null);
        var ticks = new ReplayPlan(catalogue, new CatalogueCompiler(workspace), activity).Ticks(settings.From ?? span.Start, end);
        var ledger = new NotificationLedger(new FileNotifier(Path.Combine(settings.Folder, "cards"), CardOptions.Default), "files");
        var report = await host.WithProgressAsync("Evaluating", progress =>
            new Replayer(new DetectionEvaluator(workspace, catalogue)).RunAsync(ticks, ledger.DeliverAsync, progress, cancellationToken));
        var page = await ReportWriter.WriteAsync(settings.Folder, ledger.Alerts, ledger.Notifications, CardOptions.Default, cancellationToken);

        foreach (var failure in report.Failures)
        {
            host.Error.WriteLine($"{failure.Detection} could not be evaluated, {Plural.Of(failure.Count, "time")} since {Time(failure.First)}: {failure.Detail}");
        }

        if (settings.Format == OutputFormat.Json)
        {
            WriteJson(host.Output, ledger.Alerts);
        }
        else
        {
            host.Output.WriteTable(
                ["Severity", "When (UTC)", "Detection", "Alert", "Records"],
                ledger.Alerts.Select(alert => (IReadOnlyList<string>)
                [
                    alert.Severity.ToString(),
                    Time(alert.StartsAt),
                    alert.Detection,
                    alert.Title,
                    alert.Count.ToString(CultureInfo.InvariantCulture),
                ]));
            host.Output.WriteLine(
                $"{Plural.Of(ledger.Alerts.Count, "alert")} in {Plural.Of(ledger.Notifications.Count, "card")}, from {Plural.Of(loaded.TotalLoaded, "record")} "
                + $"and {Plural.Of(report.Evaluations, "evaluation")} of {Plural.Of(catalogue.Detections.Length, "detection")}.");
            host.Output.WriteLine($"Records: {string.Join(", ", data)}  Cards: {page}");
        }

        return report.Failures.Length > 0 || catalogue.HasErrors || loaded.Skipped > 0 ? ExitCode.Failed : ExitCode.Clean;
    }

    private static void WriteJson(Screen screen, IReadOnlyList<Alert> alerts) => screen.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            json.WriteString("detection", alert.Detection);
            json.WriteString("severity", alert.Severity.ToString());
            json.WriteString("state", alert.State.ToString());
            json.WriteString("fingerprint", alert.Fingerprint);
            json.WriteString("title", alert.Title);
            json.WriteString("description", alert.Description);
            json.WriteString("startsAt", alert.StartsAt.UtcDateTime);
            json.WriteString("lastSeenAt", alert.LastSeenAt.UtcDateTime);
            json.WriteNumber("count", alert.Count);
            json.WriteStartObject("labels");
            foreach (var (name, value) in alert.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record Settings(
        string Catalogue, string[] Data, string Folder, DateTimeOffset? From, DateTimeOffset? To, OutputFormat Format);
}
