using System.Text;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Testing;

/// <summary>What every <see cref="IStateStore"/> promises. An adapter's tests derive from this.</summary>
public abstract class StateStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A partition of its own for each test, so that adapters may share one store.</summary>
    private readonly string _partition = StateKey.Of("test", Guid.NewGuid().ToString());

    /// <summary>The store under test.</summary>
    protected abstract Task<IStateStore> StoreAsync();

    [Fact]
    public async Task Read_NothingWritten_GivesNull()
    {
        var store = await StoreAsync();

        Assert.Null(await store.ReadAsync(_partition, "row", Token));
        Assert.Empty(await RowsAsync(store, null, null));
    }

    [Fact]
    public async Task Write_NewDocument_IsReadBackWithItsETag()
    {
        var store = await StoreAsync();

        var written = Assert.IsType<Written>(await store.WriteAsync(_partition, [new Put("row", Bytes("{\"é\":1}"), null)], Token));

        var document = await store.ReadAsync(_partition, "row", Token);
        Assert.Equal("{\"é\":1}", Encoding.UTF8.GetString(document!.Content.Span));
        Assert.Equal(written.ETags[0], document.ETag);
    }

    [Fact]
    public async Task Write_ExistingDocumentAsNew_IsAConflict()
    {
        var store = await StoreAsync();
        await store.WriteAsync(_partition, [new Put("row", Bytes("1"), null)], Token);

        Assert.Equal(new Conflict("row"), await store.WriteAsync(_partition, [new Put("row", Bytes("2"), null)], Token));
        Assert.Equal("1", await TextAsync(store, "row"));
    }

    [Fact]
    public async Task Write_StaleETag_IsAConflict()
    {
        var store = await StoreAsync();
        var first = await PutAsync(store, "row", "1", null);
        await PutAsync(store, "row", "2", first);

        Assert.Equal(new Conflict("row"), await store.WriteAsync(_partition, [new Put("row", Bytes("3"), first)], Token));
        Assert.Equal(new Conflict("row"), await store.WriteAsync(_partition, [new Remove("row", first)], Token));
        Assert.Equal("2", await TextAsync(store, "row"));
    }

    [Fact]
    public async Task Write_ETagOfAMissingDocument_IsAConflict()
    {
        var store = await StoreAsync();
        var etag = await PutAsync(store, "row", "1", null);
        await store.WriteAsync(_partition, [new Remove("row", etag)], Token);

        Assert.Equal(new Conflict("row"), await store.WriteAsync(_partition, [new Put("row", Bytes("2"), etag)], Token));
        Assert.Null(await store.ReadAsync(_partition, "row", Token));
    }

    [Fact]
    public async Task Write_AnyETag_WritesAndRemovesWhateverIsThere()
    {
        var store = await StoreAsync();

        await PutAsync(store, "row", "1", StateChange.Any);
        await PutAsync(store, "row", "2", StateChange.Any);
        Assert.Equal("2", await TextAsync(store, "row"));

        Assert.IsType<Written>(await store.WriteAsync(_partition, [new Remove("row", StateChange.Any)], Token));
        Assert.IsType<Written>(await store.WriteAsync(_partition, [new Remove("row", StateChange.Any)], Token));
        Assert.Null(await store.ReadAsync(_partition, "row", Token));
    }

    [Fact]
    public async Task Write_OneConflictAmongMany_ChangesNothing()
    {
        var store = await StoreAsync();
        await PutAsync(store, "b", "old", null);

        var result = await store.WriteAsync(
            _partition, [new Put("a", Bytes("new"), null), new Put("b", Bytes("new"), null), new Put("c", Bytes("new"), null)], Token);

        Assert.Equal(new Conflict("b"), result);
        Assert.Equal(["b"], await RowsAsync(store, null, null));
        Assert.Equal("old", await TextAsync(store, "b"));
    }

    [Fact]
    public async Task Write_MostChangesAtOnce_AreAllMade()
    {
        var store = await StoreAsync();
        var changes = Enumerable.Range(0, StateLimits.MaxChanges).Select(i => new Put($"{i:D3}", Bytes($"{i}"), null)).ToList();

        var written = Assert.IsType<Written>(await store.WriteAsync(_partition, changes, Token));

        Assert.Equal(StateLimits.MaxChanges, written.ETags.Count);
        Assert.Equal(changes.Select(change => change.Row), await RowsAsync(store, null, null));
        Assert.Equal(written.ETags[57], (await store.ReadAsync(_partition, "057", Token))!.ETag);
    }

    [Fact]
    public async Task Write_LargestDocument_IsReadBackWhole()
    {
        var store = await StoreAsync();
        var content = new byte[StateLimits.MaxContentBytes];
        Array.Fill(content, (byte)'x');
        content[^1] = (byte)'y';

        await store.WriteAsync(_partition, [new Put("row", content, null)], Token);

        Assert.True((await store.ReadAsync(_partition, "row", Token))!.Content.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task Write_ShorterContent_LeavesNothingOfTheLonger()
    {
        var store = await StoreAsync();
        var first = await PutAsync(store, "row", new string('x', 200_000), null);

        await PutAsync(store, "row", "short", first);

        Assert.Equal("short", await TextAsync(store, "row"));
    }

    [Fact]
    public async Task ReadRange_Bounds_AreFromInclusiveToExclusiveInOrdinalOrder()
    {
        var store = await StoreAsync();
        foreach (var row in (string[])["b", "A", "a", "c", "B", "a|1", "a~0020"])
        {
            await PutAsync(store, row, row, null);
        }

        Assert.Equal(["A", "B", "a", "a|1", "a~0020", "b", "c"], await RowsAsync(store, null, null));
        Assert.Equal(["a", "a|1", "a~0020"], await RowsAsync(store, "a", StateKey.After("a")));
        Assert.Equal(["b", "c"], await RowsAsync(store, "b", null));
        Assert.Equal(["A", "B"], await RowsAsync(store, null, "a"));
    }

    [Fact]
    public async Task ReadRange_ManyRows_GivesAllOfThem()
    {
        var store = await StoreAsync();
        for (var batch = 0; batch < 12; batch++)
        {
            await store.WriteAsync(_partition, [.. Enumerable.Range(batch * 100, 100).Select(i => new Put($"{i:D5}", Bytes("x"), null))], Token);
        }

        Assert.Equal(Enumerable.Range(0, 1200).Select(i => $"{i:D5}"), await RowsAsync(store, null, null));
    }

    [Fact]
    public async Task Write_TwoWritersOfOneDocument_OnlyOneWins()
    {
        var store = await StoreAsync();
        var etag = await PutAsync(store, "row", "0", null);

        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i =>
            Task.Run(() => store.WriteAsync(_partition, [new Put("row", Bytes($"{i}"), etag)], Token), Token)));

        Assert.Single(results.OfType<Written>());
        Assert.Equal(7, results.OfType<Conflict>().Count());
    }

    [Fact]
    public async Task Write_HostileKeyText_IsKeptApartByStateKey()
    {
        var store = await StoreAsync();
        string[] texts = ["a/b", "a\\b", "a#b", "a?b", "a b", "a\tb", "a\u0000b", "aéb", "a~002fb", new string('z', 4000), new string('z', 4001)];
        foreach (var text in texts)
        {
            await PutAsync(store, StateKey.Of(text), text, null);
        }

        foreach (var text in texts)
        {
            Assert.Equal(text, await TextAsync(store, StateKey.Of(text)));
        }
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Write_KeyThatAzureRefuses_Throws(string row)
    {
        var store = await StoreAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.WriteAsync(_partition, [new Put(row, Bytes("x"), null)], Token));
    }

    [Fact]
    public async Task Write_BeyondTheLimits_Throws()
    {
        var store = await StoreAsync();
        var tooMany = Enumerable.Range(0, StateLimits.MaxChanges + 1).Select(i => new Put($"{i}", Bytes("x"), null)).ToList();

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(_partition, [], Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(_partition, tooMany, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(_partition, [new Put("a", Bytes("1"), null), new Put("a", Bytes("2"), null)], Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(_partition, [new Put("a", new byte[StateLimits.MaxContentBytes + 1], null)], Token));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<string> PutAsync(IStateStore store, string row, string text, string? ifMatch) =>
        Assert.IsType<Written>(await store.WriteAsync(_partition, [new Put(row, Bytes(text), ifMatch)], Token)).ETags[0];

    private async Task<string> TextAsync(IStateStore store, string row) =>
        Encoding.UTF8.GetString((await store.ReadAsync(_partition, row, Token))!.Content.Span);

    private async Task<List<string>> RowsAsync(IStateStore store, string? from, string? to)
    {
        var rows = new List<string>();
        await foreach (var document in store.ReadRangeAsync(_partition, from, to, Token))
        {
            rows.Add(document.Row);
        }

        return rows;
    }
}
