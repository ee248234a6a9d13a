using System.CommandLine;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Cli.Commands;

/// <summary>Runs the tests of detections.</summary>
internal static class TestCommand
{
    public static Command Create(CommandHost host)
    {
        var ids = new Argument<string[]>("ID")
        {
            Description = "Detections, such as aks/container-oom-killed, or areas, such as aks. Default: all.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = SharedOptions.TableOrJson();
        var command = new Command("test", "Run the tests of detections.") { ids, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, SharedOptions.CatalogueFolder(parsed), parsed.GetValue(ids) ?? [], parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, string folder, string[] ids, OutputFormat format, CancellationToken cancellationToken)
    {
        var catalogue = DetectionLoader.Load(folder);
        var faults = catalogue.Diagnostics.Where(diagnostic => diagnostic.IsError).ToList();
        foreach (var fault in faults)
        {
            host.Error.WriteLine(fault.ToString());
        }

        var chosen = Choose(catalogue, ids);
        var schemas = Path.Combine(folder, "schemas");
        var runner = new DetectionTestRunner(catalogue, Directory.Exists(schemas) ? schemas : null);
        var reports = new DetectionTestReport[chosen.Count];
        var done = 0;
        await host.WithProgressAsync("Testing", async progress =>
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, chosen.Count, parallel, async (index, token) =>
            {
                reports[index] = await runner.RunAsync(chosen[index], token);
                progress.Report(new(Interlocked.Increment(ref done), chosen.Count, chosen[index].Id));
            });
            return reports;
        });

        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, reports);
        }
        else
        {
            WriteText(host.Output, reports);
        }

        return faults.Count == 0 && reports.All(report => report.Passed) ? ExitCode.Clean : ExitCode.Failed;
    }

    private static List<Detection> Choose(DetectionCatalogue catalogue, string[] ids)
    {
        foreach (var id in ids.Where(id => !catalogue.Detections.Any(detection => IsMeant(detection, id))))
        {
            var known = string.Join(", ", catalogue.Detections.Select(detection => detection.Id));
            throw new CommandFault($"There is no detection {id} without faults. There are: {known}.", ExitCode.Usage);
        }

        return [.. catalogue.Detections.Where(detection => ids.Length == 0 || ids.Any(id => IsMeant(detection, id)))];
    }

    private static bool IsMeant(Detection detection, string id) => detection.Id == id || detection.Area == id.TrimEnd('/');

    private static void WriteText(Screen screen, DetectionTestReport[] reports)
    {
        foreach (var report in reports)
        {
            foreach (var diagnostic in report.Diagnostics)
            {
                screen.WriteLine(diagnostic.ToString());
            }

            foreach (var result in report.Results)
            {
                screen.WriteLine($"{(result.Passed ? "passed" : "FAILED")}  {result}");
            }
        }

        var results = reports.SelectMany(report => report.Results).ToList();
        var faults = reports.Sum(report => report.Diagnostics.Count(diagnostic => diagnostic.IsError));
        screen.WriteLine(
            $"{Plural.Of(reports.Length, "detection")}, {Plural.Of(results.Count, "test")}: "
            + $"{results.Count(result => result.Passed)} passed, {results.Count(result => !result.Passed)} failed"
            + (faults > 0 ? $", {Plural.Of(faults, "fault")} in test files." : "."));
    }

    private static void WriteJson(Screen screen, DetectionTestReport[] reports) => screen.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var report in reports)
        {
            json.WriteStartObject();
            json.WriteString("detection", report.Detection);
            json.WriteBoolean("passed", report.Passed);
            json.WriteStartArray("tests");
            foreach (var result in report.Results)
            {
                json.WriteStartObject();
                json.WriteString("name", result.Test.Name);
                json.WriteString("file", result.Test.Position.Path);
                json.WriteNumber("line", result.Test.Position.Line);
                json.WriteBoolean("passed", result.Passed);
                json.WriteStartArray("differences");
                foreach (var difference in result.Differences)
                {
                    json.WriteStringValue(difference);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("faults");
            foreach (var diagnostic in report.Diagnostics)
            {
                json.WriteStringValue(diagnostic.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
