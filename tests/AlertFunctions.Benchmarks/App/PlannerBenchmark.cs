using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace AlertFunctions.Benchmarks.App;

/// <summary>
/// 200 detections over 5 workspaces, 1,000 queries, from the tick through the queue to the last recorded evaluation, against a log service with 50 ms latency
/// that enforces Log Analytics' limits: evaluations alone, with state and queue in memory, and the deployed app with its storage. What is measured is native code
/// and starts cold: its processor time is all that the process used from its start to its end.
/// </summary>
internal static class PlannerBenchmark
{
    private const int Detections = 200;
    private const int Workspaces = 5;
    private const int Evaluations = Detections * Workspaces;
    private const int Requests = 200;
    private const int NoLimit = 1_000_000;

    public static Command Create()
    {
        var command = new Command("planner", "Measures a thousand evaluations within Log Analytics' limits: time beside what the limits set, and our own CPU. Takes six minutes.");
        command.SetAction((_, cancellationToken) => RunAsync(AnsiConsole.Console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var program = Path.Combine(PublishedProgram.Publish("tests/AlertFunctions.EvaluationLoad", "out/benchmark/evaluations"), "evaluationload");
        var concurrent = await MeasureAsync(program, NoLimit, cancellationToken);
        var both = await MeasureAsync(program, Requests, cancellationToken);
        var deployed = await MeasureDeployedAsync(PublishedProgram.Publish("src/AlertFunctions", "out/benchmark/app"), cancellationToken);

        var table = new Table().AddColumns("Limits", "Took, s", "They set, s", "Ratio", "Aim", "429", "At a time", "Service took, ms", "Own CPU each, ms");
        var isGood = Add(table, "5 at a time", concurrent, 10, 1.1) & Add(table, "and 200 within 30 s", both, 150, 1.05)
            & Add(table, "the deployed app", deployed, 150, 1.05);
        console.Write(table);
        return isGood ? 0 : 1;
    }

    private static bool Add(Table table, string limits, Measured measured, double set, double aim)
    {
        var (ratio, processor) = (measured.Elapsed.TotalSeconds / set, measured.Processor.TotalMilliseconds / Evaluations);
        var service = measured.Service;
        table.AddRow(
            limits, Text(measured.Elapsed.TotalSeconds, "0.00"), Text(set, "0"), Text(ratio, "0.000"), Text(aim, "0.00"),
            Text(service.Throttled, "0"), Text(service.Most, "0"), Text(service.Latency.TotalMilliseconds, "0.0"), Text(processor, "0.000"));
        return ratio <= aim && service.Answered == Evaluations && service.Throttled == 0 && processor < 1;
    }

    private static async Task<Measured> MeasureAsync(string program, int requests, CancellationToken cancellationToken)
    {
        using var service = await LogServiceProcess.StartAsync(requests, cancellationToken);
        using var load = Process.Start(new ProcessStartInfo(program, [service.Address.ToString(), $"{requests}", $"{Detections}", $"{Workspaces}"]) { RedirectStandardOutput = true })!;
        var output = await load.StandardOutput.ReadToEndAsync(cancellationToken);
        await load.WaitForExitAsync(cancellationToken);
        if (load.ExitCode != 0 || output.Split(' ') is not [var elapsed, var processor])
        {
            throw new InvalidOperationException($"The evaluations ended with {load.ExitCode}: {output}");
        }

        return new Measured(Milliseconds(elapsed), Milliseconds(processor), await service.CountAsync(cancellationToken));
    }

    private static async Task<Measured> MeasureDeployedAsync(string app, CancellationToken cancellationToken)
    {
        using var service = await LogServiceProcess.StartAsync(Requests, cancellationToken);
        var (elapsed, processor) = await DeployedEvaluations.RunAsync(app, service.Address, Detections, Workspaces, cancellationToken);
        return new Measured(elapsed, processor, await service.CountAsync(cancellationToken));
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Measured(TimeSpan Elapsed, TimeSpan Processor, ServiceCounts Service);
}
