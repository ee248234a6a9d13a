using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;
using AlertFunctions.Workspace.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Workspace.Tests.State;

public sealed class SqliteStateStoreTests : StateStoreContract, IDisposable
{
    private readonly TemporaryDatabase _file = new();

    [Fact]
    public async Task Write_AnotherOpeningOfTheFile_SeesIt()
    {
        var written = Assert.IsType<Written>(
            await new SqliteStateStore(_file.Open()).WriteAsync("p", [new Put("r", "x"u8.ToArray(), null)], TestContext.Current.CancellationToken));

        var document = await new SqliteStateStore(_file.Open()).ReadAsync("p", "r", TestContext.Current.CancellationToken);

        Assert.Equal(written.ETags[0], document!.ETag);
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsUnavailable()
    {
        File.WriteAllText(_file.Path, new string('x', 4096));

        Assert.Throws<StateUnavailableException>(() => _file.Open());
    }

    public void Dispose() => _file.Dispose();

    protected override Task<IStateStore> StoreAsync() => Task.FromResult<IStateStore>(new SqliteStateStore(_file.Open()));
}

public sealed class SqliteWorkQueueTests : WorkQueueContract, IDisposable
{
    private readonly TemporaryDatabase _file = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _file.Dispose();

    protected override Task<IWorkQueue> QueueAsync() => Task.FromResult<IWorkQueue>(new SqliteWorkQueue(_file.Open(), "work", _time, MaxDeliveries));

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

/// <summary>A database file in a folder of its own, gone when the test is over.</summary>
internal sealed class TemporaryDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("alertfn-state-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "state.db");

    public SqliteDatabase Open() => new(Path);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
