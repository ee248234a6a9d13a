using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Routing;

/// <summary>Hours of some weekdays in a time zone.</summary>
/// <param name="Name">How routes name it.</param>
/// <param name="TimeZone">The zone whose clock is read; its summer time is kept.</param>
/// <param name="Days">The days on which the window begins.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; at or before <paramref name="From"/> it ends on the next day.</param>
public sealed record TimeWindow(string Name, TimeZoneInfo TimeZone, ImmutableArray<DayOfWeek> Days, TimeOnly From, TimeOnly To)
{
    public bool Contains(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, TimeZone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        return From < To
            ? Days.Contains(local.DayOfWeek) && time >= From && time < To
            : (Days.Contains(local.DayOfWeek) && time >= From) || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < To);
    }
}
