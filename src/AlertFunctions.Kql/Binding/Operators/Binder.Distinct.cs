using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private static BoundTable BindCount(BoundTable input, CountOperator count)
    {
        var overload = FunctionTable.Aggregates["count"].Overloads[0];
        var column = new ColumnNames().Add(count.Name?.Text ?? "Count", KqlType.Long, false);
        return new BoundSummarize(input, [], [new Output(column, new BoundAggregate(overload, [], KqlType.Long, false))]) { IsError = input.IsError };
    }

    private BoundTable BindDistinct(BoundTable input, DistinctOperator distinct)
    {
        var list = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in distinct.Columns)
        {
            Attribute(sources, list.Count, column);
            if (column.Value is StarExpression or WildcardExpression)
            {
                list.AddRange(Matching(input, [column.Value]).Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
            }
            else
            {
                AddColumns(list, column);
            }
        }

        if (list.Find(c => c.Value is { Type: KqlType.Dynamic } and not BoundError) is { Value: not null } dynamic)
        {
            diagnostics.Semantic(
                "KQL124", distinct.Span, $"The dynamic column '{dynamic.Name}' cannot be grouped by", "Convert it, as with tostring().");
            return input with { IsError = true };
        }

        if (list.Exists(c => c.Value is BoundError))
        {
            return input with { IsError = true };
        }

        return Keys(list, sources, new ColumnNames()) is { } keys
            ? new BoundSummarize(input, keys, []) { IsError = input.IsError }
            : input with { IsError = true };
    }
}
