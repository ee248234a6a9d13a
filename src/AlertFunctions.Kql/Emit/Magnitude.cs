using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// How many bits a whole number can need at most. Kusto's long arithmetic wraps around where DuckDB's raises an error; where
/// the operands are small enough, plain arithmetic is the same and faster.
/// </summary>
internal static class Magnitude
{
    public const int Any = 64;

    public static int Bits(BoundExpression expression) => expression switch
    {
        BoundLiteral literal => Bits(literal.Value),
        BoundColumn { Type: KqlType.DateTime } or BoundCall { Type: KqlType.DateTime } => 62,
        BoundConversion { Operand.Type: KqlType.Int or KqlType.Bool } => 31,
        BoundConversion { Operand: var operand, Type: KqlType.Long } when operand.Type == KqlType.Long => Bits(operand),
        BoundAggregate { Arguments.Count: 0, Type: KqlType.Long } => 48,
        BoundBinary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } sum => 1 + Math.Max(Bits(sum.Left), Bits(sum.Right)),
        BoundBinary { Operator: BinaryOperator.Multiply } product => Bits(product.Left) + Bits(product.Right),
        BoundBinary { Operator: BinaryOperator.Modulo } rest => Bits(rest.Right),
        BoundBinary { Operator: BinaryOperator.Divide } ratio => Bits(ratio.Left),
        BoundNegation negation => Bits(negation.Operand),
        _ => expression.Type is KqlType.Int or KqlType.Bool ? 31 : Any,
    };

    private static int Bits(object? value) => value switch
    {
        null => 0,
        int number => Bits((long)number),
        long number => Bits(number),
        DateTime instant => Bits(instant.Ticks),
        TimeSpan span => Bits(span.Ticks),
        _ => Any,
    };

    private static int Bits(long value) => 64 - (int)long.LeadingZeroCount(value < 0 ? ~value : value);
}
