using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Http;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Proofs.Day;

/// <summary>
/// Log Analytics as it would have been at a time of the simulated day: the embedded workspace behind the service's own API, with the records
/// that queries see by then.
/// </summary>
internal sealed class LogService : IAsyncDisposable
{
    private readonly SimulatedDay _day;
    private readonly EmbeddedWorkspace _workspace;
    private readonly LocalServer _server;
    private readonly FakeTimeProvider _clock;
    private int _loaded;

    private LogService(SimulatedDay day, EmbeddedWorkspace workspace, LocalServer server, FakeTimeProvider clock) =>
        (_day, _workspace, _server, _clock) = (day, workspace, server, clock);

    public Uri Address => _server.Address;

    /// <summary>The service's clock.</summary>
    public TimeProvider Clock => _clock;

    public static async Task<LogService> StartAsync(SimulatedDay day, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(SimulatedDay.Start);
        var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { TimeProvider = clock });
        try
        {
            var server = await WorkspaceServer.StartAsync(workspace, new WorkspaceServerOptions { TimeProvider = clock }, cancellationToken);
            return new LogService(day, workspace, server, clock);
        }
        catch
        {
            await workspace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the time be <paramref name="now"/>, and shows the records that are seen by then.</summary>
    public async Task MoveToAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = _loaded;
        while (_loaded < _day.Records.Length && _day.Records[_loaded].VisibleAt <= now)
        {
            _loaded++;
        }

        foreach (var table in _day.Records[from.._loaded].GroupBy(record => record.Table))
        {
            var report = await _workspace.IngestAsync(table.Key, table.Select(record => record.Row), cancellationToken);
            if (report.Faults.Count > 0)
            {
                throw new InvalidOperationException($"The simulated day does not fit its tables: {report.Faults[0]}");
            }
        }

        _clock.SetUtcNow(now);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _workspace.DisposeAsync();
    }
}
