using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace AlertFunctions.Benchmarks.App;

/// <summary>
/// Starts the published app as the Functions host would, beside a bare ASP.NET Core app with native AOT, in turn. Storage is Azurite; its state is that of a
/// running deployment, whose due detections are queued.
/// </summary>
internal static class StartBenchmark
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each is started; medians are shown.", DefaultValueFactory = _ => 15 };
        var command = new Command("start", "Measures the published app's start beside a bare one's, its first timer call, memory and size.") { rounds };
        command.SetAction((parsed, cancellationToken) => RunAsync(AnsiConsole.Console, parsed.GetValue(rounds), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IAnsiConsole console, int rounds, CancellationToken cancellationToken)
    {
        var app = PublishedProgram.Publish("src/AlertFunctions", "out/benchmark/app");
        var bare = PublishedProgram.Publish("tests/AlertFunctions.BareApp", "out/benchmark/bare");
        using var storage = await EmulatedStorage.StartAsync(cancellationToken);
        var settings = HostedProcess.Settings(await storage.CreateAsync(cancellationToken), workspaces: 1, new Uri("http://127.0.0.1:9"));
        await MeasureAsync(Path.Combine(app, "alertfunctions"), settings, HostedProcess.Tick, cancellationToken);

        var (ours, theirs) = (new List<Start>(), new List<Start>());
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await MeasureAsync(Path.Combine(bare, "bareapp"), new Dictionary<string, string>(), null, cancellationToken));
            ours.Add(await MeasureAsync(Path.Combine(app, "alertfunctions"), settings, HostedProcess.Tick, cancellationToken));
        }

        var ratio = Median.Of([.. ours.Select(s => s.Ready)]) / Median.Of([.. theirs.Select(s => s.Ready)]);
        var size = Directory.EnumerateFiles(app, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) / 1e6;
        var table = new Table().AddColumns("What", "App", "Bare", "Aim");
        table.AddRow("Start to first GET /, ms", Ms(ours, s => s.Ready), Ms(theirs, s => s.Ready), "");
        table.AddRow("  as a ratio", Text(ratio, "0.00"), "1", "2.00 or less");
        table.AddRow("Start to the first timer call's answer, ms", Ms(ours, s => s.Called), "", "150 or less");
        table.AddRow("Peak memory, MB", Ms(ours, s => s.Peak), Ms(theirs, s => s.Peak), "less than 90");
        table.AddRow("Published, MB before compression", Text(size, "0.0"), "", "package less than 40");
        console.Write(table);
        return ratio <= 2 && Median.Of([.. ours.Select(s => s.Called)]) <= 150 && ours.Max(s => s.Peak) < 90 && size < 40 ? 0 : 1;
    }

    /// <summary>Starts the program, waits until it answers, makes the call, reads its peak memory, and kills it as the host does.</summary>
    private static async Task<Start> MeasureAsync(string program, IReadOnlyDictionary<string, string> settings, string? call, CancellationToken cancellationToken)
    {
        await using var process = await HostedProcess.StartAsync(program, settings, cancellationToken);
        var ready = process.Age.TotalMilliseconds;
        if (call is not null)
        {
            await process.CallAsync("EvaluateDetections", call, cancellationToken);
        }

        return new Start(ready, process.Age.TotalMilliseconds, process.PeakMegabytes);
    }

    private static string Ms(List<Start> starts, Func<Start, double> value) =>
        $"{Text(Median.Of([.. starts.Select(value)]), "0.0")} ({Text(starts.Min(value), "0.0")} to {Text(starts.Max(value), "0.0")})";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A start: milliseconds until the first answer and until the call's, and megabytes.</summary>
    private sealed record Start(double Ready, double Called, double Peak);
}
