using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindWhere(BoundTable input, WhereOperator where)
    {
        var predicate = Bind(StarredTerms(where.Predicate, input));
        if (predicate is not BoundError && predicate.Type != KqlType.Bool)
        {
            diagnostics.Semantic("KQL113", where.Predicate.Span, $"A condition is expected here, this is {TypeName(predicate.Type)}");
            return input with { IsError = true };
        }

        return predicate is BoundError
            ? input with { IsError = true }
            : Filtered(input, predicate);
    }

    // innerunique keeps any one row of the left side for each key, and the service takes one that later conditions on the left
    // side accept: they are applied before the choice.
    // Source: learn.microsoft.com/kusto/query/join-innerunique, "Two outputs".
    private BoundTable Filtered(BoundTable input, BoundExpression predicate)
    {
        if (_windows.Before.Count == 0 && input is BoundJoin { Kind: JoinKind.Inner, Left: BoundFirstRows { OrderBy: null } chosen } join)
        {
            var conditions = predicate is BoundLogical { IsAnd: true } and ? and.Operands : [predicate];
            var onLeft = conditions.Where(c => ColumnsOf(c) is { Count: > 0 } read && read.IsSubsetOf(join.Outputs.Where(o => !o.IsRight).Select(o => o.Column))).ToList();
            if (onLeft.Count > 0)
            {
                var sources = join.Outputs.Where(o => !o.IsRight).ToDictionary(o => o.Column, o => o.Source);
                var below = onLeft.ConvertAll(c => Substitution.Replace(c, column => new BoundColumn(sources[column])));
                var left = chosen with { Input = new BoundFilter(chosen.Input, below.Count == 1 ? below[0] : new BoundLogical(true, below)) };
                var rest = conditions.Except(onLeft, ReferenceEqualityComparer.Instance).Cast<BoundExpression>().ToList();
                BoundTable narrowed = join with { Left = left };
                return rest.Count == 0 ? narrowed : new BoundFilter(narrowed, rest.Count == 1 ? rest[0] : new BoundLogical(true, rest));
            }
        }

        return new BoundFilter(input, predicate) { IsSerialized = input.IsSerialized, SourceName = input.SourceName };
    }

    private static HashSet<ColumnSymbol> ColumnsOf(BoundExpression expression)
    {
        var columns = new HashSet<ColumnSymbol>();
        Substitution.Replace(expression, column =>
        {
            columns.Add(column);
            return new BoundColumn(column);
        });
        return columns;
    }
}
