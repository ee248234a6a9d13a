namespace AlertFunctions.Testing;

/// <summary>
/// Time that passes only when nothing else is left to do: everything runs on one thread, and when all of it waits the clock goes on to the next timer. A day takes
/// as long as its work, and the same work always goes the same way. Code that moves to the thread pool leaves it, so it must not.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private readonly PriorityQueue<Timer, (DateTimeOffset, long)> _timers = new();
    private DateTimeOffset _now = Some.Noon;
    private long _sequence;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the work to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that no timer brings, or has left the thread.</exception>
    public void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var outer = SynchronizationContext.Current;
        var context = new Context();
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (context.TryRunOne())
                {
                    continue;
                }

                if (!_timers.TryDequeue(out var timer, out var due))
                {
                    throw new InvalidOperationException("All wait, and no timer is set.");
                }

                timer.Fire(due);
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private sealed class Context : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private volatile bool _isLeft;

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Environment.CurrentManagedThreadId == _thread)
            {
                _ready.Enqueue((d, state));
            }
            else
            {
                _isLeft = true;
            }
        }

        public bool TryRunOne()
        {
            if (_isLeft)
            {
                throw new InvalidOperationException("Something went to the thread pool and came back: the clock cannot tell when it has nothing left to do.");
            }

            if (!_ready.TryDequeue(out var next))
            {
                return false;
            }

            next.Callback(next.State);
            return true;
        }
    }

    private sealed class Timer(VirtualClock clock, Action callback) : ITimer
    {
        private (DateTimeOffset, long)? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = null;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _due = (clock._now + dueTime, clock._sequence++);
                clock._timers.Enqueue(this, _due.Value);
            }

            return true;
        }

        public void Fire((DateTimeOffset At, long) due)
        {
            if (_due != due)
            {
                return;
            }

            clock._now = due.At > clock._now ? due.At : clock._now;
            _due = null;
            callback();
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
