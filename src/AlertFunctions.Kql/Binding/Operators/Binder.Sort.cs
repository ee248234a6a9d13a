using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindSort(BoundTable input, IReadOnlyList<OrderedExpression> keys)
    {
        var bound = new List<(BoundExpression Value, bool Descending, bool NullsFirst)>();
        foreach (var key in keys)
        {
            var value = Bind(key.Key.Value);
            if (value is BoundError)
            {
                return input with { IsError = true };
            }

            if (value.Type == KqlType.Dynamic)
            {
                diagnostics.Semantic("KQL124", key.Span, "Dynamic values have no order", "Convert them, as with tostring().");
                return input with { IsError = true };
            }

            // Source: learn.microsoft.com/kusto/query/sort-operator: descending unless told; nulls first ascending, last descending.
            var descending = key.Direction != SortDirection.Ascending;
            bound.Add((value, descending, key.Nulls is { } nulls ? nulls == NullsOrder.First : !descending));
        }

        // Keys that are no columns are computed into hidden ones.
        var computed = bound.Where(b => b.Value is not BoundColumn).ToList();
        var target = input;
        var symbols = new Dictionary<BoundExpression, ColumnSymbol>(ReferenceEqualityComparer.Instance);
        if (computed.Count > 0)
        {
            var names = new ColumnNames();
            foreach (var column in input.Physical)
            {
                names.Keep(column);
            }

            var outputs = input.Columns.Select(Output.Pass).ToList();
            if (input.Ingestion is not null)
            {
                outputs.Add(Output.Pass(input.Ingestion));
            }

            foreach (var (value, _, _) in computed)
            {
                var symbol = names.AddHidden("$key", value.Type, value.CanBeNull);
                symbols[value] = symbol;
                outputs.Add(new Output(symbol, value));
            }

            // The old order goes; the new keys must be known as its order so that they are kept.
            target = new BoundProjection(
                input, outputs, input.Columns, [.. symbols.Values.Select(s => new SortKey(s, false, true))], input.Ingestion);
        }

        var order = bound
            .Select(b => new SortKey(b.Value is BoundColumn column ? column.Column : symbols[b.Value], b.Descending, b.NullsFirst))
            .ToList();
        return new BoundSort(target, order) { IsSerialized = true };
    }

    private BoundTable BindTop(BoundTable input, TopOperator top)
    {
        var count = BindCountOf(top.Count);
        var sorted = BindSort(input, [top.Key]);
        return count is BoundError || sorted.IsError ? input with { IsError = true } : new BoundTake(sorted, count) { IsSerialized = true };
    }
}
