using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.State;

/// <summary>Two processes change the same alert: neither change is lost.</summary>
public sealed class AlertMergeTests : IDisposable
{
    private static readonly Detection Detection = Some.Detection(signal: SignalKind.Condition);
    private static readonly Alert Found = Some.Alert();

    private readonly MemoryStateStore _store = new();
    private readonly AlertBook _evaluating;
    private readonly AlertBook _delivering;

    public AlertMergeTests() => (_evaluating, _delivering) = (Book(), Book());

    public void Dispose()
    {
        _evaluating.Dispose();
        _delivering.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Told_WhileItIsSeenAgain_StaysToldAndSeen(bool evaluatedFirst)
    {
        await BothKnowAsync();
        See(_evaluating, 5);
        Tell(_delivering);

        var stored = await FlushAsync(evaluatedFirst);

        Assert.Equal((Some.Noon.AddMinutes(5), true), (stored.SeenAt, stored.Deliveries.ContainsKey("root")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Told_WhileItIsOver_IsStillToBeToldThatItIsOver(bool evaluatedFirst)
    {
        await BothKnowAsync();
        _evaluating.Update(Found.Fingerprint, r => AlertLife.Absent(r, Detection, Some.Noon.AddHours(1)));
        Tell(_delivering);

        var stored = await FlushAsync(evaluatedFirst);

        Assert.Equal((AlertState.Resolved, true), (stored.State, stored.IsPendingOn("root")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Told_WhileItBecomesWorse_IsToldAgain(bool evaluatedFirst)
    {
        await BothKnowAsync();
        See(_evaluating, 5, Severity.High);
        Tell(_delivering);

        var stored = await FlushAsync(evaluatedFirst);

        Assert.Equal((Severity.High, true), (stored.Severity, stored.IsPendingOn("root")));
    }

    [Fact]
    public async Task Found_ByTwoAtOnce_IsOneAlert()
    {
        await _evaluating.LoadAsync(CancellationToken.None);
        await _delivering.LoadAsync(CancellationToken.None);
        See(_evaluating, 0);
        See(_delivering, 5);

        var stored = await FlushAsync(evaluatedFirst: true);

        Assert.Equal((1, Some.Noon.AddMinutes(5)), (stored.Episode, stored.SeenAt));
    }

    [Fact]
    public async Task Held_WhileItIsSeenAgain_KeepsTheReason()
    {
        await BothKnowAsync();
        See(_evaluating, 5);
        _delivering.Update(Found.Fingerprint, r => r with { Held = new HeldBack(SuppressionReason.Silenced, "by me", Some.Noon) });

        Assert.Equal("by me", (await FlushAsync(evaluatedFirst: true)).Held?.Detail);
    }

    private AlertBook Book() => new(_store);

    private async Task BothKnowAsync()
    {
        await _evaluating.LoadAsync(CancellationToken.None);
        See(_evaluating, 0);
        await _evaluating.FlushAsync(CancellationToken.None);
        await _delivering.LoadAsync(CancellationToken.None);
    }

    private async Task<AlertRecord> FlushAsync(bool evaluatedFirst)
    {
        foreach (var book in evaluatedFirst ? new[] { _evaluating, _delivering } : [_delivering, _evaluating])
        {
            await book.FlushAsync(CancellationToken.None);
        }

        using var read = Book();
        await read.LoadAsync(CancellationToken.None);
        return Assert.Single(read.Entries).Record;
    }

    private static void See(AlertBook book, int minute, Severity severity = Severity.Medium)
    {
        var at = Some.Noon.AddMinutes(minute);
        var known = book.TryGet(Found.Fingerprint, out var entry) ? entry.Record : null;
        book.Set(AlertLife.Found(known, Found with { Severity = severity }, Detection, at, at, at), TimeSpan.Zero);
    }

    private static void Tell(AlertBook book) => book.Update(Found.Fingerprint, r => r with
    {
        Deliveries = ImmutableDictionary<string, Delivery>.Empty.Add("root", new Delivery(AlertState.Firing, Some.Noon.AddMinutes(1))),
    });
}
