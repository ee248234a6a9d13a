using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.State;

public sealed class LeaseTests
{
    private readonly VirtualClock _clock = new();
    private readonly SwitchedStateStore _store = new();

    [Fact]
    public void Work_OfTwoProcesses_IsDoneByOneAtATime()
    {
        using var first = Lease();
        using var second = Lease();
        var done = new List<string>();

        _clock.Run(async () =>
        {
            var running = first.TryRunAsync(Work("first", 300, done), CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(200), _clock);
            Assert.False(await second.TryRunAsync(Work("second", 1, done), CancellationToken.None));
            Assert.False(await first.TryRunAsync(Work("first again", 1, done), CancellationToken.None));
            Assert.True(await running);
            Assert.True(await second.TryRunAsync(Work("second", 1, done), CancellationToken.None));
        });

        Assert.Equal(["first", "second"], done);
    }

    [Fact]
    public void Work_OfAProcessThatLostItsStore_EndsBeforeAnotherBegins()
    {
        using var first = Lease();
        using var second = Lease();
        DateTimeOffset? ended = null;
        DateTimeOffset? begun = null;

        _clock.Run(async () =>
        {
            var running = first.TryRunAsync(
                async token =>
                {
                    try
                    {
                        await Task.Delay(TimeSpan.FromHours(1), _clock, token);
                    }
                    finally
                    {
                        ended = _clock.GetUtcNow();
                    }
                },
                CancellationToken.None);
            _store.Unavailable = true;
            await Assert.ThrowsAsync<StateUnavailableException>(() => running);
            _store.Unavailable = false;
            while (!await second.TryRunAsync(Begin, CancellationToken.None))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _clock);
            }
        });

        Assert.True(ended < begun, $"{ended} {begun}");

        Task Begin(CancellationToken cancellationToken)
        {
            begun = _clock.GetUtcNow();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Work_ThatFails_LetsGoAtOnce()
    {
        using var first = Lease();
        using var second = Lease();

        _clock.Run(async () =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => first.TryRunAsync(_ => throw new InvalidOperationException(), CancellationToken.None));
            Assert.True(await second.TryRunAsync(_ => Task.CompletedTask, CancellationToken.None));
        });
    }

    private Lease Lease() => new(_store, "deliveries", _clock);

    private Func<CancellationToken, Task> Work(string name, int seconds, List<string> done) => async token =>
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), _clock, token);
        done.Add(name);
    };
}
