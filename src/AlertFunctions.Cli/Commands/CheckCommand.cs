using System.CommandLine;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Cli.Commands;

/// <summary>Loads, compiles and lints everything of a catalogue without running it.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandHost host)
    {
        var output = SharedOptions.TableOrJson();
        var command = new Command("check", "Find every fault of the catalogue: files, queries, functions, routes and tests.") { output };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(host, SharedOptions.CatalogueFolder(parsed), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, string folder, OutputFormat format, CancellationToken cancellationToken)
    {
        var catalogue = DetectionLoader.Load(folder);
        await using var workspace = LocalWorkspace.Open(folder, catalogue, host.Clock);
        var found = CatalogueChecker.Check(catalogue, new CatalogueCompiler(workspace), host.Clock.GetUtcNow()).ToBuilder();
        foreach (var detection in catalogue.Detections.Where(detection => detection.TestsPath is not null))
        {
            found.AddRange((await DetectionTestReader.ReadAsync(detection, cancellationToken)).Diagnostics);
        }

        var diagnostics = DetectionLoader.Ordered(found).ToList();
        var errors = diagnostics.Count(diagnostic => diagnostic.IsError);
        if (format == OutputFormat.Json)
        {
            WriteJson(host.Output, diagnostics);
        }
        else
        {
            foreach (var diagnostic in diagnostics)
            {
                host.Output.WriteLine(diagnostic.ToString());
            }

            host.Output.WriteLine(
                $"{Plural.Of(catalogue.Detections.Length, "detection")} and {Plural.Of(catalogue.Functions.Length, "function")} in {folder}: "
                + $"{Plural.Of(errors, "error")}, {Plural.Of(diagnostics.Count - errors, "warning")}.");
        }

        return errors > 0 ? ExitCode.Failed : ExitCode.Clean;
    }

    private static void WriteJson(Screen screen, IEnumerable<CatalogueDiagnostic> diagnostics) => screen.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (var diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("file", diagnostic.Position.Path);
            json.WriteNumber("line", diagnostic.Position.Line);
            json.WriteNumber("column", diagnostic.Position.Column);
            json.WriteString("severity", diagnostic.IsError ? "error" : "warning");
            json.WriteString("code", diagnostic.Code);
            json.WriteString("message", diagnostic.Message);
            json.WriteString("hint", diagnostic.Hint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
