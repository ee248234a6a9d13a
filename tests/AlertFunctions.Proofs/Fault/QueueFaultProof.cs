using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.Storage;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Queues;

namespace AlertFunctions.Proofs.Fault;

/// <summary>
/// Sends items through a queue that fails at random and works them until none comes any more. An item is in flight while it is sent and until it is
/// completed: where a fault falls into that, it may be worked again.
/// </summary>
internal sealed class QueueFaultProof(Uri queues, StorageSharedKeyCredential credential, FaultSource faults)
{
    private const int Items = 60;

    // Every lost answer of a receive counts as a delivery; what is given up is for the queue's contract tests.
    private const int MostDeliveries = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(1);

    /// <summary>An item that has not come by then is lost.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(30);

    public async Task<DeliveryLine> RunAsync(CancellationToken cancellationToken)
    {
        await using var proxy = await FaultProxy.StartAsync(queues, faults);
        using var impatient = new HttpClient { Timeout = Patience };
        var name = $"q{Guid.NewGuid():N}";
        var (queue, poison) = (await ClientAsync(proxy.Address, name, impatient), await ClientAsync(proxy.Address, $"{name}-poison", impatient));
        var work = new StorageWorkQueue(queue, poison, MostDeliveries);
        var mayRepeat = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Items; i++)
        {
            var item = string.Create(CultureInfo.InvariantCulture, $"item-{i}");
            mayRepeat[item] = 0;
            while (!await TryAsync(() => work.SendAsync(item, TimeSpan.Zero, cancellationToken)))
            {
                mayRepeat[item]++;
            }
        }

        var worked = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seen = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(seen) < (worked.Count < Items ? Never : 3 * Visibility);)
        {
            IReadOnlyList<WorkItem> items = [];
            await TryAsync(async () => items = await work.ReceiveAsync(16, Visibility, cancellationToken));
            foreach (var item in items)
            {
                seen = Stopwatch.GetTimestamp();
                worked[item.Text] = worked.GetValueOrDefault(item.Text) + 1;
                if (!await TryAsync(() => work.CompleteAsync(item, cancellationToken)))
                {
                    mayRepeat[item.Text]++;
                }
            }
        }

        return new DeliveryLine(
            "queue",
            Items,
            Items - worked.Count,
            worked.Values.Sum(count => count - 1),
            worked.Sum(item => Math.Min(item.Value - 1, mayRepeat[item.Key])));
    }

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (StateUnavailableException)
        {
            return false;
        }
    }

    private async Task<QueueClient> ClientAsync(Uri address, string name, HttpClient impatient)
    {
        await new QueueClient(new Uri($"{queues}/{name}"), credential).CreateAsync();
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64, Transport = new HttpClientTransport(impatient) };
        options.Retry.MaxRetries = 0;
        return new QueueClient(new Uri($"{address}/{name}"), credential, options);
    }
}
