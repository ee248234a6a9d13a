using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.State;

public sealed class MemoryWorkQueueTests : WorkQueueContract
{
    private readonly FakeTimeProvider _time = new();

    protected override Task<IWorkQueue> QueueAsync() => Task.FromResult<IWorkQueue>(new MemoryWorkQueue(_time, MaxDeliveries));

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
