using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindPrint(PrintOperator print)
    {
        var outer = _rows;
        _rows = null;
        var list = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in print.Columns)
        {
            Attribute(sources, list.Count, column);
            var place = list.Count;
            AddColumns(list, column);
            if (column.Names.Length == 0 && list.Count == place + 1)
            {
                list[place] = ($"print_{place}", list[place].Value);
            }
            else if (column.Names.Length > 0 && list.Count > place + column.Names.Length)
            {
                // Of a function of several columns those come that have a name here.
                list.RemoveRange(place + column.Names.Length, list.Count - place - column.Names.Length);
            }
        }

        _rows = outer;
        if (list.Exists(c => c.Value is BoundError))
        {
            return ErrorTable();
        }

        if (Keys(list, sources, new ColumnNames()) is not { } outputs)
        {
            return ErrorTable();
        }

        return new BoundProjection(null, outputs, [.. outputs.Select(o => o.Column)], [], null);
    }

    private BoundTable BindRange(RangeOperator range)
    {
        var outer = _rows;
        _rows = null;
        var (from, to, step) = (Bind(range.From), Bind(range.To), Bind(range.Step));
        _rows = outer;
        if (from is BoundError || to is BoundError || step is BoundError)
        {
            return ErrorTable();
        }

        var isTime = from.Type == KqlType.DateTime && to.Type == KqlType.DateTime && step.Type == KqlType.TimeSpan
            || from.Type == KqlType.TimeSpan && to.Type == KqlType.TimeSpan && step.Type == KqlType.TimeSpan;
        var isNumber = new[] { from, to, step }.All(e => e.Type is KqlType.Int or KqlType.Long or KqlType.Real);
        if (!isTime && !isNumber)
        {
            diagnostics.Semantic(
                "KQL125", range.Span, $"A range of {TypeName(from.Type)} to {TypeName(to.Type)} by {TypeName(step.Type)} is not possible");
            return ErrorTable();
        }

        var type = isTime ? from.Type : Widest(Widest(from.Type, to.Type), step.Type);
        if (!isTime)
        {
            (from, to, step) = (Folded(Conversion.To(from, type)), Folded(Conversion.To(to, type)), Folded(Conversion.To(step, type)));
        }

        return new BoundRange(new ColumnNames().Add(range.Name.Text, type, false), from, to, step) { IsSerialized = true };
    }

    private BoundTable BindDataTable(DataTableExpression table)
    {
        var names = new ColumnNames();
        var columns = new List<ColumnSymbol>();
        foreach (var column in table.Schema.Columns)
        {
            if (names.Contains(column.Name.Text))
            {
                diagnostics.Semantic("KQL121", column.Span, $"There is already a column '{column.Name.Text}' in this list");
                return ErrorTable();
            }

            columns.Add(names.Add(column.Name.Text, column.Type, true));
        }

        if (columns.Count == 0 || table.Values.Length % columns.Count != 0)
        {
            diagnostics.Semantic("KQL126", table.Span, $"{table.Values.Length} values do not fill rows of {columns.Count} columns");
            return new BoundValues(columns, []) { IsError = true };
        }

        var outer = _rows;
        _rows = null;
        var values = new List<IReadOnlyList<BoundExpression>>();
        for (var i = 0; i < table.Values.Length; i += columns.Count)
        {
            var row = new List<BoundExpression>(columns.Count);
            for (var j = 0; j < columns.Count; j++)
            {
                var value = Bind(table.Values[i + j]);
                row.Add(value is BoundLiteral { Value: null } ? new BoundLiteral(columns[j].Type, null) : Cell(value, columns[j].Type, table.Values[i + j].Span));
            }

            values.Add(row);
        }

        _rows = outer;
        return new BoundValues(columns, values) { IsError = values.Exists(r => r.Any(v => v is BoundError)) };
    }

    // A datatable's values are converted more freely than arguments are.
    private BoundExpression Cell(BoundExpression value, KqlType type, TextSpan span) => value switch
    {
        { Type: KqlType.String } or { Type: KqlType.Long or KqlType.Int or KqlType.Real or KqlType.Bool }
            when value.Type != type && type is not KqlType.Guid => Folded(Conversion.To(value, type)),
        { Type: KqlType.String } when type == KqlType.Guid => Folded(Conversion.To(value, type)),
        _ => Argument(value, type, span),
    };
}
