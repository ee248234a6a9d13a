using System.Text;
using AlertFunctions.Alerting.State;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace AlertFunctions.AzureServices.Storage;

/// <summary>
/// Work in an Azure Storage queue, and in the queue <c>{name}-poison</c> what was received too often: the name and the rule of the Functions host's own
/// queue trigger, so that both may read the same queue. Both queues are made by the infrastructure. The clients must use Base64 (the host's default),
/// since plain messages must be valid XML.
/// </summary>
public sealed class StorageWorkQueue(QueueClient queue, QueueClient poison, int maxDeliveries = 5) : IWorkQueue
{
    /// <summary>The service's longest hiding time is seven days, its least for a receive one second.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    /// <summary>A message that never expires on its own; the service's default is seven days.</summary>
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    public Task SendAsync(string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) > StateLimits.MaxMessageBytes)
        {
            throw new ArgumentException($"A work item holds at most {StateLimits.MaxMessageBytes} bytes.", nameof(text));
        }

        return CallAsync(
            async () => await queue.SendMessageAsync(text, delay < LongestDelay ? delay : LongestDelay, Forever, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<WorkItem>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            var items = new List<WorkItem>();
            while (items.Count < count)
            {
                var messages = (await queue.ReceiveMessagesAsync(count - items.Count, visibility, cancellationToken)).Value;
                if (messages.Length == 0)
                {
                    break;
                }

                foreach (var message in messages)
                {
                    if (message.DequeueCount > maxDeliveries)
                    {
                        await GiveUpAsync(message, cancellationToken);
                    }
                    else
                    {
                        items.Add(new WorkItem(message.MessageId, message.PopReceipt, message.Body.ToString(), message.DequeueCount));
                    }
                }
            }

            return (IReadOnlyList<WorkItem>)items;
        },
        cancellationToken);

    public Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken) =>
        IfHeldAsync(() => queue.DeleteMessageAsync(item.Id, item.Receipt, cancellationToken), cancellationToken);

    public Task<bool> ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        IfHeldAsync(
            async () => await queue.UpdateMessageAsync(item.Id, item.Receipt, item.Text, delay < LongestDelay ? delay : LongestDelay, cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<string>> PeekPoisonAsync(int count, CancellationToken cancellationToken) => CallAsync(
        async () => (IReadOnlyList<string>)[.. (await poison.PeekMessagesAsync(count, cancellationToken)).Value.Select(message => message.Body.ToString())],
        cancellationToken);

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (StorageFault.IsOfTheWorld(exception, cancellationToken))
        {
            throw StorageFault.Unavailable("work queue", exception);
        }
    }

    private static Task<bool> IfHeldAsync(Func<Task> call, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            try
            {
                await call();
                return true;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.MessageNotFound
                || exception.ErrorCode == QueueErrorCode.PopReceiptMismatch)
            {
                return false;
            }
        },
        cancellationToken);

    /// <summary>First there, then gone here: a crash between both leaves two copies and loses none.</summary>
    private async Task GiveUpAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        await poison.SendMessageAsync(message.Body, timeToLive: Forever, cancellationToken: cancellationToken);
        await IfHeldAsync(() => queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken), cancellationToken);
    }
}
