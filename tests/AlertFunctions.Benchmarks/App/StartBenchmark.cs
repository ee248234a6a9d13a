using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Spectre.Console;

namespace AlertFunctions.Benchmarks.App;

/// <summary>
/// Starts the published app as the Functions host would, beside a bare ASP.NET Core app with native AOT, in turn. Storage is Azurite; its state is that of a
/// running deployment, whose due detections are queued.
/// </summary>
internal static class StartBenchmark
{
    private const string Tick = """{"Data":{"timer":{}},"Metadata":{}}""";

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
        var settings = Settings(await storage.CreateAsync(cancellationToken));
        await MeasureAsync(Path.Combine(app, "alertfunctions"), settings, Tick, cancellationToken);

        var (ours, theirs) = (new List<Start>(), new List<Start>());
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await MeasureAsync(Path.Combine(bare, "bareapp"), new Dictionary<string, string>(), null, cancellationToken));
            ours.Add(await MeasureAsync(Path.Combine(app, "alertfunctions"), settings, Tick, cancellationToken));
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

    /// <summary>Starts the program, probes until it answers, makes the call, reads its peak memory, and kills it as the host does.</summary>
    private static async Task<Start> MeasureAsync(string program, IReadOnlyDictionary<string, string> settings, string? call, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetDirectoryName(program)!, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await ReadyAsync(port, process, cancellationToken);
            using (await client.GetAsync("/", cancellationToken))
            {
            }

            var ready = clock.Elapsed.TotalMilliseconds;
            if (call is not null)
            {
                using var content = new StringContent(call, Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync("EvaluateDetections", content, cancellationToken);
                answer.EnsureSuccessStatusCode();
            }

            return new Start(ready, clock.Elapsed.TotalMilliseconds, PeakOf(process.Id));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
            await errors;
        }
    }

    private static async Task ReadyAsync(int port, Process process, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }

    private static double PeakOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000;
    }

    private static Dictionary<string, string> Settings(string storage) => new()
    {
        ["AzureWebJobsStorage"] = storage,
        ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
        ["AlertFunctions__Receivers__platform__Url"] = "https://example.logic.azure.com/workflows/1",
        ["AlertFunctions__Receivers__security__Url"] = "https://example.logic.azure.com/workflows/2",
        ["AlertFunctions__LogAnalyticsEndpoint"] = "http://127.0.0.1:9",
    };

    private static string Ms(List<Start> starts, Func<Start, double> value) =>
        $"{Text(Median.Of([.. starts.Select(value)]), "0.0")} ({Text(starts.Min(value), "0.0")} to {Text(starts.Max(value), "0.0")})";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A start: milliseconds until the first answer and until the call's, and megabytes.</summary>
    private sealed record Start(double Ready, double Called, double Peak);
}
