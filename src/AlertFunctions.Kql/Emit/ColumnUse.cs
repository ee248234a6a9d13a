using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// Which columns of each table something reads, and how many operators read the table. What nothing reads is not written: a table
/// of 190 columns costs DuckDB more to plan than most queries to run.
/// </summary>
internal sealed class ColumnUse
{
    private readonly Dictionary<BoundTable, HashSet<ColumnSymbol>> _used = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BoundTable, HashSet<object>> _readers = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<ColumnSymbol> _filtered = [];

    private ColumnUse()
    {
    }

    /// <summary>The use by a query whose result is this table: all its columns, in its order.</summary>
    public static ColumnUse Of(BoundTable result)
    {
        var use = new ColumnUse();
        use.Add(result, [.. result.Columns, .. Keys(result.Ordering)], reader: use);
        return use;
    }

    public bool IsUsed(BoundTable table, ColumnSymbol column) => _used[table].Contains(column);

    /// <summary>Whether a filter reads the column: DuckDB computes it where the rows come from, apart from the other columns.</summary>
    public bool IsFiltered(ColumnSymbol column) => _filtered.Contains(column);

    /// <summary>Whether only one operator reads the table, so that it may be written where it is read.</summary>
    public bool HasOneReader(BoundTable table) => _readers[table].Count == 1;

    private void Add(BoundTable table, IReadOnlyCollection<ColumnSymbol> columns, object reader)
    {
        var isNew = !_used.TryGetValue(table, out var used);
        if (isNew)
        {
            _used.Add(table, used = []);
            _readers.Add(table, new(ReferenceEqualityComparer.Instance));
        }

        _readers[table].Add(reader);
        var before = used!.Count;
        used.UnionWith(columns);
        if (isNew || used.Count > before)
        {
            AddInputs(table, used);
        }
    }

    private void AddInputs(BoundTable table, HashSet<ColumnSymbol> used)
    {
        switch (table)
        {
            case BoundFilter filter:
                var filtered = new List<ColumnSymbol>();
                Find(filter.Predicate, filtered);
                _filtered.UnionWith(filtered);
                Read(filter.Input, [.. used, .. filtered], []);
                break;
            case BoundProjection { Input: { } input } projection:
                Read(input, [], Values(projection.Outputs));
                break;
            case BoundProjection projection:
                Find(Values(projection.Outputs), []);
                break;
            case BoundSort sort:
                Read(sort.Input, [.. used, .. Keys(sort.Order)], []);
                break;
            case BoundTake take:
                Read(take.Input, [.. used, .. Keys(take.Input.Ordering)], [take.Count]);
                break;
            case BoundSummarize summarize:
                Read(
                    summarize.Input,
                    Keys(summarize.Input.Ordering),
                    [.. summarize.Keys.Select(k => k.Value), .. Aggregates(summarize).Select(a => a.Value)]);
                break;
            case BoundFirstRows first:
                Read(first.Input, [], [.. first.Keys, .. first.OrderBy is null ? [] : new[] { first.OrderBy }, .. Values(first.Outputs)]);
                break;
            case BoundJoin join:
                var sources = join.Outputs.Where(o => used.Contains(o.Column)).ToLookup(o => o.IsRight, o => o.Source);
                Read(join.Left, [.. sources[false]], [.. join.On.Select(on => on.Left)]);
                Read(join.Right, [.. sources[true]], [.. join.On.Select(on => on.Right)]);
                break;
            case BoundUnion union:
                var columns = union.Physical;
                foreach (var input in union.Inputs)
                {
                    Read(input.Table, [], [.. input.Values.Where((_, i) => used.Contains(columns[i]))]);
                }

                break;
            case BoundExpand expand:
                Read(
                    expand.Input,
                    [],
                    [.. Values(expand.Outputs), .. expand.Expansions.Select(e => e.Array), .. expand.Limit is null ? [] : new[] { expand.Limit }]);
                break;
            case BoundSeries series:
                Read(
                    series.Input,
                    [.. series.Keys, series.Index],
                    [
                        .. series.Series.SelectMany(s => new[] { s.Value, s.Default }), series.AxisValue,
                        .. series.Length is null ? [] : new[] { series.Length },
                    ]);
                break;
            case BoundScan scan:
                Read(
                    scan.Input,
                    [.. scan.Input.Physical],
                    [
                        .. scan.Variables.Select(v => v.Default), .. scan.Steps.Select(s => s.Condition),
                        .. scan.Steps.SelectMany(s => s.Assignments).OfType<BoundExpression>(),
                    ]);
                break;
            case BoundSessions sessions:
                Read(
                    sessions.Input,
                    [.. used.Where(c => !ReferenceEquals(c, sessions.Start)), sessions.Row],
                    [
                        sessions.Time, sessions.FromFirst, sessions.Between, .. sessions.Groups,
                        .. sessions.Restart is null ? [] : new[] { sessions.Restart },
                    ]);
                break;
            case BoundMaterialize materialize:
                Read(materialize.Input, [.. used], []);
                break;
            case BoundValues values:
                Find([.. values.Rows.SelectMany(row => row)], []);
                break;
            case BoundRange range:
                Find([range.From, range.To, range.Step], []);
                break;
        }

        List<BoundExpression> Values(IEnumerable<Output> outputs) => [.. outputs.Where(o => used.Contains(o.Column)).Select(o => o.Value)];

        void Read(BoundTable input, List<ColumnSymbol> columns, List<BoundExpression> expressions)
        {
            Find(expressions, columns);
            Add(input, columns, reader: table);
        }
    }

    /// <summary>The aggregates that are computed: without keys at least one, for it makes the single row.</summary>
    public IEnumerable<Output> Aggregates(BoundSummarize summarize)
    {
        var used = summarize.Aggregates.Where(a => IsUsed(summarize, a.Column)).ToList();
        return used.Count == 0 && summarize.Keys.Count == 0 ? summarize.Aggregates.Take(1) : used;
    }

    private static List<ColumnSymbol> Keys(IReadOnlyList<SortKey> order) => [.. order.Select(key => key.Column)];

    private void Find(IReadOnlyList<BoundExpression> expressions, List<ColumnSymbol> columns)
    {
        foreach (var expression in expressions)
        {
            Find(expression, columns);
        }
    }

    private void Find(BoundExpression expression, List<ColumnSymbol> columns)
    {
        switch (expression)
        {
            case BoundColumn column:
                columns.Add(column.Column);
                break;
            case BoundWindow window:
                columns.AddRange(Keys(window.Order));
                break;
        }

        Find(BoundParts.Of(expression), columns);
        if (BoundParts.TableOf(expression) is { } table)
        {
            Add(table, [table.Columns[0], .. Keys(table.Ordering)], reader: expression);
        }
    }
}
