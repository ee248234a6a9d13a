using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// Writes a bound query as one SELECT: a CTE for each operator, named s0, s1, ... in the order of the text. A table that is
/// used several times is written once.
/// </summary>
internal sealed partial class SqlEmitter
{
    private readonly List<(string Name, string Sql, bool IsMaterialized)> _steps = [];
    private readonly Dictionary<BoundTable, string> _names = new(ReferenceEqualityComparer.Instance);

    /// <summary>The SQL whose result has the table's columns in their order, rows in theirs.</summary>
    public static string Emit(BoundTable table)
    {
        var emitter = new SqlEmitter();
        var source = emitter.Name(table);
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
            sql.Append(" WHERE false");
        }

        if (table.Ordering.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $" ORDER BY {expressions.OrderBy(table.Ordering)}");
        }

        return sql.ToString();
    }

    private ExpressionEmitter Expressions(string qualifier = "") => new(Name) { Qualifier = qualifier };

    // The inputs are written first, so that the numbers follow the text.
    private string Name(BoundTable table)
    {
        if (table is BoundSort sort)
        {
            return Name(sort.Input);
        }

        if (_names.TryGetValue(table, out var known))
        {
            return known;
        }

        var body = Body(table);
        var name = string.Create(CultureInfo.InvariantCulture, $"s{_steps.Count}");
        _steps.Add((name, body, table is BoundMaterialize));
        _names.Add(table, name);
        return name;
    }

    private string Body(BoundTable table) => table switch
    {
        BoundRead read => Read(read),
        BoundFilter filter => $"SELECT * FROM {Name(filter.Input)} WHERE {Expressions().Predicate(filter.Predicate)}",
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
        BoundMaterialize materialize => $"SELECT * FROM {Name(materialize.Input)}",
        _ => throw new InvalidOperationException($"Unreachable: {table.GetType().Name} has no SQL."),
    };

    private static string Read(BoundRead read)
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

        var where = conditions.Count > 0 ? $" WHERE {string.Join(" AND ", conditions)}" : "";
        return $"SELECT * FROM {SqlLiteral.Identifier(read.Table.StorageName)}{where}";
    }

    private string Projection(BoundProjection projection)
    {
        if (projection.Input is null)
        {
            return $"SELECT {List(projection.Outputs, Expressions())}";
        }

        var source = Name(projection.Input);
        var expressions = Expressions();
        var physical = projection.Input.Physical;
        var passed = projection.Outputs.Where(o => o.IsPassed).Select(o => o.Column).ToHashSet();
        if (passed.Count == physical.Count)
        {
            var added = projection.Outputs.Where(o => !o.IsPassed).ToList();
            return $"SELECT *{(added.Count > 0 ? ", " : "")}{List(added, expressions)} FROM {source}";
        }

        return $"SELECT {List(projection.Outputs, expressions)} FROM {source}";
    }

    private static string List(IEnumerable<Output> outputs, ExpressionEmitter expressions)
    {
        var list = string.Join(", ", outputs.Select(o => o.IsPassed ? expressions.Column(o.Column) : Named(expressions.Emit(o.Value).Text, o.Column)));
        return list;
    }

    private static string Named(string sql, ColumnSymbol column) => $"{sql} AS {SqlLiteral.Identifier(column.PhysicalName)}";

    private string Take(BoundTake take)
    {
        var source = Name(take.Input);
        var expressions = Expressions();
        var order = take.Input.Ordering.Count > 0 ? $" ORDER BY {expressions.OrderBy(take.Input.Ordering)}" : "";
        return $"SELECT * FROM {source}{order} LIMIT {expressions.Emit(take.Count).Text}";
    }

    private string Summarize(BoundSummarize summarize)
    {
        var source = Name(summarize.Input);
        var expressions = new ExpressionEmitter(Name)
        {
            AggregateOrder = summarize.Input.Ordering.Count > 0 ? $" ORDER BY {Expressions().OrderBy(summarize.Input.Ordering)}" : "",
        };
        var columns = summarize.Keys.Concat(summarize.Aggregates)
            .Select(o => Named(expressions.Emit(o.Value).Text, o.Column))
            .ToList();
        var groups = summarize.Keys.Count > 0
            ? $" GROUP BY {string.Join(", ", Enumerable.Range(1, summarize.Keys.Count))}"
            : "";
        return $"SELECT {(columns.Count > 0 ? string.Join(", ", columns) : "1")} FROM {source}{groups}";
    }

    private string FirstRows(BoundFirstRows first)
    {
        var source = Name(first.Input);
        var expressions = Expressions();
        var keys = first.Keys.Count > 0 ? $"PARTITION BY {string.Join(", ", first.Keys.Select(k => expressions.Emit(k).Text))}" : "";
        var order = first.OrderBy is null
            ? ""
            : $" ORDER BY {expressions.Emit(first.OrderBy).Text} {(first.Descending ? "DESC" : "ASC")} NULLS LAST";
        return $"SELECT {List(first.Outputs, expressions)} FROM {source} QUALIFY row_number() OVER ({keys}{order}) = 1";
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
