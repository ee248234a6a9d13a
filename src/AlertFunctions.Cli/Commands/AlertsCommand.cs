using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Shows the alerts that runs found, to whom each was told, and why the others were not.</summary>
internal static class AlertsCommand
{
    /// <summary>Enough of a fingerprint to name an alert by.</summary>
    private const int ShortFingerprint = 8;

    private static readonly string[] StateNames = ["firing", "resolved", "unsent"];

    public static Command Create(CommandHost host)
    {
        var state = new Option<string?>("--state") { Description = "Only alerts that are firing, resolved, or unsent: known, and not told to all they concern." };
        state.AcceptOnlyFromAmong(StateNames);
        var why = new Option<string?>("--why")
        {
            Description = "One alert by its fingerprint, or the beginning of it: what became of it on each of its routes, and why.",
            HelpName = "FINGERPRINT",
        };
        var health = new Option<bool>("--detections") { Description = "The detections instead, and how each fares: whether it runs, fails, or has found nothing for long." };
        var folder = SharedOptions.StateFolder();
        var output = SharedOptions.TableOrJson();
        var command = new Command("alerts", "Show the alerts that runs found, to whom each was told, and why others were not.") { state, why, health, folder, output };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(health)
            ? ShowDetectionsAsync(
                host, SharedOptions.CatalogueFolder(parsed), parsed.GetRequiredValue(folder), parsed.GetValue(output), cancellationToken)
            : RunAsync(
                host,
                SharedOptions.CatalogueFolder(parsed),
                parsed.GetRequiredValue(folder),
                parsed.GetValue(state),
                parsed.GetValue(why),
                parsed.GetValue(output),
                cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, string catalogue, string folder, string? state, string? why, OutputFormat format, CancellationToken cancellationToken)
    {
        using var alerts = LocalAlerts.OpenExisting(folder);
        var routes = LocalRoutes.Load(catalogue, out var faults);
        foreach (var fault in faults)
        {
            host.Error.WriteLine(fault.ToString());
        }

        await alerts.Book.LoadAsync(cancellationToken);
        await alerts.Log.LoadAsync(routes.Receivers.Select(receiver => receiver.Name), cancellationToken);
        var entries = alerts.Book.Entries
            .Select(entry => new Entry(entry.Record, AlertAccount.Of(entry.Record, routes, alerts.Log)))
            .Where(entry => Is(entry, state) && (why is null || entry.Record.Fingerprint.StartsWith(why, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(entry => entry.Record.LastSeenAt)
            .ThenBy(entry => entry.Record.Fingerprint, StringComparer.Ordinal)
            .ToList();
        if (why is not null && entries.Count != 1)
        {
            throw new CommandFault(entries.Count == 0
                ? $"No alert's fingerprint begins with {why}. `alertfn alerts` lists them."
                : $"{entries.Count} alerts' fingerprints begin with {why}; write more of it.");
        }

        if (format == OutputFormat.Json)
        {
            host.Output.WriteJson(json => Write(json, entries));
        }
        else if (why is not null)
        {
            Explain(host.Output, entries[0]);
        }
        else
        {
            List(host.Output, entries);
        }

        return faults.Count > 0 ? ExitCode.Failed : ExitCode.Clean;
    }

    private static async Task<int> ShowDetectionsAsync(
        CommandHost host, string folder, string stateFolder, OutputFormat format, CancellationToken cancellationToken)
    {
        using var alerts = LocalAlerts.OpenExisting(stateFolder);
        await alerts.Marks.LoadAsync(cancellationToken);
        var marks = DetectionLoader.Load(folder).Detections.Select(detection => (Detection: detection, Mark: alerts.Marks.Of(detection, null))).ToList();

        // By the clock of the records, which may be long past.
        var now = marks.Max(entry => entry.Mark?.Through) ?? host.Clock.GetUtcNow();
        var rows = marks.Select(entry => (entry.Detection, entry.Mark, Health: DetectionHealth.Of(entry.Detection, entry.Mark, now))).ToList();
        if (format == OutputFormat.Table)
        {
            host.Output.WriteTable(
                ["Detection", "Status", "Evaluated through (UTC)", "Detail"],
                rows.Select(row => (IReadOnlyList<string>)
                    [row.Detection.Id, StatusOf(row.Health), row.Mark is { } mark ? Time(mark.Through) : "", row.Health.Text]));
            return ExitCode.Clean;
        }

        host.Output.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var (detection, mark, health) in rows)
            {
                json.WriteStartObject();
                json.WriteString("detection", detection.Id);
                json.WriteString("status", StatusOf(health));
                json.WriteString("detail", health.Text);
                if (mark is not null)
                {
                    json.WriteString("through", mark.Through.UtcDateTime);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCode.Clean;
    }

    private static string StatusOf(DetectionHealth health) => health.Status switch
    {
        DetectionStatus.Running => "running",
        DetectionStatus.NotRun => "not run",
        DetectionStatus.NotApplicable => "not applicable",
        DetectionStatus.Failing => "failing",
        DetectionStatus.Behind => "behind",
        DetectionStatus.Quiet => "quiet",
        _ => throw new InvalidOperationException($"Unreachable: {health.Status}."),
    };

    private static bool Is(Entry entry, string? state) => state switch
    {
        "firing" => entry.Record.State == AlertState.Firing,
        "resolved" => entry.Record.State == AlertState.Resolved,
        "unsent" => entry.IsUnsent,
        _ => true,
    };

    private static void List(Screen screen, List<Entry> entries)
    {
        screen.WriteTable(
            ["Severity", "State", "Since (UTC)", "Alert", "Detection", "Told", "Fingerprint"],
            entries.Select(entry => (IReadOnlyList<string>)
            [
                entry.Record.Severity.ToString(),
                StateOf(entry.Record),
                Time(entry.Record.StartsAt),
                entry.Record.Title,
                entry.Record.Detection,
                string.Join("; ", entry.Accounts.Select(account => $"{account.Route.Receiver} {account.Text}")),
                entry.Record.Fingerprint[..ShortFingerprint],
            ]));
        var unsent = entries.Count(entry => entry.IsUnsent);
        screen.WriteLine(
            $"{Plural.Of(entries.Count, "alert")}, {unsent} of them not told to all they concern."
            + (unsent > 0 ? " `alertfn alerts --why FINGERPRINT` says more of one." : ""));
    }

    private static void Explain(Screen screen, Entry entry)
    {
        var record = entry.Record;
        screen.WriteLine($"{record.Severity}: {record.Title}");
        screen.WriteLine($"{record.Detection}, {StateOf(record)} since {Time(record.StartsAt)}, last seen {Time(record.LastSeenAt)}, {Plural.Of(record.Count, "record")}");
        if (record.ResolvedAt is { } resolved)
        {
            screen.WriteLine($"over at {Time(resolved)}");
        }

        if (record.Episode > 1)
        {
            screen.WriteLine($"for the {record.Episode}th time: {string.Join(", ", record.Firings.Select(Time))}");
        }

        screen.WriteLine($"fingerprint {record.Fingerprint}");
        foreach (var (name, value) in record.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            screen.WriteLine($"  {name}={value}");
        }

        foreach (var account in entry.Accounts)
        {
            screen.WriteLine($"{account.Route.Receiver} ({account.Route.Id}): {account.Text}");
        }
    }

    private static void Write(Utf8JsonWriter json, List<Entry> entries)
    {
        json.WriteStartArray();
        foreach (var (record, accounts) in entries)
        {
            json.WriteStartObject();
            AlertJson.Write(json, record);
            json.WriteStartArray("routes");
            foreach (var account in accounts)
            {
                json.WriteStartObject();
                json.WriteString("route", account.Route.Id);
                json.WriteString("receiver", account.Route.Receiver);
                json.WriteBoolean("told", account.IsTold);
                json.WriteString("account", account.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A thing that happened neither lasts nor ends.
    private static string StateOf(AlertRecord record) => record.IsEvent ? "happened" : record.State == AlertState.Firing ? "firing" : "over";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record Entry(AlertRecord Record, IReadOnlyList<AlertAccount> Accounts)
    {
        public bool IsUnsent => Accounts.Any(account => !account.IsTold);
    }
}
