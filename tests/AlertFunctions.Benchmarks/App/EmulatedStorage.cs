using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace AlertFunctions.Benchmarks.App;

/// <summary>Azurite of tests/node, in memory, on free ports.</summary>
internal sealed class EmulatedStorage : IDisposable
{
    // The emulator's published account; it opens nothing but an emulator. Source: learn.microsoft.com/azure/storage/common/storage-connect-azurite.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;
    private readonly int _queues;
    private readonly int _tables;

    private EmulatedStorage(Process process, int queues, int tables) => (_process, _queues, _tables) = (process, queues, tables);

    public static async Task<EmulatedStorage> StartAsync(CancellationToken cancellationToken)
    {
        var script = Path.Combine(PublishedProgram.Root, "tests", "node", "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            throw new InvalidOperationException("Azurite is not installed: run 'npm ci' in tests/node.");
        }

        var (blobs, queues, tables) = (FreePort(), FreePort(), FreePort());
        var process = Process.Start(new ProcessStartInfo(
            "node",
            [
                script, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}",
            ])
        { RedirectStandardOutput = true })!;
        for (var listening = 0; listening < 3;)
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("Azurite did not start.");
            listening += line.Contains("successfully listen", StringComparison.Ordinal) ? 1 : 0;
        }

        // Its pipe must not fill up.
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return new EmulatedStorage(process, queues, tables);
    }

    /// <summary>Makes what infra/modules/storage.bicep makes, and gives the connection string.</summary>
    public async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        var connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + $"QueueEndpoint=http://127.0.0.1:{_queues}/{Account};TableEndpoint=http://127.0.0.1:{_tables}/{Account};";
        await new TableClient(connection, "alertstate").CreateAsync(cancellationToken);
        foreach (var name in new[] { "evaluations", "evaluations-poison", "deliveries", "deliveries-poison" })
        {
            await new QueueClient(connection, name).CreateAsync(cancellationToken: cancellationToken);
        }

        return connection;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
