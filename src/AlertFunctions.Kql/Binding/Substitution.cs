namespace AlertFunctions.Kql.Binding;

/// <summary>Puts other expressions in the place of columns, and sees the parts of one.</summary>
internal static class Substitution
{
    /// <summary>Sees an expression and all of its parts.</summary>
    public static void Visit(BoundExpression expression, Action<BoundExpression> visit)
    {
        visit(expression);
        Parts(
            expression,
            part =>
            {
                Visit(part, visit);
                return part;
            });
    }

    public static BoundExpression Replace(BoundExpression expression, Func<ColumnSymbol, BoundExpression> replace) =>
        expression is BoundColumn column ? replace(column.Column) : Parts(expression, part => Replace(part, replace));

    // The same expression with other parts.
    private static BoundExpression Parts(BoundExpression expression, Func<BoundExpression, BoundExpression> one)
    {
        return expression switch
        {
            BoundCall call => call with { Arguments = All(call.Arguments) },
            BoundAggregate aggregate => aggregate with { Arguments = All(aggregate.Arguments) },
            BoundBinary binary => binary with { Left = one(binary.Left), Right = one(binary.Right) },
            BoundLogical logical => new BoundLogical(logical.IsAnd, All(logical.Operands)),
            BoundNegation negation => new BoundNegation(one(negation.Operand)),
            BoundConversion conversion => conversion with { Operand = one(conversion.Operand) },
            BoundPath path => new BoundPath(
                one(path.Root), [.. path.Steps.Select(s => s is PathStep.Computed c ? new PathStep.Computed(one(c.Key)) : s)]),
            BoundIn membership => membership with
            {
                Operand = one(membership.Operand),
                Items = All(membership.Items),
                Array = membership.Array is null ? null : one(membership.Array),
            },
            BoundHasList list => list with
            {
                Operand = one(list.Operand),
                Items = All(list.Items),
                Array = list.Array is null ? null : one(list.Array),
            },
            BoundTemplate template => template with { Arguments = All(template.Arguments) },
            BoundWindow window => window with { Arguments = All(window.Arguments) },
            _ => expression,
        };

        List<BoundExpression> All(IReadOnlyList<BoundExpression> parts) => [.. parts.Select(one)];
    }
}
