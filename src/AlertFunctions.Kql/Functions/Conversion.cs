using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Functions;

/// <summary>KQL's conversions between types, implicit and by the to-functions: what does not convert is null.</summary>
internal static class Conversion
{
    /// <summary>The expression as a value of the type; itself where it has it.</summary>
    public static BoundExpression To(BoundExpression expression, KqlType type) =>
        expression.Type == type ? expression : new BoundConversion(expression, type, MayBeNull(expression, type));

    private static bool MayBeNull(BoundExpression expression, KqlType type) =>
        type != KqlType.String && (expression.CanBeNull || !Widens(expression.Type, type));

    /// <summary>Whether every value of one type is a value of the other.</summary>
    public static bool Widens(KqlType from, KqlType to) => (from, to) switch
    {
        (KqlType.Int, KqlType.Long or KqlType.Real or KqlType.Decimal) => true,
        (KqlType.Long, KqlType.Real or KqlType.Decimal) => true,
        _ => from == to,
    };
}
