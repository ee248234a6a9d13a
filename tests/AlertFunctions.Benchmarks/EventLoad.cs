using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.Workspace.State;
using Spectre.Console;

namespace AlertFunctions.Benchmarks;

/// <summary>
/// Registry events at a steady rate, from their JSON to the SQLite store, beside one plain write of the same size an event: how long each waits for its
/// answer, counted from when it was to come, so that one that is late makes those behind it late as well.
/// </summary>
internal static class EventLoad
{
    public static Command CreateCommand(IAnsiConsole console)
    {
        var rate = new Option<int>("--rate") { Description = "Events a second.", DefaultValueFactory = _ => 200 };
        var seconds = new Option<int>("--seconds") { Description = "For how long.", DefaultValueFactory = _ => 30 };
        var command = new Command("events", "Measures how fast the handler of registry events answers.") { rate, seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed.GetValue(rate), parsed.GetValue(seconds), cancellationToken));
        return command;
    }

    private static async Task RunAsync(IAnsiConsole console, int rate, int seconds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-events-").FullName;
        try
        {
            var table = new Table().AddColumns("", "events", "p50 ms", "p99 ms", "max ms");
            var deliveries = Enumerable.Range(0, rate * seconds).Select(Delivery).ToArray();

            var plain = new SqliteStateStore(new SqliteDatabase(Path.Combine(folder, "plain.db")));
            var floor = await MeasureAsync(
                rate, deliveries,
                (body, i) => plain.WriteAsync("plain", [new Put(StateKey.Of(i.ToString(CultureInfo.InvariantCulture)), body, StateChange.Any)], cancellationToken));
            Add(table, "one plain write", floor);

            var events = new RegistryEvents(".azurecr.io", TimeProvider.System);
            var reaction = new RegistryReaction(
                new ImageScanStore(new SqliteStateStore(new SqliteDatabase(Path.Combine(folder, "state.db")))), new ImageScanOptions(), TimeProvider.System);
            var handled = await MeasureAsync(
                rate, deliveries,
                (body, _) => reaction.HandleAsync(events.Read(JsonElement.Parse(body).EnumerateArray()).Events, cancellationToken));
            Add(table, "HandleRegistryEvent", handled);
            console.Write(table);
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rate} events a second for {seconds} s: p99 {Percentile(handled, 0.99):F1} ms, {Percentile(handled, 0.99) / Percentile(floor, 0.99):F2} times one plain write."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Seven in ten are new images; the others are told again, get another tag, or are deleted.</summary>
    private static byte[] Delivery(int number)
    {
        var image = (number % 10) switch
        {
            7 or 8 => number - 5,
            9 => number - 3,
            _ => number,
        };
        var isDeletion = number % 10 == 9;
        var tag = number % 10 == 8 ? "latest" : "1.4";
        return Encoding.UTF8.GetBytes($$$"""
            [{"id":"{{{number}}}","topic":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso",
            "subject":"shop/api:{{{tag}}}","eventType":"Microsoft.ContainerRegistry.Image{{{(isDeletion ? "Deleted" : "Pushed")}}}","eventTime":"2026-03-02T11:58:00Z",
            "data":{"id":"{{{number}}}","timestamp":"2026-03-02T11:58:00Z","action":"push","location":"westeurope","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json",
            "size":1153,"digest":"sha256:{{{image:x64}}}","length":1153,"repository":"shop/api-{{{image % 40}}}","tag":"{{{tag}}}"},
            "request":{"id":"9f8f","host":"contoso.azurecr.io","method":"PUT","useragent":"docker/27.0"} },"dataVersion":"1.0","metadataVersion":"1"}]
            """);
    }

    private static async Task<double[]> MeasureAsync<T>(int rate, byte[][] deliveries, Func<byte[], int, Task<T>> handle)
    {
        // The first calls compile the code; the app is compiled ahead of time.
        for (var i = 0; i < 50; i++)
        {
            await handle(deliveries[i], i);
        }

        var milliseconds = new double[deliveries.Length];
        var calls = new List<Task>(deliveries.Length);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < deliveries.Length; i++)
        {
            var (number, due) = (i, TimeSpan.FromSeconds((double)i / rate));
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            calls.Add(Task.Run(async () =>
            {
                await handle(deliveries[number], number);
                milliseconds[number] = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
            }));
        }

        await Task.WhenAll(calls);
        return milliseconds;
    }

    private static void Add(Table table, string name, double[] milliseconds) => table.AddRow(
        name,
        milliseconds.Length.ToString("N0", CultureInfo.InvariantCulture),
        Percentile(milliseconds, 0.5).ToString("F1", CultureInfo.InvariantCulture),
        Percentile(milliseconds, 0.99).ToString("F1", CultureInfo.InvariantCulture),
        milliseconds.Max().ToString("F1", CultureInfo.InvariantCulture));

    private static double Percentile(double[] values, double part) => values.Order().ElementAt((int)(part * (values.Length - 1)));
}
