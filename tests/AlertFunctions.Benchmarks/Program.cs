using System.CommandLine;
using System.Globalization;
using AlertFunctions.Benchmarks;
using AlertFunctions.Benchmarks.App;
using Spectre.Console;

if (args is [ContenderProcess.Argument, var name, var count])
{
    await ContenderProcess.ServeAsync(name, int.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [LogServiceProcess.Argument, var requests])
{
    await LogServiceProcess.ServeAsync(int.Parse(requests, CultureInfo.InvariantCulture));
    return 0;
}

var rows = new Option<int>("--rows") { Description = "How many records there are.", DefaultValueFactory = _ => 5_000_000 };
var rounds = new Option<int>("--rounds") { Description = "How often each query runs; medians are shown.", DefaultValueFactory = _ => 7 };
var loads = new Option<int>("--loads") { Description = "How often the records are loaded; medians are shown.", DefaultValueFactory = _ => 3 };
var only = new Option<string[]>("--only") { Description = "The queries to run, by name.", DefaultValueFactory = _ => [.. QueryPair.All.Select(pair => pair.Name)] };
only.AcceptOnlyFromAmong([.. QueryPair.All.Select(pair => pair.Name)]);
var command = new RootCommand("Measures the embedded workspace beside the SQL that a DuckDB expert would write, in one run.") {
    rows, rounds, loads, only, StartBenchmark.Create(), PlannerBenchmark.Create(),
};
command.SetAction(parsed => Comparison.Run(
    AnsiConsole.Console, parsed.GetValue(rows), parsed.GetValue(rounds), parsed.GetValue(loads), parsed.GetValue(only)!));
command.Subcommands.Add(EventLoad.CreateCommand(AnsiConsole.Console));
return await command.Parse(args).InvokeAsync();
