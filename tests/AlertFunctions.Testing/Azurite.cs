using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace AlertFunctions.Testing;

/// <summary>
/// Microsoft's storage emulator on free ports, in memory: started by the first who asks, ended with this object. As a fixture of a test assembly it
/// lives as long as the test process.
/// </summary>
public sealed class Azurite : IDisposable
{
    // The emulator's published account; it opens nothing but an emulator. Source: learn.microsoft.com/azure/storage/common/storage-connect-azurite.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly SemaphoreSlim _starting = new(1);
    private Process? _process;
    private int _queuePort;
    private int _tablePort;

    private Uri TableEndpoint => new($"http://127.0.0.1:{_tablePort}/{Account}");

    public async Task<TableClient> TableAsync()
    {
        await StartAsync();
        var table = new TableClient(TableEndpoint, $"t{Guid.NewGuid():N}", new TableSharedKeyCredential(Account, Key));
        await table.CreateAsync(TestContext.Current.CancellationToken);
        return table;
    }

    /// <summary>Where tables are, and what opens them.</summary>
    public async Task<(Uri Endpoint, TableSharedKeyCredential Credential)> TablesAsync()
    {
        await StartAsync();
        return (TableEndpoint, new TableSharedKeyCredential(Account, Key));
    }

    /// <summary>Where queues are, and what opens them.</summary>
    public async Task<(Uri Endpoint, Azure.Storage.StorageSharedKeyCredential Credential)> QueuesAsync()
    {
        await StartAsync();
        return (new Uri($"http://127.0.0.1:{_queuePort}/{Account}"), new Azure.Storage.StorageSharedKeyCredential(Account, Key));
    }

    /// <summary>What a program of its own connects with; the table is there.</summary>
    public async Task<string> ConnectionStringAsync(string table)
    {
        await StartAsync();
        var connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + $"QueueEndpoint=http://127.0.0.1:{_queuePort}/{Account};TableEndpoint=http://127.0.0.1:{_tablePort}/{Account};";
        await new TableClient(connection, table).CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task<QueueClient> QueueAsync(string name)
    {
        await StartAsync();
        var queue = new QueueClient(
            new Uri($"http://127.0.0.1:{_queuePort}/{Account}/{name}"),
            new Azure.Storage.StorageSharedKeyCredential(Account, Key),
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        return queue;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
        _starting.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAsync()
    {
        var modules = await NodeModules.RequireAsync();
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null)
            {
                await StartAsync(Path.Combine(modules, "azurite", "dist", "src", "azurite.js"));
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartAsync(string script)
    {
        (var blobPort, _queuePort, _tablePort) = (FreePort(), FreePort(), FreePort());
        _process = Process.Start(new ProcessStartInfo(
            "node",
            [
                script, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                "--blobPort", $"{blobPort}", "--queuePort", $"{_queuePort}", "--tablePort", $"{_tablePort}",
            ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

        // It says so when each service listens.
        var listening = 0;
        while (listening < 3 && await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            listening += line.Contains("successfully listen", StringComparison.Ordinal) ? 1 : 0;
        }

        if (listening < 3)
        {
            throw new InvalidOperationException($"Azurite did not start: {await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        }

        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }
}
