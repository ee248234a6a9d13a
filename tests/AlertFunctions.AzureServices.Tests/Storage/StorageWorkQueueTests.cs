using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Testing;

namespace AlertFunctions.AzureServices.Tests.Storage;

public sealed class StorageWorkQueueTests(Azurite azurite) : WorkQueueContract
{
    protected override async Task<IWorkQueue> QueueAsync()
    {
        var name = $"q{Guid.NewGuid():N}";
        return new StorageWorkQueue(await azurite.QueueAsync(name), await azurite.QueueAsync($"{name}-poison"), MaxDeliveries);
    }

    // The server's clock is its own: only waiting moves it.
    protected override Task PassAsync(TimeSpan time) => Task.Delay(time, TestContext.Current.CancellationToken);
}
