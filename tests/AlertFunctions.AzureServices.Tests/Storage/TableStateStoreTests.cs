using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Testing;
using Azure.Data.Tables;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace AlertFunctions.AzureServices.Tests.Storage;

public sealed class TableStateStoreTests(Azurite azurite) : StateStoreContract
{
    private IStateStore? _store;

    [Fact]
    public async Task Read_ServiceDoesNotAnswer_IsUnavailableAndTellsNoAddress()
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var store = new TableStateStore(new TableClient(
            new Uri("http://127.0.0.1:9/secretaccount"), "state", new TableSharedKeyCredential("secretaccount", Convert.ToBase64String(new byte[32])), options));

        var exception = await Assert.ThrowsAsync<StateUnavailableException>(() => store.ReadAsync("p", "r", TestContext.Current.CancellationToken));

        Assert.DoesNotContain("secretaccount", exception.ToString());
        Assert.Contains("no answer", exception.Message);
    }

    [Fact]
    public async Task Write_TableIsMissing_IsUnavailableNotAConflict()
    {
        var table = await azurite.TableAsync();
        await table.DeleteAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<StateUnavailableException>(() => new TableStateStore(table).WriteAsync(
            "p", [new Put("r", "x"u8.ToArray(), null)], TestContext.Current.CancellationToken));

        Assert.Contains("404 TableNotFound", exception.Message);
    }

    protected override async Task<IStateStore> StoreAsync() => _store ??= new TableStateStore(await azurite.TableAsync());
}
