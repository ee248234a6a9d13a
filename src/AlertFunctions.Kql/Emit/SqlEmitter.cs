using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// Writes a bound query as one SELECT: a CTE for each operator, named s0, s1, ... in the order of the text, but that filters
/// stand with the operator behind them. A table that is used several times is written once; columns that nothing reads are not.
/// </summary>
internal sealed partial class SqlEmitter
{
    /// <summary>What a row without a used column is made of.</summary>
    private const string NoColumn = "1 AS \"$row\"";

    /// <summary>
    /// How many groupings may lie in each other before one is computed apart: where DuckDB pushes filters down, its time doubles with
    /// each (16 took 0.1 s, 24 took 10 s).
    /// </summary>
    private const int MaxGroupings = 8;

    /// <summary>What a table that an expression reads, as toscalar() does, counts for: 12 of them in each other took 20 s.</summary>
    private const int SubqueryGroupings = 3;

    private readonly ColumnUse _use;
    private readonly List<(string Name, string Sql, bool IsMaterialized)> _steps = [];
    private readonly Dictionary<BoundTable, (string Name, int Groupings)> _names = new(ReferenceEqualityComparer.Instance);

    // How many groupings lie in each other below the table being written, up to one that is computed apart.
    private int _groupings;

    private SqlEmitter(ColumnUse use) => _use = use;

    /// <summary>The SQL whose result has the table's columns in their order, rows in theirs.</summary>
    public static string Emit(BoundTable table)
    {
        var emitter = new SqlEmitter(ColumnUse.Of(table));
        var source = emitter.From(table);
        var expressions = emitter.Expressions();
        var columns = table.Columns.Select(c => c.PhysicalName == c.Name
            ? SqlLiteral.Identifier(c.Name)
            : $"{SqlLiteral.Identifier(c.PhysicalName)} AS {SqlLiteral.Identifier(c.Name)}");
        var sql = new StringBuilder();
        for (var i = 0; i < emitter._steps.Count; i++)
        {
            var (name, body, isMaterialized) = emitter._steps[i];
            sql.Append(i == 0 ? "WITH " : ",\n")
                .Append(name)
                .Append(isMaterialized ? " AS MATERIALIZED (" : " AS (")
                .Append(body)
                .Append(')');
        }

        sql.Append(CultureInfo.InvariantCulture, $"\nSELECT {(table.Columns.Count == 0 ? "NULL" : string.Join(", ", columns))} FROM {source}");
        if (table.Columns.Count == 0)
        {
            sql.Append(" LIMIT 0");
        }
        else if (table.Ordering.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $" ORDER BY {expressions.OrderBy(table.Ordering)}");
        }

        return sql.ToString();
    }

    private ExpressionEmitter Expressions(string qualifier = "") => new(Subquery) { Qualifier = qualifier };

    // The inputs are written first, so that the numbers follow the text.
    private string Name(BoundTable table)
    {
        table = Computed(table);
        if (_names.TryGetValue(table, out var known))
        {
            _groupings = Math.Max(_groupings, known.Groupings);
            return known.Name;
        }

        var outer = _groupings;
        _groupings = 0;
        var body = Body(table);
        _groupings += table is BoundSummarize or BoundFirstRows ? 1 : 0;
        var isMaterialized = table is BoundMaterialize || _groupings >= MaxGroupings;
        _groupings = isMaterialized ? 0 : _groupings;
        var name = string.Create(CultureInfo.InvariantCulture, $"s{_steps.Count}");
        _steps.Add((name, body, isMaterialized));
        _names.Add(table, (name, _groupings));
        _groupings = Math.Max(outer, _groupings);
        return name;
    }

    // The table that an expression reads.
    private string Subquery(BoundTable table)
    {
        var outer = _groupings;
        _groupings = 0;
        var name = Name(table);
        _groupings = Math.Max(outer, _groupings + SubqueryGroupings);
        return name;
    }

    /// <summary>What stands behind FROM in an operator that reads one table: the filters that only it reads are its own.</summary>
    private string From(BoundTable table, BoundExpression? predicate = null)
    {
        var predicates = new Stack<BoundExpression>(predicate is null ? [] : [predicate]);
        for (table = Computed(table); table is BoundFilter filter && _use.HasOneReader(filter); table = Computed(filter.Input))
        {
            predicates.Push(filter.Predicate);
        }

        var source = table is BoundRead stored ? SqlLiteral.Identifier(stored.Table.StorageName) : Name(table);
        var conditions = table is BoundRead read ? Conditions(read) : [];
        conditions.AddRange(predicates.Select(condition => Expressions().Predicate(condition).At(Precedence.And + 1)));
        return conditions.Count > 0 ? $"{source} WHERE {string.Join(" AND ", conditions)}" : source;
    }

    /// <summary>The table without the operators around it that compute nothing: those that sort, and those that leave columns out.</summary>
    private BoundTable Computed(BoundTable table)
    {
        while (true)
        {
            switch (table)
            {
                case BoundSort sort:
                    table = sort.Input;
                    break;
                case BoundProjection { Input: { } input } projection when Used(projection).All(o => o.IsPassed):
                    table = input;
                    break;
                default:
                    return table;
            }
        }
    }

    private IEnumerable<Output> Used(BoundProjection projection) => Used(projection, projection.Outputs);

    private IEnumerable<Output> Used(BoundTable table, IEnumerable<Output> outputs) => outputs.Where(o => _use.IsUsed(table, o.Column));

    /// <summary>The columns that the SQL of a table has.</summary>
    private IReadOnlyList<ColumnSymbol> Supplied(BoundTable table) => Computed(table) switch
    {
        BoundFilter filter => Supplied(filter.Input),
        BoundTake take => Supplied(take.Input),
        BoundMaterialize materialize => Supplied(materialize.Input),
        BoundValues or BoundRange or BoundSeries or BoundScan => table.Physical,
        BoundExpand expand =>
        [
            .. Used(expand, expand.Outputs).Select(o => o.Column), .. expand.Expansions.Select(e => e.Column),
            .. expand.Index is null ? [] : new[] { expand.Index },
        ],
        BoundSessions sessions => [.. Supplied(sessions.Input), sessions.Start],
        BoundSummarize summarize => [.. summarize.Keys.Concat(_use.Aggregates(summarize)).Select(o => o.Column)],
        BoundFirstRows { Grouped: { } grouped } first => [.. grouped.Where((o, i) => i < first.Keys.Count || _use.IsUsed(first, o.Column)).Select(o => o.Column)],
        var computed => [.. computed.Physical.Where(column => _use.IsUsed(computed, column))],
    };

    /// <summary>All columns that <see cref="From"/> supplies, as a list of a SELECT.</summary>
    private string All(BoundTable table)
    {
        table = Unfiltered(table);
        var supplied = Supplied(table);
        return table is BoundRead && supplied.Count < table.Physical.Count ? Columns(supplied, Expressions()) : "*";
    }

    /// <summary>The table that <see cref="From"/> names, below the filters that it writes.</summary>
    private BoundTable Unfiltered(BoundTable table)
    {
        table = Computed(table);
        while (table is BoundFilter filter && _use.HasOneReader(filter))
        {
            table = Computed(filter.Input);
        }

        return table;
    }

    /// <summary>The first columns of a SELECT, as GROUP BY takes them.</summary>
    private static string Places(int count) => string.Join(", ", Enumerable.Range(1, count));

    private static string Columns(IEnumerable<ColumnSymbol> columns, ExpressionEmitter expressions) =>
        Selected(columns.Select(expressions.Column));

    private static string Selected(IEnumerable<string> columns) =>
        string.Join(", ", columns) is { Length: > 0 } list ? list : NoColumn;

    private string Body(BoundTable table) => table switch
    {
        BoundRead read => $"SELECT {All(read)} FROM {From(read)}",

        // One that several operators read.
        BoundFilter filter => $"SELECT {All(filter.Input)} FROM {From(filter.Input, filter.Predicate)}",
        BoundProjection projection => Projection(projection),
        BoundTake take => Take(take),
        BoundSummarize summarize => Summarize(summarize),
        BoundFirstRows first => FirstRows(first),
        BoundJoin join => Join(join),
        BoundUnion union => Union(union),
        BoundValues values => Values(values),
        BoundRange range => Range(range),
        BoundExpand expand => Expand(expand),
        BoundSeries series => Series(series),
        BoundScan scan => Scan(scan),
        BoundSessions sessions => Sessions(sessions),
        BoundMaterialize materialize => $"SELECT {All(materialize.Input)} FROM {From(materialize.Input)}",
        _ => throw new InvalidOperationException($"Unreachable: {table.GetType().Name} has no SQL."),
    };

    private static List<string> Conditions(BoundRead read)
    {
        var conditions = new List<string>();
        if (read.Range is var (start, end) && read.Time is not null)
        {
            var time = SqlLiteral.Identifier(read.Time.PhysicalName);
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{time} >= {start} AND {time} < {end}"));
        }

        if (read.VisibleAt is { } visibleAt)
        {
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"\"$ingestion\" <= {visibleAt}"));
        }

        return conditions;
    }

    private string Projection(BoundProjection projection)
    {
        var outputs = Used(projection).ToList();
        if (projection.Input is null)
        {
            return $"SELECT {List(outputs, Expressions())}";
        }

        var source = From(projection.Input);
        var expressions = Expressions();
        var together = new ExpressionEmitter(Name) { Paths = Paths(outputs) };
        var passed = outputs.Where(o => o.IsPassed).Select(o => o.Column).ToHashSet();
        var columns = Supplied(projection.Input) is { Count: > 0 } supplied && supplied.All(passed.Contains)
            ? outputs.Where(o => !o.IsPassed).Select(Written).Prepend(All(projection.Input))
            : outputs.Select(Written);
        return $"SELECT {Selected(columns)} FROM {source}";

        string Written(Output output) => SqlEmitter.Written(output, _use.IsFiltered(output.Column) ? expressions : together);
    }

    /// <summary>The paths that outputs read together.</summary>
    private PathTexts Paths(IEnumerable<Output> outputs)
    {
        var paths = new PathTexts();
        var expressions = new ExpressionEmitter(Name) { Paths = paths };
        foreach (var output in outputs.Where(o => !o.IsPassed && !_use.IsFiltered(o.Column)))
        {
            expressions.Emit(output.Value);
        }

        paths.Collect();
        return paths;
    }

    private static string List(IEnumerable<Output> outputs, ExpressionEmitter expressions) =>
        Selected(outputs.Select(o => Written(o, expressions)));

    private static string Written(Output output, ExpressionEmitter expressions) =>
        output.IsPassed ? expressions.Column(output.Column) : Named(expressions.Emit(output.Value).Text, output.Column);

    private static string Named(string sql, ColumnSymbol column) => $"{sql} AS {SqlLiteral.Identifier(column.PhysicalName)}";

    private string Take(BoundTake take)
    {
        var source = From(take.Input);
        var expressions = Expressions();
        var order = take.Input.Ordering.Count > 0 ? $" ORDER BY {expressions.OrderBy(take.Input.Ordering)}" : "";
        return $"SELECT {All(take.Input)} FROM {source}{order} LIMIT {expressions.Emit(take.Count).Text}";
    }

    private string Summarize(BoundSummarize summarize)
    {
        var source = From(summarize.Input);
        var expressions = new ExpressionEmitter(Subquery)
        {
            AggregateOrder = summarize.Input.Ordering.Count > 0 ? $" ORDER BY {Expressions().OrderBy(summarize.Input.Ordering)}" : "",
        };
        var columns = summarize.Keys.Concat(_use.Aggregates(summarize))
            .Select(o => Named(expressions.Emit(o.Value).Text, o.Column))
            .ToList();
        var groups = summarize.Keys.Count > 0 ? $" GROUP BY {Places(summarize.Keys.Count)}" : "";
        return $"SELECT {Selected(columns)} FROM {source}{groups}";
    }

    // DuckDB finds the first rows of a stored table by their row ids and reads the other columns of these alone, which pays where there
    // are several or where a filter leaves few rows. Else the columns are carried along: two of them cost less than a second reading.
    private string FirstRows(BoundFirstRows first)
    {
        var source = From(first.Input);
        var expressions = Expressions();
        var keys = string.Join(", ", first.Keys.Select(k => expressions.Emit(k).Text));
        var outputs = Used(first, first.Outputs).ToList();
        if (first.OrderBy is null)
        {
            return $"SELECT DISTINCT ON ({keys}) {List(outputs, expressions)} FROM {source}";
        }

        var isCarried = Unfiltered(first.Input) is not BoundRead
            || (Computed(first.Input) is BoundRead read && Conditions(read).Count == 0 && outputs.Count(o => !first.Keys.Contains(o.Value) && o.Value != first.OrderBy) <= 2);
        if (isCarried && first.Grouped is { } grouped)
        {
            var columns = grouped.Take(first.Keys.Count).Concat(Used(first, grouped.Skip(first.Keys.Count)));
            return $"SELECT {Selected(columns.Select(o => Named(expressions.Emit(o.Value).Text, o.Column)))} FROM {source} GROUP BY {Places(first.Keys.Count)}";
        }

        var order = $"{expressions.Emit(first.OrderBy).Text} {(first.Descending ? "DESC" : "ASC")} NULLS LAST";
        return $"SELECT {List(outputs, expressions)} FROM {source} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {order}) = 1";
    }

    private static string Values(BoundValues values, ExpressionEmitter expressions)
    {
        if (values.Rows.Count == 0)
        {
            var nulls = values.ValueColumns.Select(c => Named($"NULL::{SqlTypes.Name(c.Type)}", c));
            return $"SELECT {string.Join(", ", nulls)} WHERE false";
        }

        var rows = values.Rows.Select(row => $"({string.Join(", ", row.Select(v => expressions.Emit(v).Text))})");
        var columns = values.ValueColumns.Select(c => SqlLiteral.Identifier(c.PhysicalName));
        return $"SELECT * FROM (VALUES {string.Join(", ", rows)}) AS v({string.Join(", ", columns)})";
    }

    private string Values(BoundValues values) => Values(values, Expressions());

    private string Range(BoundRange range)
    {
        var expressions = Expressions();
        var (from, to, step) = (expressions.Emit(range.From).Text, expressions.Emit(range.To).Text, expressions.Emit(range.Step).Text);
        var column = SqlLiteral.Identifier(range.Column.PhysicalName);
        return range.Column.Type == KqlType.Real
            ? $"SELECT {from} + i * {step} AS {column} FROM range(CAST(greatest(floor(({to} - {from}) / {step}) + 1, 0) AS BIGINT)) AS r(i)"
            : $"SELECT i::{SqlTypes.Name(range.Column.Type)} AS {column} FROM generate_series({from}, {to}, {step}) AS r(i)";
    }
}
