namespace AlertFunctions.Kql.Binding;

/// <summary>Puts other expressions in the place of columns.</summary>
internal static class Substitution
{
    public static BoundExpression Replace(BoundExpression expression, Func<ColumnSymbol, BoundExpression> replace)
    {
        return expression switch
        {
            BoundColumn column => replace(column.Column),
            BoundCall call => call with { Arguments = All(call.Arguments) },
            BoundAggregate aggregate => aggregate with { Arguments = All(aggregate.Arguments) },
            BoundBinary binary => binary with { Left = One(binary.Left), Right = One(binary.Right) },
            BoundLogical logical => new BoundLogical(logical.IsAnd, All(logical.Operands)),
            BoundNegation negation => new BoundNegation(One(negation.Operand)),
            BoundConversion conversion => conversion with { Operand = One(conversion.Operand) },
            BoundPath path => new BoundPath(
                One(path.Root), [.. path.Steps.Select(s => s is PathStep.Computed c ? new PathStep.Computed(One(c.Key)) : s)]),
            BoundIn membership => membership with
            {
                Operand = One(membership.Operand),
                Items = All(membership.Items),
                Array = membership.Array is null ? null : One(membership.Array),
            },
            BoundHasList list => list with
            {
                Operand = One(list.Operand),
                Items = All(list.Items),
                Array = list.Array is null ? null : One(list.Array),
            },
            BoundTemplate template => template with { Arguments = All(template.Arguments) },
            BoundWindow window => window with { Arguments = All(window.Arguments) },
            _ => expression,
        };

        BoundExpression One(BoundExpression part) => Replace(part, replace);

        List<BoundExpression> All(IReadOnlyList<BoundExpression> parts) => [.. parts.Select(One)];
    }
}
