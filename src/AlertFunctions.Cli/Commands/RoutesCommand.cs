using System.CommandLine;
using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.Yaml;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Shows where an alert with given labels would go, and why.</summary>
internal static class RoutesCommand
{
    public static Command Create(CommandHost host)
    {
        var labels = new Argument<string[]>("LABEL=VALUE")
        {
            Description = "The alert's labels, such as detection=aks/node-not-ready Cluster=prod. The severity is the detection's where none is given.",
            Arity = ArgumentArity.OneOrMore,
        };
        var at = SharedOptions.Time("--at", "When, for routes that send only at some hours. Default: now.");
        var output = SharedOptions.TableOrJson();
        var test = new Command("test", "Show where an alert with these labels would go, and what kept it from the other routes.") { labels, at, output };
        test.SetAction(parsed => Run(
            host,
            SharedOptions.CatalogueFolder(parsed),
            parsed.GetRequiredValue(labels),
            parsed.GetValue(at) ?? host.Clock.GetUtcNow(),
            parsed.GetValue(output)));
        return new Command("routes", "Try the routes of the catalogue.") { test };
    }

    private static int Run(CommandHost host, string folder, string[] texts, DateTimeOffset at, OutputFormat format)
    {
        var labels = Labels(texts);
        var path = Path.Combine(folder, "routes.yaml");
        if (!File.Exists(path))
        {
            throw new CommandFault($"There is no {path}.", ExitCode.Usage);
        }

        var loaded = RoutesLoader.Load(path);
        foreach (var diagnostic in loaded.Diagnostics)
        {
            host.Error.WriteLine(diagnostic.ToString());
        }

        if (loaded.Routes is not { } routes)
        {
            throw new CommandFault("The routes have faults, so nothing goes anywhere.");
        }

        var catalogue = DetectionLoader.Load(folder);
        foreach (var note in Complete(labels, catalogue))
        {
            host.Error.WriteLine(note);
        }

        var steps = routes.Explain(labels);
        if (format == OutputFormat.Json)
        {
            host.Output.WriteJson(json => Write(json, steps, labels, at));
            return ExitCode.Clean;
        }

        host.Output.WriteTable(
            ["Route", "Receiver", "Matchers", "Outcome"],
            steps.Select(step => (IReadOnlyList<string>)
            [
                step.Route.Id,
                step.Route.Receiver,
                string.Join(", ", step.Route.Matchers),
                Outcome(step, labels, at),
            ]));
        foreach (var taken in steps.Where(step => step.Taken).Select(step => step.Route))
        {
            host.Output.WriteLine(
                $"{taken.Receiver} is told after {Durations.Format(taken.GroupWait)}, at most every {Durations.Format(taken.GroupInterval)}, together with "
                + $"{(taken.GroupBy.IsEmpty ? "all that takes this route" : $"what has the same {string.Join(", ", taken.GroupBy)}")}, {Repeats(taken)}.");
        }

        return ExitCode.Clean;
    }

    private static Dictionary<string, string> Labels(string[] texts)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                throw new CommandFault($"'{text}' is not a label; write it as Namespace=shop.", ExitCode.Usage);
            }

            if (!labels.TryAdd(name, value))
            {
                throw new CommandFault($"The label {name} is given twice.", ExitCode.Usage);
            }
        }

        if (labels.TryGetValue(LabelNames.Severity, out var severity))
        {
            labels[LabelNames.Severity] = Enum.TryParse<Severity>(severity, ignoreCase: true, out var known) && Enum.IsDefined(known)
                ? known.ToString()
                : throw new CommandFault($"'{severity}' is not a severity; there are {string.Join(", ", Enum.GetNames<Severity>())}.", ExitCode.Usage);
        }

        return labels;
    }

    /// <summary>Adds what every alert of the detection has, and notes what no alert can have.</summary>
    private static List<string> Complete(Dictionary<string, string> labels, DetectionCatalogue catalogue)
    {
        var notes = new List<string>();
        var detection = labels.TryGetValue(LabelNames.Detection, out var id) ? catalogue.Detections.FirstOrDefault(d => d.Id == id) : null;
        if (id is not null && detection is null)
        {
            var meant = Spelling.DidYouMean(id, catalogue.Detections.Select(d => d.Id));
            notes.Add($"note: the catalogue has no detection {id}{(meant is null ? "." : $"; {meant}")}");
        }

        if (detection is not null)
        {
            labels.TryAdd(LabelNames.Severity, detection.Severity.ToString());
        }

        var known = (detection is null ? catalogue.Detections : [detection]).SelectMany(d => d.Identity.Concat(d.Labels)).Concat(LabelNames.Reserved).ToHashSet();
        notes.AddRange(labels.Keys.Where(name => !known.Contains(name)).Select(name =>
            $"note: no alert of {detection?.Id ?? "any detection"} has a label {name}{(Spelling.DidYouMean(name, known) is { } meant ? $"; {meant}" : ".")}"));
        return notes;
    }

    private static string Outcome(RouteStep step, Dictionary<string, string> labels, DateTimeOffset at) => step switch
    {
        { Failing: { } failing } => $"refused: {failing} is not so, {failing.Label} is "
            + (labels.TryGetValue(failing.Label, out var value) ? $"'{value}'" : "absent"),
        { Taken: true } when !step.Route.IsActive(at) => $"sent when {string.Join(" or ", step.Route.ActiveTimes.Select(window => window.Name))} begins",
        { Taken: true } => "sent",
        _ => "passed on to a route below",
    };

    private static string Repeats(Route route) => route.RepeatInterval is not { } interval ? "once"
        : $"again every {Durations.Format(interval)} while it fires"
            + (route.RepeatGrowth > 1 ? $", growing up to {Durations.Format(route.RepeatMaximum)}" : "");

    private static void Write(Utf8JsonWriter json, IReadOnlyList<RouteStep> steps, Dictionary<string, string> labels, DateTimeOffset at)
    {
        json.WriteStartArray();
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("route", step.Route.Id);
            json.WriteString("receiver", step.Route.Receiver);
            json.WriteBoolean("taken", step.Taken);
            json.WriteBoolean("active", step.Route.IsActive(at));
            json.WriteString("outcome", Outcome(step, labels, at));
            json.WriteString("groupKey", step.Taken ? step.Route.GroupKeyOf(labels) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
