using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// An alert's facts and rows as plain text. A column with one value in all rows is a fact, said once; the table holds the columns that differ.
/// </summary>
internal sealed record AlertContent
{
    /// <summary>Labels that every alert has and that the card says elsewhere.</summary>
    private static readonly HashSet<string> SaidElsewhere = new(StringComparer.OrdinalIgnoreCase) { "detection", "severity" };

    public required IReadOnlyList<(string Title, string Value)> Facts { get; init; }

    public required int FactsLeft { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<int> Widths { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    public required int ColumnsLeft { get; init; }

    /// <summary>Rows not shown, counted from the alert's own count: it knows of more than it carries.</summary>
    public required long RowsLeft { get; init; }

    public static AlertContent Of(Alert alert, CardLimits limits)
    {
        var facts = new List<(string Title, string Value)> { ("When", When(alert)) };
        facts.AddRange(alert.Labels
            .Where(label => label.Value.Length > 0 && !SaidElsewhere.Contains(label.Key))
            .Select(label => (label.Key, CellText.ResourceName(label.Value))));

        var differing = new List<int>();
        var table = alert.Rows;
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (alert.Labels.ContainsKey(table.Columns[i].Name) || table.Rows.Count == 0)
            {
                continue;
            }

            var first = Cell(table, 0, i);
            if (Enumerable.Range(1, table.Rows.Count - 1).All(row => Cell(table, row, i) == first))
            {
                if (first.Length > 0 && table.Columns[i].Name != "TimeGenerated")
                {
                    facts.Add((table.Columns[i].Name, first));
                }
            }
            else
            {
                differing.Add(i);
            }
        }

        var columns = differing.Take(CardLimits.Columns).ToList();
        var shown = columns.Count == 0 ? 0 : Math.Min(limits.Rows, table.Rows.Count);
        return new()
        {
            Facts = [.. facts.Take(limits.Facts).Select(fact => (CardText.Clean(fact.Title, 60), CardText.Clean(fact.Value, limits.Value)))],
            FactsLeft = Math.Max(0, facts.Count - limits.Facts),
            Columns = [.. columns.Select(i => CardText.Clean(table.Columns[i].Name, 60))],
            Widths = [.. columns.Select(i => Width(table, i))],
            Rows =
            [
                .. Enumerable.Range(0, shown).Select(row =>
                    columns.Select(i => CardText.Clean(Cell(table, row, i), Math.Min(limits.Value, 160))).ToArray()),
            ],
            ColumnsLeft = shown == 0 ? 0 : differing.Count - columns.Count,
            RowsLeft = columns.Count == 0 ? 0 : Math.Max(alert.Count, table.Rows.Count) - shown,
        };
    }

    private static string When(Alert alert)
    {
        var start = CellText.Time(alert.StartsAt);
        return alert.LastSeenAt > alert.StartsAt ? $"{start}, last seen {CellText.Time(alert.LastSeenAt)}" : start;
    }

    private static string Cell(QueryTable table, int row, int column) => CellText.Of(table.Columns[column].Name, table.Rows[row][column]);

    private static int Width(QueryTable table, int column)
    {
        var longest = Math.Max(
            table.Columns[column].Name.Length,
            table.Rows.Select((_, row) => Cell(table, row, column).Length).Max());
        return Math.Clamp(longest / 6, 1, 6);
    }
}
