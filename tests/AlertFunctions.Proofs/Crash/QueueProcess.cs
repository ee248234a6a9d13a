using System.Globalization;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Workspace.State;
using Azure.Storage.Queues;

namespace AlertFunctions.Proofs.Crash;

/// <summary>
/// A process that works a queue and is killed: for each line that it reads it takes an item, posts it to the receiver, and completes it. It answers with
/// the number of operations so far.
/// </summary>
internal static class QueueProcess
{
    public const string Command = "queue-process";

    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(1);

    /// <param name="args">The command, the queue's place, the receiver's address, and the point at which it is killed or <c>-</c>.</param>
    public static async Task RunAsync(string[] args)
    {
        var kill = new KillSwitch(args[3] == "-" ? null : int.Parse(args[3], CultureInfo.InvariantCulture));
        var queue = Open(args[1]);
        using var client = new HttpClient();
        while (await Console.In.ReadLineAsync() is not null)
        {
            foreach (var item in await kill.AroundAsync(() => queue.ReceiveAsync(1, Visibility, CancellationToken.None)))
            {
                using var content = new StringContent(item.Text);
                using var answer = await kill.AroundAsync(() => client.PostAsync(new Uri(args[2]), content));
                answer.EnsureSuccessStatusCode();
                await kill.AroundAsync(() => queue.CompleteAsync(item, CancellationToken.None));
            }

            await Console.Out.WriteLineAsync(kill.Operations.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <param name="place">A SQLite file, or the connection string of a storage account and the queue, joined by <c>#</c>.</param>
    public static IWorkQueue Open(string place)
    {
        if (place.Split('#') is not [var connection, var name])
        {
            return new SqliteWorkQueue(new SqliteDatabase(place), "work", TimeProvider.System);
        }

        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        return new StorageWorkQueue(new QueueClient(connection, name, options), new QueueClient(connection, $"{name}-poison", options));
    }
}
