using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.Yaml;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Adds, lists and ends silences.</summary>
internal static class SilenceCommand
{
    private static readonly ImmutableDictionary<string, string> NoLabels = ImmutableDictionary<string, string>.Empty;

    public static Command Create(CommandHost host) => new("silence", "Keep alerts back for a while: add, list and end silences.")
    {
        CreateAdd(host), CreateList(host), CreateEnd(host),
    };

    private static Command CreateAdd(CommandHost host)
    {
        var matchers = new Argument<string[]>("MATCHER")
        {
            Description = "What an alert's labels must all satisfy, such as Namespace=shop, Pod=~web-.* or severity<=Low.",
            Arity = ArgumentArity.OneOrMore,
        };
        var owner = new Option<string>("--owner") { Description = "Who answers for it.", HelpName = "NAME", Required = true };
        var comment = new Option<string>("--comment") { Description = "Why nobody wants to hear of these alerts.", HelpName = "TEXT", Required = true };
        var start = SharedOptions.Time("--start", "When it begins. Default: now.");
        var end = SharedOptions.Time("--end", "When it ends.");
        var length = new Option<string?>("--for") { Description = "How long it lasts, in place of --end.", HelpName = "2h" };
        var folder = SharedOptions.StateFolder();
        var output = SharedOptions.TableOrJson();
        var command = new Command("add", "Keep matching alerts back until a time. Things that happen meanwhile are never sent; what still fires at the end is.")
        {
            matchers, owner, comment, start, end, length, folder, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var from = parsed.GetValue(start) ?? host.Clock.GetUtcNow();
            var silence = new Silence(
                RandomNumberGenerator.GetHexString(8, lowercase: true),
                Matchers(parsed.GetRequiredValue(matchers)),
                Filled("--owner", parsed.GetRequiredValue(owner)),
                Filled("--comment", parsed.GetRequiredValue(comment)),
                from,
                End(from, parsed.GetValue(end), parsed.GetValue(length)));
            using var alerts = LocalAlerts.Open(parsed.GetRequiredValue(folder));
            await alerts.Silences.SaveAsync(silence, cancellationToken);
            return await ShowAsync(host, alerts, [silence], parsed.GetValue(output), cancellationToken);
        });
        return command;
    }

    private static Command CreateList(CommandHost host)
    {
        var folder = SharedOptions.StateFolder();
        var output = SharedOptions.TableOrJson();
        var command = new Command("list", "List silences, the latest end first, with how many alerts each is about.") { folder, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var alerts = LocalAlerts.OpenExisting(parsed.GetRequiredValue(folder));
            var silences = await alerts.Silences.ReadAsync(null, cancellationToken);
            return await ShowAsync(host, alerts, [.. silences.OrderByDescending(silence => silence.End)], parsed.GetValue(output), cancellationToken);
        });
        return command;
    }

    private static Command CreateEnd(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "The silence's id, as list shows it." };
        var at = SharedOptions.Time("--at", "When it ends. Default: now.");
        var folder = SharedOptions.StateFolder();
        var output = SharedOptions.TableOrJson();
        var command = new Command("end", "End a silence. What it kept back and still fires is sent.") { id, at, folder, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var alerts = LocalAlerts.OpenExisting(parsed.GetRequiredValue(folder));
            var wanted = parsed.GetRequiredValue(id);
            var silences = await alerts.Silences.ReadAsync(null, cancellationToken);
            var silence = silences.FirstOrDefault(s => s.Id == wanted)
                ?? throw new CommandFault($"There is no silence {wanted}. `alertfn silence list` lists them.");
            var end = parsed.GetValue(at) ?? host.Clock.GetUtcNow();
            if (end >= silence.End)
            {
                throw new CommandFault($"The silence {wanted} ends at {Time(silence.End)} already.");
            }

            var ended = silence with { Start = silence.Start < end ? silence.Start : end, End = end };
            await alerts.Silences.SaveAsync(ended, cancellationToken);
            return await ShowAsync(host, alerts, [ended], parsed.GetValue(output), cancellationToken);
        });
        return command;
    }

    private static ImmutableArray<Matcher> Matchers(string[] texts)
    {
        var faults = new List<string>();
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        foreach (var text in texts)
        {
            if (Matcher.Parse(text, out var fault) is { } matcher)
            {
                matchers.Add(matcher);
            }
            else
            {
                faults.Add(fault + ".");
            }
        }

        if (faults.Count == 0 && matchers.All(matcher => matcher.Matches(NoLabels)))
        {
            faults.Add("These matchers take every alert, those without such labels included. Add one that names what is meant.");
        }

        return faults.Count == 0 ? matchers.ToImmutable() : throw new CommandFault(string.Join(Environment.NewLine + "error: ", faults), ExitCode.Usage);
    }

    private static DateTimeOffset End(DateTimeOffset start, DateTimeOffset? end, string? length)
    {
        if (end is null == length is null)
        {
            throw new CommandFault("Write either when the silence ends, as --end TIME, or how long it lasts, as --for 2h.", ExitCode.Usage);
        }

        if (length is null)
        {
            return end > start
                ? end.Value
                : throw new CommandFault($"--end {Time(end!.Value)} is not after the start, {Time(start)}.", ExitCode.Usage);
        }

        return Durations.TryParse(length, out var duration) && duration > TimeSpan.Zero
            ? start + duration
            : throw new CommandFault($"'{length}' is not a duration for --for; write it as 30m, 2h or 1d12h.", ExitCode.Usage);
    }

    private static string Filled(string option, string text) => string.IsNullOrWhiteSpace(text)
        ? throw new CommandFault($"{option} is empty. Whoever meets the silence later wants to know.", ExitCode.Usage)
        : text.Trim();

    private static async Task<int> ShowAsync(
        CommandHost host, LocalAlerts alerts, IReadOnlyList<Silence> silences, OutputFormat format, CancellationToken cancellationToken)
    {
        await alerts.Book.LoadAsync(cancellationToken);
        var now = host.Clock.GetUtcNow();
        var rows = silences.Select(silence => (
            Silence: silence,
            State: now < silence.Start ? "pending" : now < silence.End ? "active" : "over",
            Alerts: alerts.Book.Entries.Count(entry => silence.Matchers.All(matcher => matcher.Matches(entry.Record.Labels))))).ToList();
        if (format == OutputFormat.Table)
        {
            host.Output.WriteTable(
                ["Id", "State", "Matchers", "Owner", "Comment", "Start (UTC)", "End (UTC)", "Matching alerts"],
                rows.Select(row => (IReadOnlyList<string>)
                [
                    row.Silence.Id,
                    row.State,
                    string.Join(", ", row.Silence.Matchers),
                    row.Silence.Owner,
                    row.Silence.Comment,
                    Time(row.Silence.Start),
                    Time(row.Silence.End),
                    row.Alerts.ToString(CultureInfo.InvariantCulture),
                ]));
            return ExitCode.Clean;
        }

        host.Output.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var (silence, state, count) in rows)
            {
                json.WriteStartObject();
                json.WriteString("id", silence.Id);
                json.WriteString("state", state);
                json.WriteStartArray("matchers");
                foreach (var matcher in silence.Matchers)
                {
                    json.WriteStringValue(matcher.ToString());
                }

                json.WriteEndArray();
                json.WriteString("owner", silence.Owner);
                json.WriteString("comment", silence.Comment);
                json.WriteString("start", silence.Start.UtcDateTime);
                json.WriteString("end", silence.End.UtcDateTime);
                json.WriteNumber("matchingAlerts", count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCode.Clean;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
