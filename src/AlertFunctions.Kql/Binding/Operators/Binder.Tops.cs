using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>Operators that are others put together: sample-distinct, top-hitters, project-by-names.</summary>
internal sealed partial class Binder
{
    // Source: learn.microsoft.com/kusto/query/sample-distinct-operator.
    private BoundTable BindSampleDistinct(BoundTable input, SampleDistinctOperator sample)
    {
        if (sample.Of.Value is not NameExpression)
        {
            diagnostics.Semantic("KQL123", sample.Of.Span, "A column's name is expected here");
            return input with { IsError = true };
        }

        var distinct = BindDistinct(input, new DistinctOperator(sample.Span, sample.Keyword, [sample.Of]));
        var count = BindCountOf(sample.Count);
        return count is BoundError ? distinct with { IsError = true } : new BoundTake(distinct, count) { IsError = distinct.IsError };
    }

    // The service estimates; the exact answer is one that it may give.
    // Source: learn.microsoft.com/kusto/query/top-hitters-operator.
    private BoundTable BindTopHitters(BoundTable input, TopHittersOperator top)
    {
        if (top.Of is not { Names: [], Value: NameExpression } || top.By is { Names.Length: > 0 })
        {
            diagnostics.Semantic("KQL123", top.Of.Span, "A column's name is expected here");
            return input with { IsError = true };
        }

        var weight = top.By?.Value;
        var label = NameOf(weight ?? top.Of.Value) ?? "";
        var name = new Identifier(top.Keyword, weight is null ? $"approximate_count_{label}" : $"approximate_sum_{label}");
        var call = new CallExpression(
            top.Keyword,
            new Identifier(top.Keyword, weight is null ? "count" : "sum"),
            weight is null ? [] : [new NamedExpression(weight.Span, [], false, weight)]);
        var summarized = BindSummarize(
            input,
            new SummarizeOperator(top.Span, top.Keyword, [new NamedExpression(top.Span, [name], false, call)], [top.Of]));
        var count = BindCountOf(top.Count);
        if (summarized.IsError || count is BoundError)
        {
            return summarized with { IsError = true };
        }

        return new BoundTake(new BoundSort(summarized, [new SortKey(summarized.Columns[^1], true, false)]), count) { IsSerialized = true };
    }

    // Names that no column has are ignored; the names come in the order given, those of a wildcard in the input's.
    // Source: learn.microsoft.com/kusto/query/project-by-names-operator.
    private BoundTable BindProjectByNames(BoundTable input, ProjectByNamesOperator project)
    {
        var chosen = new List<ColumnSymbol>();
        foreach (var item in project.Columns)
        {
            switch (Bind(item))
            {
                case BoundError:
                    return input with { IsError = true };
                case BoundLiteral { LiteralType: KqlType.String, Value: string name }:
                    Choose(name);
                    break;
                case BoundLiteral { LiteralType: KqlType.Dynamic, Value: string json } when DynamicLiteral.Texts(json) is { } names:
                    names.ForEach(Choose);
                    break;
                default:
                    return Refused(item.Span, "The names of columns must be constant texts or an array of them");
            }
        }

        return Passed(input, chosen);

        void Choose(string name) => chosen.AddRange(
            input.Columns.Where(c => (name.Contains('*', StringComparison.Ordinal) ? Wildcard.Matches(name, c.Name) : c.Name == name)
                && !chosen.Contains(c)));
    }
}
