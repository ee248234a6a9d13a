using System.Collections.Immutable;
using System.CommandLine;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Loads, compiles and lints everything of a catalogue without running it.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandHost host)
    {
        var output = SharedOptions.TableOrJson();
        var command = new Command("check", "Find every fault of the catalogue: files, queries, functions, routes and tests.") { output };
        command.SetAction(parsed => Run(host, SharedOptions.CatalogueFolder(parsed), parsed.GetValue(output)));
        return command;
    }

    private static int Run(CommandHost host, string folder, OutputFormat format)
    {
        var catalogue = DetectionLoader.Load(folder);
        using var workspace = LocalWorkspace.Open(folder, catalogue, host.Clock);
        var diagnostics = CatalogueChecker.Check(catalogue, new CatalogueCompiler(workspace), host.Clock.GetUtcNow());
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
                + $"{Plural.Of(errors, "error")}, {Plural.Of(diagnostics.Length - errors, "warning")}.");
        }

        return errors > 0 ? ExitCode.Failed : ExitCode.Clean;
    }

    private static void WriteJson(Screen screen, ImmutableArray<CatalogueDiagnostic> diagnostics) => screen.WriteJson(json =>
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
