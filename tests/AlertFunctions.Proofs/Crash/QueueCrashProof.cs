using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Crash;

/// <summary>
/// Kills a process that works a queue at every operation in turn, and starts it again: every item is worked, and at most the one in flight twice.
/// </summary>
/// <param name="queueName">The queue's name, for people.</param>
/// <param name="sample">How many kill points are tried; null for every one.</param>
/// <param name="place">Makes the queue of a run, and gives its place.</param>
internal sealed class QueueCrashProof(string queueName, int? sample, Func<string, Task<string>> place)
{
    private const int Items = 8;

    /// <summary>An item that a killed process held is seen again after a second, and after the second of these, if it is not, never.</summary>
    private static readonly (TimeSpan Soon, TimeSpan Never) SeenAgain = (TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(20));
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _worked = new(StringComparer.Ordinal);

    public async Task<CrashReport> RunAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        await using var receiver = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _worked[context.Request.Path.Value!.Trim('/')].Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        });
        var (operations, _) = await WorkAsync(receiver.Address, "uninterrupted", null, cancellationToken);
        // The last operations look for items that are not there.
        var points = Enumerable.Range(0, 2 * 3 * Items).ToArray();
        if (sample is { } some)
        {
            new Random(1).Shuffle(points);
            points = [.. points.Take(some)];
        }

        var (lost, repeated, done) = (0, 0, 0);
        var wrong = new ConcurrentQueue<string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(points, parallel, async (point, token) =>
        {
            var run = string.Create(CultureInfo.InvariantCulture, $"run-{point}");
            var (_, before) = await WorkAsync(receiver.Address, run, point, token);
            var worked = _worked[run].CountBy(item => item, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var twice = worked.Where(item => item.Value > 1).ToArray();
            Interlocked.Add(ref lost, Items - worked.Count);
            Interlocked.Add(ref repeated, twice.Length > 0 ? 1 : 0);
            var inFlight = before > 0 ? _worked[run].ElementAt(before - 1) : null;
            if (before < 0 || worked.Count < Items || twice.Any(item => item.Value > 2 || item.Key != inFlight))
            {
                wrong.Enqueue(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Killed at point {point}, {before} worked before: {worked.Count} of {Items} items, again {string.Join(", ", twice.Select(item => item.Key))}"));
            }

            progress.Report(new(Interlocked.Increment(ref done), points.Length, $"{done} of {points.Length} kill points, {queueName}"));
        });
        return new CrashReport(queueName, operations, Items, points.Length, lost, repeated, [.. wrong]);
    }

    /// <summary>Fills a queue and has it worked until nothing comes any more. Gives the operations of the last process, and what was worked before the kill.</summary>
    private async Task<(int Operations, int Before)> WorkAsync(Uri receiver, string run, int? killAt, CancellationToken cancellationToken)
    {
        var (where, worked) = (await place(run), _worked[run] = new ConcurrentQueue<string>());
        var queue = QueueProcess.Open(where);
        for (var i = 0; i < Items; i++)
        {
            await queue.SendAsync(string.Create(CultureInfo.InvariantCulture, $"item-{i}"), TimeSpan.Zero, cancellationToken);
        }

        string[] arguments = [QueueProcess.Command, where, $"{new Uri(receiver, run)}"];
        var before = -1;
        var started = Stopwatch.GetTimestamp();
        var app = KilledApp.Start([.. arguments, killAt?.ToString(CultureInfo.InvariantCulture) ?? "-"]);
        try
        {
            for (var (operations, idle) = (0, false); ;)
            {
                if (await app.TickAsync(default, cancellationToken) is not { } now)
                {
                    before = worked.Count;
                    app.Dispose();
                    app = KilledApp.Start([.. arguments, "-"]);
                    (operations, idle, started) = (0, false, Stopwatch.GetTimestamp());
                    continue;
                }

                idle = now == operations + 1;
                operations = now;
                var waited = Stopwatch.GetElapsedTime(started);
                if (idle && waited > (worked.Distinct(StringComparer.Ordinal).Count() == Items ? SeenAgain.Soon : SeenAgain.Never))
                {
                    return (operations, before);
                }

                if (idle)
                {
                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }
        finally
        {
            app.Dispose();
        }
    }
}
