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

/// <summary>A binary operator whose operands have the types that the operator wants.</summary>
internal sealed record BoundBinary(
    BinaryOperator Operator, BoundExpression Left, BoundExpression Right, KqlType ResultType, bool MayBeNull)
    : BoundExpression(ResultType, MayBeNull);

/// <summary><c>and</c> or <c>or</c> over two or more operands: chains are flat, so that long ones need no depth.</summary>
internal sealed record BoundLogical(bool IsAnd, IReadOnlyList<BoundExpression> Operands)
    : BoundExpression(KqlType.Bool, Operands.Any(o => o.CanBeNull));

/// <summary>The negative of a number or timespan.</summary>
internal sealed record BoundNegation(BoundExpression Operand) : BoundExpression(Operand.Type, Operand.CanBeNull);

/// <summary>
/// <c>in</c>, <c>in~</c> and their negations over constants and expressions of the operand's type, over a column of a table, or
/// over an array. Null only where the operand and an item of a list are: null compared with null.
/// </summary>
internal sealed record BoundIn(
    BoundExpression Operand,
    IReadOnlyList<BoundExpression> Items,
    BoundTable? Table,
    BoundExpression? Array,
    bool IgnoresCase,
    bool IsNegated) : BoundExpression(KqlType.Bool, Operand.CanBeNull && Items.Any(item => item.CanBeNull));

/// <summary><c>has_any</c> and <c>has_all</c> over strings, or over an array.</summary>
internal sealed record BoundHasList(
    BoundExpression Operand, IReadOnlyList<BoundExpression> Items, BoundTable? Table, BoundExpression? Array, bool All)
    : BoundExpression(KqlType.Bool, false);

/// <summary>The single value of a table's first column: <c>toscalar</c>. Null where the table is empty.</summary>
internal sealed record BoundScalarQuery(BoundTable Table, KqlType ResultType) : BoundExpression(ResultType, true);

/// <summary>A value computed over the rows in their order, such as row_number(): SQL with <c>{0}</c>... and <c>{over}</c>.</summary>
internal sealed record BoundWindow(
    string Template,
    IReadOnlyList<BoundExpression> Arguments,
    IReadOnlyList<BoundExpression> PartitionBy,
    IReadOnlyList<SortKey> Order,
    string Frame,
    KqlType ResultType,
    bool MayBeNull) : BoundExpression(ResultType, MayBeNull);

/// <summary>SQL made of arguments for which KQL has no name; used where an operator is put together from parts.</summary>
internal sealed record BoundTemplate(string Template, IReadOnlyList<BoundExpression> Arguments, KqlType ResultType, bool MayBeNull)
    : BoundExpression(ResultType, MayBeNull);

/// <summary>A <c>typeof(...)</c> argument.</summary>
internal sealed record BoundTypeLiteral(KqlType Named) : BoundExpression(Named, true);

/// <summary>Stands where an expression could not be bound; the fault is reported, and nothing is said of what follows from it.</summary>
internal sealed record BoundError() : BoundExpression(KqlType.Dynamic, true);
