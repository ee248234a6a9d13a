using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.Composition;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Tests.Composition;

public sealed class AlertingServiceTests
{
    [Fact]
    public void Dispose_EndsItsNotifiers()
    {
        var time = new FakeTimeProvider(Some.Noon);
        var notifier = new DisposableNotifier();
        var ports = new AlertingPorts(
            new ScriptedQueryEngine(_ => throw new InvalidOperationException("Nothing is asked.")),
            new MemoryStateStore(),
            new WorkQueues(new MemoryWorkQueue(time), new MemoryWorkQueue(time)),
            new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = notifier, ["other"] = new CollectingNotifier() },
            time);

        new AlertingService(ports, Some.EmptyCatalogue, [], [], new Routes { Root = new Route { Id = "root", Receiver = "team" } }).Dispose();

        Assert.True(notifier.IsDisposed);
    }

    private sealed class DisposableNotifier : INotifier, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken) => Task.FromResult<NotifyResult>(new Sent());

        public void Dispose() => IsDisposed = true;
    }
}
