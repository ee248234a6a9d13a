using System.Globalization;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.LogAnalytics;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;
using AlertFunctions.Workspace.State;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Proofs.Crash;

/// <summary>What the process that is killed is told on its command line.</summary>
/// <param name="Run">The run's name, by which the log service and the receiver know it.</param>
/// <param name="LogService">Where Log Analytics is.</param>
/// <param name="Receiver">Where notifications are posted.</param>
/// <param name="Store">A SQLite file, or the connection string of a storage account and the table, joined by <c>#</c>.</param>
/// <param name="Tick">The day's tick.</param>
/// <param name="KillAt">The point at which it is killed; null for never.</param>
internal sealed record CrashArguments(string Run, Uri LogService, Uri Receiver, string Store, TimeSpan Tick, int? KillAt)
{
    public const string Command = "crash-process";

    public IReadOnlyList<string> ToArray() =>
        [Command, Run, $"{LogService}", $"{Receiver}", Store, Tick.ToString("c", CultureInfo.InvariantCulture), KillAt?.ToString(CultureInfo.InvariantCulture) ?? "-"];

    public static CrashArguments Parse(string[] args) => new(
        args[1],
        new Uri(args[2]),
        new Uri(args[3]),
        args[4],
        TimeSpan.ParseExact(args[5], "c", CultureInfo.InvariantCulture),
        args[6] == "-" ? null : int.Parse(args[6], CultureInfo.InvariantCulture));
}

/// <summary>
/// The process that is killed: the app over the real adapters. Each line that it reads is a time; it runs what is due then, tells the receivers,
/// and answers with the number of operations so far.
/// </summary>
internal static class CrashProcess
{
    public static async Task RunAsync(CrashArguments arguments)
    {
        var kill = new KillSwitch(arguments.KillAt);
        var clock = new FakeTimeProvider(SimulatedDay.Start);
        var options = LogAnalyticsOptions.AzurePublic with { Endpoint = arguments.LogService };
        if (!SecretUri.TryCreate($"{arguments.Receiver}", out var receiver))
        {
            throw new ArgumentException("The receiver's address is not one.", nameof(arguments));
        }

        using var notifier = new WebhookNotifier(
            receiver!, new WebhookOptions { AllowedHosts = ["127.0.0.1"] }, CardOptions.Default, TimeProvider.System);
        using var app = new SimulatedApp(
            new DayOptions { Tick = arguments.Tick },
            new LogAnalyticsQueryEngine(new LogAnalyticsClient(options, new NoCredential(), clock), options, arguments.Run),
            new KilledStore(Store(arguments.Store), kill),
            new Dictionary<string, INotifier>(StringComparer.Ordinal) { [DayDetections.Receiver] = new KilledNotifier(notifier, kill) },
            DayDetections.Routes,
            TimeProvider.System);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            clock.SetUtcNow(DateTimeOffset.Parse(line, CultureInfo.InvariantCulture));
            await app.TickAsync(clock.GetUtcNow(), CancellationToken.None);
            await Console.Out.WriteLineAsync(kill.Operations.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IStateStore Store(string place) => place.Split('#') is [var connection, var table]
        ? new TableStateStore(new TableClient(connection, table))
        : new SqliteStateStore(new SqliteDatabase(place));
}
