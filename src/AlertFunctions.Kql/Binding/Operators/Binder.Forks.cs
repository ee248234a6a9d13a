using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// fork and facet: several tables of one input. Sources: learn.microsoft.com/kusto/query/fork-operator and facet-operator.
/// </summary>
internal sealed partial class Binder
{
    /// <summary>
    /// The tables of a statement, each with its name where the query gives it one. Only here may a pipe end with fork or facet.
    /// </summary>
    private IReadOnlyList<(string? Name, BoundTable Table)> Results(Expression expression)
    {
        if (expression is not PipeExpression { Operators: [.. var before, var last] } pipe)
        {
            return [(null, Result(expression))];
        }

        if (last is RenderOperator render && before is [.. var earlier, ForkOperator or FacetOperator])
        {
            BindRender(ErrorTable(), render);
            (before, last) = (earlier, before[^1]);
        }

        if (last is not (ForkOperator or FacetOperator) || (pipe.Source is null && before.IsEmpty))
        {
            return [(null, Result(expression))];
        }

        var input = before.IsEmpty ? BindTable(pipe.Source!) : BindPipe(pipe with { Operators = before });
        return last switch
        {
            _ when input.IsError => [(null, input)],
            ForkOperator fork => [.. fork.Branches.Select(b => (b.Name?.Text, BindBranch(input, b.Pipe)))],
            FacetOperator facet => BindFacet(input, facet),
            _ => throw new InvalidOperationException("Unreachable: only fork and facet come here."),
        };
    }

    private BoundTable BindBranch(BoundTable input, Subpipe pipe)
    {
        var table = input;
        foreach (var step in pipe.Operators)
        {
            table = BindOperator(table, step);
        }

        return table;
    }

    private List<(string? Name, BoundTable Table)> BindFacet(BoundTable input, FacetOperator facet)
    {
        var results = new List<(string?, BoundTable)>();
        if (facet.With is not null)
        {
            results.Add((null, BindBranch(input, facet.With)));
        }

        foreach (var column in facet.By)
        {
            var name = NameOf(column) ?? "";
            var count = new CallExpression(facet.Keyword, new Identifier(facet.Keyword, "count"), []);
            results.Add((null, BindOperator(input, new SummarizeOperator(
                facet.Span,
                facet.Keyword,
                [new NamedExpression(facet.Keyword, [new Identifier(facet.Keyword, $"count_{name}")], false, count)],
                [new NamedExpression(column.Span, [], false, column)]))));
        }

        return results;
    }
}
