namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// A token bucket for queries. Log Analytics allows one identity 200 requests in 30 s and 5 at a time:
/// learn.microsoft.com/azure/azure-monitor/service-limits.
/// </summary>
public sealed class QueryBudget(int tokens = 200, TimeSpan? per = null)
{
    private readonly TimeSpan _per = per ?? TimeSpan.FromSeconds(30);
    private double _left = tokens;
    private DateTimeOffset _filledAt = DateTimeOffset.MinValue;

    /// <summary>For where <see cref="QuerySlots"/> hold the limits.</summary>
    public static QueryBudget Unlimited() => new(int.MaxValue);

    /// <summary>Takes so many tokens; none where there are fewer.</summary>
    public bool TryTake(int wanted, DateTimeOffset now)
    {
        if (now > _filledAt)
        {
            var filled = _filledAt == DateTimeOffset.MinValue ? tokens : (now - _filledAt) / _per * tokens;
            _left = Math.Min(tokens, _left + filled);
            _filledAt = now;
        }

        // Parts of a token add up to it but for rounding.
        if (_left + 1e-6 < wanted)
        {
            return false;
        }

        _left -= wanted;
        return true;
    }
}
