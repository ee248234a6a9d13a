using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// A scalar expression with every name resolved and its type known. A bound expression can always be emitted.
/// </summary>
internal abstract record BoundExpression
{
    private protected BoundExpression(KqlType type, bool canBeNull)
    {
        Type = type;
        CanBeNull = canBeNull;
    }

    public KqlType Type { get; init; }

    /// <summary>
    /// Whether its SQL may give NULL. Never so for a string: the SQL of a string expression gives <c>''</c> instead.
    /// </summary>
    public bool CanBeNull { get; init; }
}

/// <summary>A constant; <paramref name="Value"/> as <see cref="LiteralExpression.Value"/> has it, null for a typed null.</summary>
internal sealed record BoundLiteral(KqlType LiteralType, object? Value)
    : BoundExpression(LiteralType, Value is null && LiteralType != KqlType.String);

/// <summary>The value of a column of the operator's input.</summary>
internal sealed record BoundColumn(ColumnSymbol Column) : BoundExpression(Column.Type, Column.CanBeNull);

/// <summary>A function or an operator applied to arguments that already have the types its overload wants.</summary>
internal sealed record BoundCall(Overload Overload, IReadOnlyList<BoundExpression> Arguments, KqlType ResultType, bool MayBeNull)
    : BoundExpression(ResultType, MayBeNull);

/// <summary>An aggregate applied to the rows of a group.</summary>
internal sealed record BoundAggregate(
    Overload Overload, IReadOnlyList<BoundExpression> Arguments, KqlType ResultType, bool MayBeNull)
    : BoundExpression(ResultType, MayBeNull);

/// <summary>A value of one type as another, by KQL's rules for <c>toint()</c> and the like: what does not convert is null.</summary>
internal sealed record BoundConversion(BoundExpression Operand, KqlType Target, bool MayBeNull) : BoundExpression(Target, MayBeNull);

/// <summary>One step into a dynamic value: a member by its name, or an element by its place.</summary>
internal abstract record PathStep
{
    private protected PathStep()
    {
    }

    internal sealed record Member(string Name) : PathStep;

    /// <summary>Counted from the end where negative.</summary>
    internal sealed record Element(long Index) : PathStep;

    /// <summary>A name (string) or place (long) that is computed for each row.</summary>
    internal sealed record Computed(BoundExpression Key) : PathStep;
}

/// <summary><c>root.a['b'][0]</c> of a dynamic value: null where a step leads nowhere.</summary>
internal sealed record BoundPath(BoundExpression Root, IReadOnlyList<PathStep> Steps) : BoundExpression(KqlType.Dynamic, true);
