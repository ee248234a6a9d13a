using System.Text.Json;
using AlertFunctions.Alerting.State;

#pragma warning disable CA1849 // What hangs on these tokens is quick; by way of the thread pool it would only be later.

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// The identity's right to ask Log Analytics, shared by all processes that use it. A slot is one of <see cref="QueryLimits.Concurrent"/> equal parts of it:
/// one query at a time, and its share of the requests. A process holds slots by leases in the store while it has queries to run, and lets them go when it
/// has none; one that dies loses them after a minute, when what it had asked counts no more. Who waits longest in a process is served first.
/// </summary>
public sealed class QuerySlots
{
    private const string Partition = "query-slots";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewedWhenLeft = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan UsedWhenLeft = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeptIdle = TimeSpan.FromSeconds(2);

    private readonly IStateStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _per;
    private readonly int _share;
    private readonly string _holder = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly Slot[] _slots;
    private readonly LinkedList<TaskCompletionSource<Slot>> _waiting = [];
    private TaskCompletionSource _signal = new();
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _lastUse;
    private DateTimeOffset _nextAsk;
    private bool _isKept;

    public QuerySlots(IStateStore store, QueryLimits limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (_store, _time, _per) = (store, time, limits.Per);
        _share = Math.Max(1, limits.Requests / limits.Concurrent);
        _slots = [.. Enumerable.Range(0, limits.Concurrent).Select(number => new Slot(number))];
    }

    /// <summary>Runs the query when there is a slot for it.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached, so that nobody knows which slots are free.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var slot = await EnterAsync(cancellationToken);
        try
        {
            return await query(cancellationToken);
        }
        finally
        {
            Leave(slot);
        }
    }

    /// <summary>Starts no query for a while: the service has said that the identity asked too much.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (_lock)
        {
            var until = _time.GetUtcNow() + (duration < Length ? duration : Length);
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }

    private async Task<Slot> EnterAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<Slot>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool mustWait;
        lock (_lock)
        {
            _waiting.AddLast(waiter);
            Serve(_time.GetUtcNow());
            mustWait = !waiter.Task.IsCompleted;
        }

        if (mustWait)
        {
            Wake();
        }

        await using var cancelling = cancellationToken.Register(() =>
        {
            lock (_lock)
            {
                if (_waiting.Remove(waiter))
                {
                    waiter.SetCanceled(cancellationToken);
                }
            }
        });
        return await waiter.Task;
    }

    private void Leave(Slot slot)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            slot.IsUsed = false;
            slot.Ended.Enqueue(now);
            _lastUse = now;
            Serve(now);
        }
    }

    /// <summary>Hands slots that are ready to those who wait.</summary>
    private void Serve(DateTimeOffset now)
    {
        while (_waiting.First is { } first && _slots.FirstOrDefault(slot => ReadyAt(slot, now) <= now) is { } ready)
        {
            ready.IsUsed = true;
            _waiting.RemoveFirst();
            first.Value.SetResult(ready);
        }
    }

    /// <summary>When the next query may start in it; never where it is used or not held.</summary>
    private DateTimeOffset ReadyAt(Slot slot, DateTimeOffset now)
    {
        if (slot.IsUsed || slot.HeldUntil <= now + UsedWhenLeft)
        {
            return DateTimeOffset.MaxValue;
        }

        // A query counts from its end: when it reached the service nobody here knows.
        while (slot.Ended.TryPeek(out var oldest) && oldest + _per <= now)
        {
            slot.Ended.Dequeue();
        }

        var ready = slot.Ended.Count < _share ? now : slot.Ended.Peek() + _per;
        return ready > _pausedUntil ? ready : _pausedUntil;
    }

    /// <summary>Has somebody look after the slots now. Outside the lock: who waits for the signal goes on within this call.</summary>
    private void Wake()
    {
        TaskCompletionSource signal;
        bool isKept;
        lock (_lock)
        {
            (signal, isKept, _isKept) = (_signal, _isKept, true);
        }

        if (isKept)
        {
            signal.TrySetResult();
        }
        else
        {
            _ = KeepAsync();
        }
    }

    /// <summary>Takes, renews and gives back slots for as long as any is held or wanted.</summary>
    private async Task KeepAsync()
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                if (!await StepAsync())
                {
                    return;
                }
            }
#pragma warning disable CA1031 // Nobody awaits this loop: whatever ends a step, those who wait for it are told.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lock (_lock)
                {
                    foreach (var waiter in _waiting)
                    {
                        waiter.SetException(exception);
                    }

                    _waiting.Clear();
                    _nextAsk = _time.GetUtcNow() + AskedAgainAfter;
                }
            }

            await PauseAsync();
        }
    }

    private async Task<bool> StepAsync()
    {
        Slot[] changed;
        bool isOver;
        int wanted;
        lock (_lock)
        {
            // Who waits by now is seen by this step; whoever comes later gives the new signal.
            _signal = _signal.Task.IsCompleted ? new TaskCompletionSource() : _signal;
            var now = _time.GetUtcNow();
            isOver = _waiting.Count == 0 && !_slots.Any(slot => slot.IsUsed) && now - _lastUse >= KeptIdle;
            if (isOver && !_slots.Any(slot => slot.HeldUntil > now))
            {
                _isKept = false;
                return false;
            }

            changed = [.. _slots.Where(slot => slot.HeldUntil > now && (isOver || slot.HeldUntil - now < RenewedWhenLeft))];
            wanted = now >= _nextAsk ? Math.Min(_waiting.Count, _slots.Count(slot => slot.HeldUntil <= now)) : 0;
        }

        foreach (var slot in changed)
        {
            await HoldAsync(slot, isOver ? -ClockSkew : Length);
        }

        if (wanted > 0)
        {
            await TakeAsync(wanted);
        }
        else
        {
            lock (_lock)
            {
                Serve(_time.GetUtcNow());
            }
        }

        return true;
    }

    private async Task PauseAsync()
    {
        Task signal;
        TimeSpan wait;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            signal = _signal.Task;
            var next = _waiting.Count == 0
                ? now + KeptIdle
                : _slots.Select(slot => ReadyAt(slot, now)).Append(now + AskedAgainAfter).Min();
            wait = next - now;
        }

        using var end = new CancellationTokenSource();
        await Task.WhenAny(signal, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), _time, end.Token));
        end.Cancel();
    }

    private async Task TakeAsync(int wanted)
    {
        var stored = new Dictionary<string, StateDocument>(StringComparer.Ordinal);
        await foreach (var document in _store.ReadRangeAsync(Partition, null, null, CancellationToken.None))
        {
            stored[document.Row] = document;
        }

        foreach (var slot in _slots.Where(slot => slot.HeldUntil <= _time.GetUtcNow()))
        {
            var known = stored.TryGetValue(slot.Row, out var document)
                ? JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.QuerySlotDocument)
                : null;
            if (wanted == 0 || (known is not null && known.Holder != _holder && known.Until + ClockSkew > _time.GetUtcNow()))
            {
                continue;
            }

            lock (_lock)
            {
                slot.ETag = document?.ETag;
                slot.Ended = new Queue<DateTimeOffset>(known?.Ended ?? []);
            }

            if (await HoldAsync(slot, Length))
            {
                wanted--;
            }
        }

        // Who got what it wanted may want more at once; the slots of others are looked at again after a while.
        lock (_lock)
        {
            _nextAsk = wanted > 0 ? _time.GetUtcNow() + AskedAgainAfter : default;
        }
    }

    private async Task<bool> HoldAsync(Slot slot, TimeSpan length)
    {
        DateTimeOffset until;
        Put put;
        lock (_lock)
        {
            if (length < TimeSpan.Zero && slot.IsUsed)
            {
                return true;
            }

            // What is given back must not be used while that is written.
            until = _time.GetUtcNow() + length;
            slot.HeldUntil = length < TimeSpan.Zero ? default : slot.HeldUntil;
            var document = new QuerySlotDocument(_holder, until, [.. slot.Ended]);
            put = new Put(slot.Row, JsonSerializer.SerializeToUtf8Bytes(document, StateJson.Default.QuerySlotDocument), slot.ETag);
        }

        var result = await _store.WriteAsync(Partition, [put], CancellationToken.None);
        lock (_lock)
        {
            slot.ETag = result is Written written ? written.ETags[0] : null;
            slot.HeldUntil = result is Written && length > TimeSpan.Zero ? until : default;
            Serve(_time.GetUtcNow());
        }

        return result is Written;
    }

    private sealed class Slot(int number)
    {
        public string Row { get; } = StateKey.Of(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

        public string? ETag { get; set; }

        public DateTimeOffset HeldUntil { get; set; }

        public bool IsUsed { get; set; }

        /// <summary>When its queries ended, as far as they still count.</summary>
        public Queue<DateTimeOffset> Ended { get; set; } = [];
    }
}

internal sealed record QuerySlotDocument(string Holder, DateTimeOffset Until, DateTimeOffset[] Ended);
