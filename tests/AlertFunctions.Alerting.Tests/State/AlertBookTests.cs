using System.Globalization;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.State;

public sealed class AlertBookTests
{
    private static readonly DateTimeOffset Now = Some.Noon;

    [Fact]
    public async Task Flush_ManyAlerts_LieTogetherAndAreReadAgain()
    {
        var store = new MemoryStateStore();
        using var book = new AlertBook(store);
        await FlushAsync(book, Records(0, 1000));

        var documents = await DocumentsAsync(store);
        using var again = new AlertBook(store);
        await again.LoadAsync(TestContext.Current.CancellationToken);
        Assert.InRange(documents.Count, 1000 / AlertPack.MostAlerts, 1000 / 32);
        Assert.Equal(
            book.Entries.Select(e => e.Record.Title).Order(StringComparer.Ordinal), again.Entries.Select(e => e.Record.Title).Order(StringComparer.Ordinal));

        await FlushAsync(again, [again.Entries.First().Record with { Severity = Severity.High }]);
        Assert.Single((await DocumentsAsync(store)).Except(documents));
    }

    [Fact]
    public async Task Flush_NothingLeft_LeavesNoDocument()
    {
        var store = new MemoryStateStore();
        using var book = new AlertBook(store);
        await FlushAsync(book, Records(0, 300));

        foreach (var entry in book.Entries.ToArray())
        {
            book.Remove(entry);
        }

        await book.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await DocumentsAsync(store));
    }

    [Fact]
    public async Task Flush_CrashBetweenTheNewDocumentsAndTheRemovalOfTheOld_KeepsTheNewer()
    {
        var store = new MemoryStateStore();
        using (var book = new AlertBook(store))
        {
            await FlushAsync(book, Records(0, 100));
        }

        var old = Assert.Single(await DocumentsAsync(store));
        using (var book = new AlertBook(store))
        {
            await book.LoadAsync(TestContext.Current.CancellationToken);
            await FlushAsync(book, Records(0, 200).Select(r => r with { Title = "new" }));
        }

        // As if the last write had not been made.
        var (partition, row, _) = old;
        await store.WriteAsync(partition, [new Put(row, await OldContentAsync(), null)], TestContext.Current.CancellationToken);
        using var again = new AlertBook(store);
        await again.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, again.Entries.Count);
        Assert.All(again.Entries, entry => Assert.Equal("new", entry.Record.Title));

        await again.FlushAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(await DocumentsAsync(store), document => document.Row == row);
    }

    [Fact]
    public async Task Flush_AnotherProcessWroteTheSameAlerts_KeepsBoth()
    {
        var store = new MemoryStateStore();
        using var one = new AlertBook(store);
        using var other = new AlertBook(store);
        await one.LoadAsync(TestContext.Current.CancellationToken);
        await other.LoadAsync(TestContext.Current.CancellationToken);
        await FlushAsync(one, Records(0, 10));

        await FlushAsync(other, Records(5, 10));

        using var read = new AlertBook(store);
        await read.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((15, 15), (other.Entries.Count, read.Entries.Count));
    }

    private static async Task<ReadOnlyMemory<byte>> OldContentAsync()
    {
        var store = new MemoryStateStore();
        using var book = new AlertBook(store);
        await FlushAsync(book, Records(0, 100));
        var (partition, row, _) = Assert.Single(await DocumentsAsync(store));
        return (await store.ReadAsync(partition, row, TestContext.Current.CancellationToken))!.Content;
    }

    private static IEnumerable<AlertRecord> Records(int from, int count) => Enumerable.Range(from, count)
        .Select(i => Some.Alert(i.ToString(CultureInfo.InvariantCulture)))
        .Select(alert => AlertLife.Found(null, alert, Some.Detection(), Now, Now, Now));

    private static async Task FlushAsync(AlertBook book, IEnumerable<AlertRecord> records)
    {
        foreach (var record in records)
        {
            book.Set(record);
        }

        await book.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<List<(string Partition, string Row, string ETag)>> DocumentsAsync(MemoryStateStore store)
    {
        var documents = new List<(string, string, string)>();
        foreach (var digit in "0123456789abcdef")
        {
            var partition = StateKey.Of("alerts", digit.ToString());
            await foreach (var document in store.ReadRangeAsync(partition, null, null, TestContext.Current.CancellationToken))
            {
                documents.Add((partition, document.Row, document.ETag));
            }
        }

        return documents;
    }
}
