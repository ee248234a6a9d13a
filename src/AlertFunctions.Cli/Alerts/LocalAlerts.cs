using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace.State;

namespace AlertFunctions.Cli.Alerts;

/// <summary>The alerts of one folder: what runs found and what receivers were told, kept in its <c>state.db</c> from one command to the next.</summary>
internal sealed class LocalAlerts : IDisposable
{
    /// <summary>What a person looked at on their machine is not forgotten behind their back.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(36_500);

    private LocalAlerts(string folder)
    {
        Store = new SqliteStateStore(new SqliteDatabase(PathOf(folder)));
        Book = new AlertBook(Store);
        Log = new NotificationLog(Store);
        Marks = new MarkBook(Store);
        Silences = new SilenceStore(Store);
        Cards = new CardFolder(CardsOf(folder), Store);
    }

    public IStateStore Store { get; }

    public AlertBook Book { get; }

    public NotificationLog Log { get; }

    public MarkBook Marks { get; }

    public SilenceStore Silences { get; }

    /// <summary>What every receiver is on this machine.</summary>
    public CardFolder Cards { get; }

    public static string PathOf(string folder) => Path.Combine(folder, "state.db");

    /// <summary>Opens the state of a folder; makes it where there is none.</summary>
    /// <param name="folder">Where <c>state.db</c> and <c>cards/</c> lie.</param>
    /// <param name="isFresh">Whether what is there is removed first.</param>
    public static LocalAlerts Open(string folder, bool isFresh = false)
    {
        if (isFresh)
        {
            SqliteDatabase.Delete(PathOf(folder));
            CardFolder.Clear(CardsOf(folder));
        }

        return new(folder);
    }

    /// <summary>Opens the state that runs left in a folder.</summary>
    /// <exception cref="CommandFault">There is none.</exception>
    public static LocalAlerts OpenExisting(string folder) => File.Exists(PathOf(folder))
        ? new(folder)
        : throw new CommandFault($"There is no {PathOf(folder)}. `alertfn run --out {folder}` makes it; name another folder with --out.");

    /// <summary>The pipeline of routes over this state. Each receiver writes cards here, whatever it is in Azure.</summary>
    public AlertPipeline CreatePipeline(Routes routes, DetectionCatalogue catalogue, TimeProvider clock) => new(
        new PipelineOptions
        {
            Routes = routes,
            Notifiers = routes.Receivers.ToDictionary(receiver => receiver.Name, INotifier (_) => Cards, StringComparer.Ordinal),
            Detections = catalogue.Detections,
        },
        Book,
        Log,
        Silences,
        clock);

    public void Dispose()
    {
        Book.Dispose();
        Log.Dispose();
    }

    private static string CardsOf(string folder) => Path.Combine(folder, "cards");
}
