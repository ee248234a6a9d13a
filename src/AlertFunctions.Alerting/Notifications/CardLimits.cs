namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// How much a card shows. A card that is too large is rendered again with the next, smaller limits: first it loses rows, then alerts, then the
/// length of its texts. The last step fits whatever the values are, because every list and every text in it is short.
/// </summary>
/// <param name="Rows">Rows of the table of each detailed alert.</param>
/// <param name="Listed">Alerts in the overview.</param>
/// <param name="Detailed">Alerts with facts and rows of their own.</param>
/// <param name="Facts">Facts of each detailed alert.</param>
/// <param name="Value">Characters of a fact's or a cell's value.</param>
/// <param name="Prose">Characters of a description.</param>
/// <param name="Author">Characters of a runbook and of a query that has no link.</param>
internal sealed record CardLimits(int Rows, int Listed, int Detailed, int Facts, int Value, int Prose, int Author)
{
    /// <summary>Columns of a table: more are unreadable in a Teams channel.</summary>
    public const int Columns = 6;

    /// <summary>From everything that is useful on a card down to what always fits.</summary>
    public static IReadOnlyList<CardLimits> Steps { get; } =
    [
        new(Rows: 10, Listed: 12, Detailed: 3, Facts: 14, Value: 300, Prose: 1500, Author: 4000),
        new(Rows: 5, Listed: 12, Detailed: 3, Facts: 14, Value: 300, Prose: 1500, Author: 4000),
        new(Rows: 3, Listed: 12, Detailed: 2, Facts: 14, Value: 300, Prose: 1500, Author: 4000),
        new(Rows: 2, Listed: 12, Detailed: 1, Facts: 14, Value: 200, Prose: 1000, Author: 4000),
        new(Rows: 1, Listed: 8, Detailed: 1, Facts: 12, Value: 150, Prose: 600, Author: 2500),
        new(Rows: 0, Listed: 6, Detailed: 1, Facts: 10, Value: 120, Prose: 400, Author: 1500),
        new(Rows: 0, Listed: 4, Detailed: 1, Facts: 8, Value: 80, Prose: 200, Author: 600),
        new(Rows: 0, Listed: 2, Detailed: 1, Facts: 4, Value: 40, Prose: 80, Author: 200),
    ];
}
