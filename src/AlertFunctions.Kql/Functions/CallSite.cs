using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>What an Emit method of the function table works with: one call, its arguments and their SQL.</summary>
internal sealed class CallSite(
    IReadOnlyList<BoundExpression> arguments, KqlType resultType, Func<BoundExpression, SqlText> emit, string orderBy)
{
    /// <summary>The arguments as converted for the overload; those left out without a default are not there.</summary>
    public IReadOnlyList<BoundExpression> Arguments { get; } = arguments;

    public KqlType ResultType { get; } = resultType;

    /// <summary>For aggregates of a list: <c> ORDER BY ...</c> where the input is sorted, else empty.</summary>
    public string OrderBy { get; } = orderBy;

    public int Count => Arguments.Count;

    public KqlType TypeOf(int index) => Arguments[index].Type;

    /// <summary>The argument's SQL, fit to stand alone between parentheses or commas.</summary>
    public string Sql(int index) => Emit(Arguments[index]).Text;

    /// <summary>The argument's SQL as an operand: in parentheses unless it is one piece.</summary>
    public string Operand(int index) => Emit(Arguments[index]).At(Precedence.Primary);

    /// <summary>The argument's SQL converted to a type by KQL's rules.</summary>
    public string Sql(int index, KqlType type) => Emit(Conversion.To(Arguments[index], type)).Text;

    public SqlText Emit(BoundExpression expression) => emit(expression);

    public bool IsConstant(int index) => Arguments[index] is BoundLiteral;

    /// <summary>The value of a constant argument: null where it is a null of its type or not there.</summary>
    public object? Constant(int index) => index < Count && Arguments[index] is BoundLiteral literal ? literal.Value : null;

    /// <summary>A template's text with <c>{0}</c>, <c>{1}</c>, ... replaced, as <see cref="Overload"/> describes.</summary>
    public string Fill(string template) => SqlTemplate.Fill(template, this);
}
