using AlertFunctions.Kql.Emit;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// Functions over the rows in their order. SQL has no window within a window, nor one in a condition or an aggregate: there the
/// value is computed before the operator, into a column that queries cannot name.
/// Source: learn.microsoft.com/kusto/query/window-functions and the pages of the functions.
/// </summary>
internal sealed partial class Binder
{
    private const string UpToRow = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";

    private OperatorWindows _windows = new(false);

    // Names the columns of windows, each once in a query.
    private int _windowColumns;

    /// <summary>The windows of one operator that are computed before it, in the order in which they need each other.</summary>
    private sealed class OperatorWindows(bool mayStandInPlace)
    {
        /// <summary>Whether the operator computes columns row by row, so that a window may stand in its expressions.</summary>
        public bool MayStandInPlace { get; } = mayStandInPlace;

        public List<Func<BoundTable, BoundTable>> Before { get; } = [];

        /// <summary>The columns that those windows give, each of which the later ones may read.</summary>
        public List<ColumnSymbol> Columns { get; } = [];

        /// <summary>How many windows lie around the expression that is being bound.</summary>
        public int Depth { get; set; }

        /// <summary>The number of each row, where windows must agree about the order of rows whose keys are equal.</summary>
        public ColumnSymbol? Row { get; set; }
    }

    /// <summary>Binds an operator on its input, with the windows that it needs computed in between.</summary>
    private BoundTable WithWindows(BoundTable input, QueryOperator step, Func<BoundTable, BoundTable> bind)
    {
        var outer = _windows;
        _windows = new OperatorWindows(step is ExtendOperator or ProjectOperator or SerializeOperator);
        try
        {
            var output = bind(input);
            return _windows.Before.Count == 0 || output.IsError
                ? output
                : On(output, input, _windows.Before.Aggregate(input, (table, add) => add(table)))
                    ?? Refused(step.Keyword, "This operator does not support prev(), row_number() and the like in its expressions", "Put them into an extend before it.");
        }
        finally
        {
            _windows = outer;
        }
    }

    /// <summary>The table with another one in the place of its input; null where the input is not straight below it.</summary>
    private static BoundTable? On(BoundTable table, BoundTable input, BoundTable other)
    {
        return table switch
        {
            _ when ReferenceEquals(table, input) => other,
            BoundFilter filter => Below(filter.Input) is { } below ? filter with { Input = below } : null,
            BoundProjection { Input: { } source } projection => Below(source) is { } below ? projection with { Input = below } : null,
            BoundSort sort => Below(sort.Input) is { } below ? sort with { Input = below } : null,
            BoundTake take => Below(take.Input) is { } below ? take with { Input = below } : null,
            BoundSummarize summarize => Below(summarize.Input) is { } below ? summarize with { Input = below } : null,
            BoundFirstRows first => Below(first.Input) is { } below ? first with { Input = below } : null,
            BoundExpand expand => Below(expand.Input) is { } below ? expand with { Input = below } : null,
            BoundSeries series => Below(series.Input) is { } below ? series with { Input = below } : null,
            _ => null,
        };

        BoundTable? Below(BoundTable source) => On(source, input, other);
    }

    private BoundExpression BindWindow(CallExpression call)
    {
        if (_rows is null || _rows.Table.IsError)
        {
            return _rows is null ? Expected(call, $"'{call.Name.Text}' needs rows") : new BoundError();
        }

        if (!_rows.Table.IsSerialized)
        {
            diagnostics.Semantic("KQL120", call.Name.Span, $"'{call.Name.Text}' needs rows in an order", "Put serialize or sort before it.");
            return new BoundError();
        }

        // Arguments see the rows numbered, so that a window within a window has the same order.
        _windows.Depth++;
        var arguments = BindArguments(call);
        _windows.Depth--;
        if (arguments.Exists(a => a is BoundError))
        {
            return new BoundError();
        }

        var restart = Restart(call, arguments, out var isFault);
        if (isFault)
        {
            return new BoundError();
        }

        var order = _windows.Row is null ? _rows.Table.Ordering : RowOrder();
        BoundExpression[] groups = restart is null ? [.. GroupKeys()] : [.. GroupKeys(), restart];
        switch (call.Name.Text, arguments)
        {
            case ("row_number", _):
                var start = arguments.Count == 0 ? new BoundLiteral(KqlType.Long, 1L) : Argument(arguments[0], KqlType.Long, call.Arguments[0].Span);
                return start is BoundError
                    ? start
                    : Placed(new BoundWindow("row_number() {over} - 1 + {0}", [start], groups, order, "", KqlType.Long, start.CanBeNull));
            case ("prev" or "next", [BoundColumn value, ..]) when call.Arguments[0].Value is NameExpression:
                var function = call.Name.Text == "prev" ? "lag" : "lead";
                var offset = arguments.Count > 1 ? arguments[1] : new BoundLiteral(KqlType.Long, 1L);
                BoundExpression[] of = arguments.Count > 2 ? [value, offset, Folded(Conversion.To(arguments[2], value.Type))] : [value, offset];
                return Placed(new BoundWindow(
                    $"{function}({string.Join(", ", of.Select((_, i) => $"{{{i}}}"))}) {{over}}", of, groups, order, "", value.Type, true));
            case ("row_cumsum", [{ Type: not (KqlType.DateTime or KqlType.Dynamic) } term, ..]) when TypeSet.Summable.Contains(term.Type):
                return Placed(new BoundWindow(CumulativeSum(term.Type), [term], groups, order, UpToRow, term.Type, true));
            case ("row_rank", [{ Type: not KqlType.Dynamic } term]):
                return Placed(Rank(isSmallest: false, term, groups));
            case ("row_rank_dense" or "row_rank_min", [{ Type: not KqlType.Dynamic } term, ..]):
                return Placed(Rank(call.Name.Text == "row_rank_min", term, groups));
            case ("row_window_session", [{ Type: KqlType.DateTime } time, { Type: KqlType.TimeSpan } fromFirst, { Type: KqlType.TimeSpan } between, ..]):
                return Sessions(time, fromFirst, between, arguments.Count > 3 ? arguments[3] : null);
            default:
                diagnostics.Semantic(
                    "KQL119", call.Span, $"The function '{call.Name.Text}' does not take ({string.Join(", ", arguments.Select(a => TypeName(a.Type)))})");
                return new BoundError();
        }
    }

    /// <summary>The column that tells where a restart argument begins the counting anew; null where there is none.</summary>
    private BoundExpression? Restart(CallExpression call, List<BoundExpression> arguments, out bool isFault)
    {
        var (most, place) = call.Name.Text switch
        {
            "row_number" or "row_cumsum" or "row_rank_dense" or "row_rank_min" => (2, 1),
            "row_window_session" => (4, 3),
            _ => (3, int.MaxValue),
        };
        var fewest = call.Name.Text switch { "row_number" => 0, "row_window_session" => 3, _ => 1 };
        isFault = arguments.Count < fewest || arguments.Count > most || (arguments.Count > place && arguments[place].Type != KqlType.Bool);
        if (isFault)
        {
            diagnostics.Semantic(
                "KQL119", call.Span, $"The function '{call.Name.Text}' does not take ({string.Join(", ", arguments.Select(a => TypeName(a.Type)))})");
            return null;
        }

        return arguments.Count > place && place == 1
            ? Before(new BoundWindow(
                "sum(CASE WHEN {0} THEN 1 ELSE 0 END) {over}", [arguments[1]], GroupKeys(), RowOrder(), UpToRow, KqlType.Long, false))
            : null;
    }

    /// <summary>The order of the rows by a number that each of them gets once.</summary>
    private IReadOnlyList<SortKey> RowOrder()
    {
        if (_windows.Row is null)
        {
            var number = new BoundWindow("row_number() {over}", [], [], _rows!.Table.Ordering, "", KqlType.Long, false);
            _windows.Row = ((BoundColumn)Before(number)).Column;
        }

        return [new SortKey(_windows.Row, false, true)];
    }

    private BoundExpression Placed(BoundWindow window)
    {
        if (_windows is { MayStandInPlace: true, Depth: 0 })
        {
            return window;
        }

        return Before(_windows.Depth > 0 ? window with { Order = RowOrder() } : window);
    }

    private BoundColumn Before(BoundWindow window)
    {
        ColumnSymbol[] earlier = [.. _windows.Columns];
        var column = WindowColumn(window.Type, window.CanBeNull);
        _windows.Before.Add(table => new BoundProjection(
            table,
            [.. table.Physical.Concat(earlier).Select(Output.Pass), new Output(column, window)],
            table.Columns,
            table.Ordering,
            table.Ingestion));
        return new BoundColumn(column);
    }

    private ColumnSymbol WindowColumn(KqlType type, bool canBeNull)
    {
        var name = $"$window{_windowColumns++}";
        var column = new ColumnSymbol(name, type, canBeNull, name);
        _windows.Columns.Add(column);
        return column;
    }

    // Sums of whole numbers wrap around, as all of KQL's arithmetic does.
    private static string CumulativeSum(KqlType type) => type switch
    {
        KqlType.Int => "CAST((CAST(sum({0}) {over} AS HUGEINT) + 2147483648 & 4294967295) - 2147483648 AS INTEGER)",
        KqlType.Long or KqlType.TimeSpan => "kql_wrap(sum({0}) {over})",
        _ => $"CAST(sum({{0}}) {{over}} AS {SqlTypes.Name(type)})",
    };

    // A rank counts the rows whose term differs from that of the row before; the smallest one is the number of the last such row.
    private BoundWindow Rank(bool isSmallest, BoundExpression term, BoundExpression[] groups)
    {
        var order = RowOrder();
        var changes = Before(new BoundWindow(
            "CASE WHEN row_number() {over} = 1 OR {0} IS DISTINCT FROM lag({0}) {over} THEN row_number() {over} END",
            [term], groups, order, "", KqlType.Long, true));
        return new BoundWindow(
            isSmallest ? "max({0}) {over}" : "count({0}) {over}", [changes], groups, order, UpToRow, KqlType.Long, false);
    }

    private BoundColumn Sessions(BoundExpression time, BoundExpression fromFirst, BoundExpression between, BoundExpression? restart)
    {
        RowOrder();
        var (row, groups) = (_windows.Row!, GroupKeys());
        var start = WindowColumn(KqlType.DateTime, true);
        _windows.Before.Add(table => new BoundSessions(table, row, time, fromFirst, between, restart, groups, start));
        return new BoundColumn(start);
    }
}
