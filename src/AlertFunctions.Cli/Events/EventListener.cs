using System.Globalization;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.Http;

namespace AlertFunctions.Cli.Events;

/// <summary>Takes events until it is stopped, and tells of each card that is written.</summary>
internal sealed class EventListener(CommandHost host, LocalReactions reactions)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    /// <summary>Listens until the token ends it.</summary>
    /// <param name="port">The port on this machine; 0 takes a free one.</param>
    /// <param name="written">Called after cards were written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(int port, Func<CancellationToken, Task> written, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(port, cancellationToken);
        host.Output.WriteLine($"Events: POST {new Uri(server.Address, EventGridServer.Path)}?functionName=HandleRegistryEvent (or HandleResourceEvent, HandleClusterEvent). Stop with Ctrl+C.");
        using var timer = new PeriodicTimer(Tick, host.Clock);
        try
        {
            do
            {
                var report = await reactions.TickAsync(cancellationToken);
                foreach (var notification in report.Sent)
                {
                    Tell(notification);
                }

                if (report.Sent.Count > 0)
                {
                    await written(cancellationToken);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
    }

    private async Task<LocalServer> StartAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            return await EventGridServer.StartAsync(port, HandleAsync, cancellationToken);
        }
        catch (IOException fault)
        {
            throw new CommandFault($"The port {port} cannot be listened on: {fault.Message} Choose another with --listen.");
        }
    }

    private async Task<bool> HandleAsync(string function, IReadOnlyList<System.Text.Json.JsonElement> events, CancellationToken cancellationToken)
    {
        if (await reactions.HandleAsync(function, events, cancellationToken) is not { } receipt)
        {
            return false;
        }

        foreach (var fault in receipt.Dropped)
        {
            host.Error.WriteLine($"An event was dropped: {fault.Detail.ReplaceLineEndings(" ")}");
        }

        return true;
    }

    private void Tell(Notification notification)
    {
        var time = notification.Now.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        foreach (var alert in notification.Group.Alerts)
        {
            host.Output.WriteLine($"{time} {alert.Severity} {alert.State} {alert.Detection}: {alert.Title.ReplaceLineEndings(" ")}");
        }
    }
}
