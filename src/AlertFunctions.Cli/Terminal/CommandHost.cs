using Spectre.Console;

namespace AlertFunctions.Cli.Terminal;

/// <summary>What a command may use of the process that it runs in: where its results and its messages go, and the time.</summary>
internal sealed class CommandHost(Screen output, Screen error, TimeProvider clock)
{
    // Work that is done before anybody wonders is not announced to a pipe.
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(2);

    /// <summary>Results, and nothing else: what a pipe receives.</summary>
    public Screen Output { get; } = output;

    /// <summary>Progress, notes and faults.</summary>
    public Screen Error { get; } = error;

    public TimeProvider Clock { get; } = clock;

    public static CommandHost ForProcess() => new(
        new Screen(Console.Out, isTerminal: !Console.IsOutputRedirected),
        new Screen(Console.Error, isTerminal: !Console.IsErrorRedirected),
        TimeProvider.System);

    /// <summary>Does a long work while its progress is shown: as a bar on a terminal, else as a line every few seconds.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<IProgress<Step>, Task<T>> work)
    {
        if (!Error.IsTerminal)
        {
            return await work(new Lines(this, title));
        }

        return await Error.Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title)), title)));
    }

    private sealed class Bar(ProgressTask task, string title) : IProgress<Step>
    {
        public void Report(Step value)
        {
            task.IsIndeterminate = value.Total <= 0;
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
            task.Description = Markup.Escape(Screen.Printable($"{title}: {value.Detail}"));
        }
    }

    private sealed class Lines(CommandHost host, string title) : IProgress<Step>
    {
        private readonly Lock _lock = new();
        private long _last = host.Clock.GetTimestamp();

        public void Report(Step value)
        {
            lock (_lock)
            {
                if (host.Clock.GetElapsedTime(_last) < QuietFor)
                {
                    return;
                }

                _last = host.Clock.GetTimestamp();
                var percent = value.Total > 0 ? $" {value.Done / value.Total:P0}" : "";
                host.Error.WriteLine($"{title}{percent}: {value.Detail}");
            }
        }
    }
}
