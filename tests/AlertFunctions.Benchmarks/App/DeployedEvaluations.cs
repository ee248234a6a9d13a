using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace AlertFunctions.Benchmarks.App;

/// <summary>
/// The deployed app evaluates what is due: state and queue lie in Azurite, and the host's part is played here, the timer and twelve messages of the queue at a
/// time, as host.json has it. Deliveries, which find nothing to tell, are left out.
/// </summary>
internal static class DeployedEvaluations
{
    private const int AtATime = 12;
    private static readonly string[] Severities = ["Low", "Medium", "High"];
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookedAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the evaluations took from the first tick on, and what processor time the app used from its start on.</summary>
    public static async Task<(TimeSpan Elapsed, TimeSpan Processor)> RunAsync(
        string app, Uri service, int detections, int workspaces, CancellationToken cancellationToken)
    {
        using var storage = await EmulatedStorage.StartAsync(cancellationToken);
        var connection = await storage.CreateAsync(cancellationToken);
        var settings = HostedProcess.Settings(connection, workspaces, service);
        settings["AlertFunctions__Catalogue"] = WriteCatalogue(detections);
        await using var process = await HostedProcess.StartAsync(Path.Combine(app, "alertfunctions"), settings, cancellationToken);

        var queue = new QueueClient(connection, "evaluations", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        using var free = new SemaphoreSlim(AtATime);
        var running = new List<Task>();
        var clock = Stopwatch.StartNew();
        var ticks = 0;
        while (running.Count < detections * workspaces)
        {
            if (clock.Elapsed >= ticks * Tick)
            {
                ticks++;
                await process.CallAsync("EvaluateDetections", HostedProcess.Tick, cancellationToken);
            }

            await free.WaitAsync(cancellationToken);
            if ((await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(10), cancellationToken)).Value is { } message)
            {
                running.Add(EvaluateAsync(process, queue, message, free, cancellationToken));
                continue;
            }

            free.Release();
            await Task.Delay(LookedAgainAfter, cancellationToken);
        }

        await Task.WhenAll(running);
        return (clock.Elapsed, process.Processor);
    }

    private static async Task EvaluateAsync(HostedProcess process, QueueClient queue, QueueMessage message, SemaphoreSlim free, CancellationToken cancellationToken)
    {
        try
        {
            // As the host writes it: text as a JSON literal within a JSON string.
            await process.CallAsync("EvaluateDetection", $$"""{"Data":{"message":{{Literal(Literal(message.Body.ToString()))}} },"Metadata":{} }""", cancellationToken);
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }

    private static string Literal(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>So many detections with the repository's tables, functions and routes. The app adds the last itself, which watches the tables that the others read.</summary>
    private static string WriteCatalogue(int detections)
    {
        var folder = Path.Combine(PublishedProgram.Root, "out", "benchmark", "catalogue");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var kql = Path.Combine(PublishedProgram.Root, "kql");
        foreach (var path in Directory.EnumerateFiles(kql, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Path.Combine(kql, "detections"), StringComparison.Ordinal)))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(kql, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        var written = Directory.CreateDirectory(Path.Combine(folder, "detections", "aks")).FullName;
        for (var number = 1; number < detections; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"detection-{number:D3}");
            File.WriteAllText(Path.Combine(written, $"{id}.kql"), "KubeEvents | where TimeGenerated > ago(1h) | where Reason == \"Failed\" | project TimeGenerated, Name");
            File.WriteAllText(Path.Combine(written, $"{id}.tests.yaml"), "tests: []");
            File.WriteAllText(Path.Combine(written, $"{id}.yaml"), $"""
                id: aks/{id}
                name: A detection
                version: 1.0.0
                kind: Scheduled
                description: Something is wrong.
                severity: {Severities[number % Severities.Length]}
                queryFrequency: 1h
                queryPeriod: 1h
                triggerOperator: gt
                triggerThreshold: 0
                tactics: [InitialAccess]
                alertFunctions:
                  signal: event
                  identity: [Name]
                  settle: 5m
                  runbook: Look at it.
                """);
        }

        return folder;
    }
}
