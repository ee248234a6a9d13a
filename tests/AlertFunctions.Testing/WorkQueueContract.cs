using AlertFunctions.Alerting.State;

namespace AlertFunctions.Testing;

/// <summary>What every <see cref="IWorkQueue"/> promises. An adapter's tests derive from this.</summary>
public abstract class WorkQueueContract
{
    /// <summary>How often an item of the queues under test is delivered before it goes to the poison queue.</summary>
    protected const int MaxDeliveries = 3;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An empty queue with <see cref="MaxDeliveries"/>.</summary>
    protected abstract Task<IWorkQueue> QueueAsync();

    /// <summary>Lets the queue's clock go on: a simulated one jumps, a real server's is waited for.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task Receive_EmptyQueue_GivesNothing()
    {
        var queue = await QueueAsync();

        Assert.Empty(await queue.ReceiveAsync(32, Minute, Token));
        Assert.Empty(await queue.PeekPoisonAsync(32, Token));
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("<&>\"' é \u2028 \U0001F600\n\tdGVzdA==")]
    public async Task Receive_SentText_ComesBackUnchanged(string text)
    {
        var queue = await QueueAsync();
        await queue.SendAsync(text, TimeSpan.Zero, Token);

        var item = Assert.Single(await queue.ReceiveAsync(32, Minute, Token));

        Assert.Equal(text, item.Text);
        Assert.Equal(1, item.Deliveries);
        Assert.Empty(await queue.ReceiveAsync(32, Minute, Token));
        Assert.True(await queue.CompleteAsync(item, Token));
        Assert.False(await queue.CompleteAsync(item, Token));
    }

    [Fact]
    public async Task Send_LongestText_Fits()
    {
        var queue = await QueueAsync();
        var text = new string('x', StateLimits.MaxMessageBytes);

        await queue.SendAsync(text, TimeSpan.Zero, Token);

        Assert.Equal(text, Assert.Single(await queue.ReceiveAsync(1, Minute, Token)).Text);
        await Assert.ThrowsAsync<ArgumentException>(() => queue.SendAsync(text + "x", TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task Release_ReceivedItem_ShowsItAgainAndCounts()
    {
        var queue = await QueueAsync();
        await queue.SendAsync("work", TimeSpan.Zero, Token);
        var first = Assert.Single(await queue.ReceiveAsync(1, Minute, Token));

        Assert.True(await queue.ReleaseAsync(first, TimeSpan.Zero, Token));

        var second = Assert.Single(await queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.Deliveries);
        Assert.False(await queue.CompleteAsync(first, Token));
        Assert.False(await queue.ReleaseAsync(first, TimeSpan.Zero, Token));
        Assert.True(await queue.CompleteAsync(second, Token));
    }

    [Fact]
    public async Task Receive_AfterTheVisibilityTimeout_DeliversAgain()
    {
        var queue = await QueueAsync();
        await queue.SendAsync("work", TimeSpan.Zero, Token);
        var first = Assert.Single(await queue.ReceiveAsync(1, TimeSpan.FromSeconds(1), Token));

        await PassAsync(TimeSpan.FromSeconds(1.5));

        var second = Assert.Single(await queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(2, second.Deliveries);
        Assert.False(await queue.CompleteAsync(first, Token));
    }

    [Fact]
    public async Task Send_WithDelay_IsVisibleWhenItHasPassed()
    {
        var queue = await QueueAsync();
        await queue.SendAsync("later", TimeSpan.FromSeconds(1), Token);

        Assert.Empty(await queue.ReceiveAsync(1, Minute, Token));
        await PassAsync(TimeSpan.FromSeconds(1.5));

        Assert.Equal("later", Assert.Single(await queue.ReceiveAsync(1, Minute, Token)).Text);
    }

    [Fact]
    public async Task Receive_DeliveredTooOften_GoesToThePoisonQueueAndHoldsUpNothing()
    {
        var queue = await QueueAsync();
        await queue.SendAsync("poison", TimeSpan.Zero, Token);
        for (var i = 0; i < MaxDeliveries; i++)
        {
            await queue.ReleaseAsync(Assert.Single(await queue.ReceiveAsync(1, Minute, Token)), TimeSpan.Zero, Token);
        }

        await queue.SendAsync("good", TimeSpan.Zero, Token);

        Assert.Equal(["good"], (await queue.ReceiveAsync(1, Minute, Token)).Select(item => item.Text));
        Assert.Equal(["poison"], await queue.PeekPoisonAsync(32, Token));
        Assert.Equal(["poison"], await queue.PeekPoisonAsync(32, Token));
    }

    [Fact]
    public async Task Receive_ManyItems_EachIsDeliveredOnce()
    {
        var queue = await QueueAsync();
        for (var i = 0; i < 50; i++)
        {
            await queue.SendAsync($"{i}", TimeSpan.Zero, Token);
        }

        var batches = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => queue.ReceiveAsync(16, Minute, Token), Token)));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}").Order(), batches.SelectMany(batch => batch).Select(item => item.Text).Order());
    }
}
