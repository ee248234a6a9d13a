using System.Globalization;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Runtime.Time;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundExpression Combine(BinaryExpression binary, BoundExpression left, BoundExpression right)
    {
        if (left is BoundError || right is BoundError)
        {
            return new BoundError();
        }

        switch (binary.Operator)
        {
            case BinaryOperator.Equal or BinaryOperator.NotEqual:
                return Equatable(left, right) is var (l, r)
                    ? new BoundBinary(binary.Operator, l, r, KqlType.Bool, l.CanBeNull && r.CanBeNull)
                    : Mismatch(binary.OperatorSpan, left.Type, right.Type);
            case BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual:
                return Comparable(left, right) is var (a, b) && TypeSet.Summable.With(KqlType.Bool).Contains(a.Type)
                    ? new BoundBinary(binary.Operator, a, b, KqlType.Bool, a.CanBeNull || b.CanBeNull)
                    : Undefined(binary, left, right);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo:
                return Arithmetic(binary, left, right);
            default:
                return StringOperator(binary, left, right);
        }
    }

    private BoundExpression StringOperator(BinaryExpression binary, BoundExpression left, BoundExpression right)
    {
        if (binary.Operator is BinaryOperator.Like or BinaryOperator.NotLike or BinaryOperator.LikeCs or BinaryOperator.NotLikeCs)
        {
            diagnostics.NotSupported(binary.OperatorSpan, "The operator 'like' is not part of the language any more", "Use has, contains or matches regex.");
            return new BoundError();
        }

        if (AsText(left) is not { } text || AsText(right) is not { } pattern)
        {
            return Undefined(binary, left, right);
        }

        if (binary.Operator == BinaryOperator.MatchesRegex && pattern is BoundLiteral regex)
        {
            pattern = ConstantRegex(regex, binary.Right.Span);
        }

        return pattern is BoundError ? pattern : new BoundBinary(binary.Operator, text, pattern, KqlType.Bool, false);

        static BoundExpression? AsText(BoundExpression value) =>
            value.Type == KqlType.String || value.Type == KqlType.Dynamic ? Folded(Conversion.To(value, KqlType.String)) : null;
    }

    /// <summary>A regular expression of the query as the engine takes it; an error, reported, where it is none or the engine has no such.</summary>
    private BoundExpression ConstantRegex(BoundLiteral literal, TextSpan span)
    {
        var regex = literal.Value as string ?? "";
        if (RegexFault.Of(regex) is { } fault)
        {
            diagnostics.Semantic("KQL117", span, $"This is no regular expression: {fault}");
            return new BoundError();
        }

        if (!RegexDialect.TryToRe2(regex, out var re2, out var reason))
        {
            diagnostics.NotSupported(span, $"Regular expressions with {reason} are not supported");
            return new BoundError();
        }

        return literal with { Value = re2 };
    }

    /// <summary>
    /// Both as values of one type that can be equal or not. Published queries ask SigninLogs for ResultType == 0 and other tables for
    /// _IsBillable == true and isReceivedFromClient_b == "true": a text equals a whole number where it is the number's text, and a bool
    /// where it says true or false in any case; a whole number or a bool in quotes is that number or bool.
    /// Source: learn.microsoft.com/azure/azure-monitor/reference/queries/signinlogs and azurediagnostics.
    /// </summary>
    private static (BoundExpression Left, BoundExpression Right)? Equatable(BoundExpression left, BoundExpression right)
    {
        return Comparable(left, right) ?? WithConstant(left, right) ?? (WithConstant(right, left) is var (r, l) ? (l, r) : null);
    }

    private static (BoundExpression Value, BoundExpression Constant)? WithConstant(BoundExpression value, BoundExpression constant) => (value.Type, constant) switch
    {
        (KqlType.String, BoundLiteral { Value: int or long }) => (value, Folded(Conversion.To(constant, KqlType.String))),
        (KqlType.String, BoundLiteral { Value: bool }) => (Conversion.To(value, KqlType.Bool), constant),
        (KqlType.Int or KqlType.Long, BoundLiteral { Value: string text })
            when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number.ToString(CultureInfo.InvariantCulture) == text => (Conversion.To(value, KqlType.Long), new BoundLiteral(KqlType.Long, number)),
        (KqlType.Bool, BoundLiteral { Value: "true" or "false" } text) => (value, new BoundLiteral(KqlType.Bool, text.Value is "true")),
        _ => null,
    };

    /// <summary>Both as values of one type that can be compared; null where KQL asks for an explicit conversion.</summary>
    private static (BoundExpression Left, BoundExpression Right)? Comparable(BoundExpression left, BoundExpression right)
    {
        if (left.Type == right.Type)
        {
            return (left, right);
        }

        if (TypeSet.Number.Contains(left.Type) && TypeSet.Number.Contains(right.Type))
        {
            var type = Widest(left.Type, right.Type);
            return (Folded(Conversion.To(left, type)), Folded(Conversion.To(right, type)));
        }

        if (left.Type == KqlType.Dynamic)
        {
            return (Conversion.To(left, right.Type == KqlType.Int ? KqlType.Long : right.Type), right);
        }

        if (right.Type == KqlType.Dynamic)
        {
            return (left, Conversion.To(right, left.Type == KqlType.Int ? KqlType.Long : left.Type));
        }

        return (left.Type, right.Type) switch
        {
            (KqlType.Bool, KqlType.Int or KqlType.Long) => (Conversion.To(left, KqlType.Long), Conversion.To(right, KqlType.Long)),
            (KqlType.Int or KqlType.Long, KqlType.Bool) => (Conversion.To(left, KqlType.Long), Conversion.To(right, KqlType.Long)),
            (KqlType.Guid, KqlType.String) => (Conversion.To(left, KqlType.String), right),
            (KqlType.String, KqlType.Guid) => (left, Conversion.To(right, KqlType.String)),
            (KqlType.DateTime, KqlType.String) when right is BoundLiteral => (left, Conversion.To(right, KqlType.DateTime)),
            (KqlType.String, KqlType.DateTime) when left is BoundLiteral => (Conversion.To(left, KqlType.DateTime), right),
            _ => null,
        };
    }

    private static KqlType Widest(KqlType left, KqlType right) =>
        left == KqlType.Decimal || right == KqlType.Decimal ? KqlType.Decimal
        : left == KqlType.Real || right == KqlType.Real ? KqlType.Real
        : left == KqlType.Long || right == KqlType.Long ? KqlType.Long
        : KqlType.Int;

    private BoundExpression Arithmetic(BinaryExpression binary, BoundExpression left, BoundExpression right)
    {
        // A dynamic operand becomes what the other one is; of two, nothing tells what they are.
        if (left.Type == KqlType.Dynamic && right.Type != KqlType.Dynamic)
        {
            left = Conversion.To(left, DynamicOperand(binary.Operator, right.Type, isLeft: true));
        }
        else if (right.Type == KqlType.Dynamic && left.Type != KqlType.Dynamic)
        {
            right = Conversion.To(right, DynamicOperand(binary.Operator, left.Type, isLeft: false));
        }

        var isNull = left.CanBeNull || right.CanBeNull;
        var op = binary.Operator;
        if (TypeSet.Number.Contains(left.Type) && TypeSet.Number.Contains(right.Type))
        {
            var type = Widest(left.Type, right.Type) is var widest && widest == KqlType.Int ? KqlType.Long : widest;
            var dividesWhole = op is BinaryOperator.Divide or BinaryOperator.Modulo && type is KqlType.Long && right is not BoundLiteral { Value: not (0 or 0L) };
            return Folded(new BoundBinary(
                op, Folded(Conversion.To(left, type)), Folded(Conversion.To(right, type)), type, isNull || dividesWhole || type == KqlType.Decimal));
        }

        KqlType? result = (op, left.Type, right.Type) switch
        {
            (BinaryOperator.Add, KqlType.DateTime, KqlType.TimeSpan) => KqlType.DateTime,
            (BinaryOperator.Add, KqlType.TimeSpan, KqlType.DateTime) => KqlType.DateTime,
            (BinaryOperator.Add, KqlType.TimeSpan, KqlType.TimeSpan) => KqlType.TimeSpan,
            (BinaryOperator.Subtract, KqlType.DateTime, KqlType.DateTime) => KqlType.TimeSpan,
            (BinaryOperator.Subtract, KqlType.DateTime, KqlType.TimeSpan) => KqlType.DateTime,
            (BinaryOperator.Subtract, KqlType.TimeSpan, KqlType.TimeSpan) => KqlType.TimeSpan,
            (BinaryOperator.Multiply, KqlType.TimeSpan, KqlType.Int or KqlType.Long or KqlType.Real) => KqlType.TimeSpan,
            (BinaryOperator.Multiply, KqlType.Int or KqlType.Long or KqlType.Real, KqlType.TimeSpan) => KqlType.TimeSpan,
            (BinaryOperator.Divide, KqlType.TimeSpan, KqlType.Int or KqlType.Long or KqlType.Real) => KqlType.TimeSpan,
            (BinaryOperator.Divide, KqlType.TimeSpan, KqlType.TimeSpan) => KqlType.Real,
            (BinaryOperator.Divide, KqlType.DateTime, KqlType.TimeSpan) => KqlType.Real,
            (BinaryOperator.Modulo, KqlType.TimeSpan, KqlType.TimeSpan) => KqlType.TimeSpan,
            (BinaryOperator.Modulo, KqlType.DateTime, KqlType.TimeSpan) => KqlType.TimeSpan,
            _ => null,
        };
        if (result is not { } known)
        {
            return Undefined(binary, left, right);
        }

        return Folded(new BoundBinary(op, Long(left), Long(right), known, isNull || op is BinaryOperator.Divide or BinaryOperator.Modulo || left.Type == KqlType.Real || right.Type == KqlType.Real));

        static BoundExpression Long(BoundExpression value) =>
            value.Type == KqlType.Int ? Folded(Conversion.To(value, KqlType.Long)) : value;
    }

    private static KqlType DynamicOperand(BinaryOperator op, KqlType other, bool isLeft) => (op, other) switch
    {
        (_, KqlType.Int) => KqlType.Long,
        (BinaryOperator.Add, KqlType.DateTime) => KqlType.TimeSpan,
        (BinaryOperator.Subtract, KqlType.DateTime) => KqlType.DateTime,
        (BinaryOperator.Multiply or BinaryOperator.Divide, KqlType.TimeSpan) => isLeft && op == BinaryOperator.Divide ? KqlType.TimeSpan : KqlType.Real,
        _ => other,
    };

    private BoundError Undefined(BinaryExpression binary, BoundExpression left, BoundExpression right)
    {
        if (left.Type == KqlType.Dynamic && right.Type == KqlType.Dynamic)
        {
            diagnostics.NotSupported(
                binary.OperatorSpan,
                "Arithmetic of two dynamic values is not supported: the service tells only while it runs what they are",
                "Convert them, as with tolong().");
            return new BoundError();
        }

        diagnostics.Semantic(
            "KQL112",
            binary.OperatorSpan,
            $"This operator does not apply to {TypeName(left.Type)} and {TypeName(right.Type)}",
            binary.Operator == BinaryOperator.Add && left.Type == KqlType.String ? "strcat() joins strings." : null);
        return new BoundError();
    }

    /// <summary>The value of a constant expression computed now: constants are needed where KQL wants literals.</summary>
    private static BoundExpression Folded(BoundExpression expression) => expression switch
    {
        BoundNegation { Operand: BoundLiteral { Value: { } value } literal } => value switch
        {
            long number => new BoundLiteral(literal.Type, unchecked(-number)),
            double number => new BoundLiteral(literal.Type, -number),
            decimal number => new BoundLiteral(literal.Type, -number),
            TimeSpan span when span != TimeSpan.MinValue => new BoundLiteral(literal.Type, -span),
            _ => expression,
        },
        BoundConversion { Operand: BoundLiteral { Value: { } value } } conversion => Convert(value, conversion.Target) is { } converted
            ? new BoundLiteral(conversion.Target, converted)
            : expression,
        BoundBinary { Left: BoundLiteral { Value: { } left }, Right: BoundLiteral { Value: { } right } } binary =>
            Compute(binary.Operator, left, right) is { } value ? new BoundLiteral(binary.Type, value) : expression,
        _ => expression,
    };

    private static object? Convert(object value, KqlType type) => (value, type) switch
    {
        (int number, KqlType.Long) => (long)number,
        (long number, KqlType.Int) when number is >= int.MinValue and <= int.MaxValue => (int)number,
        (int or long, KqlType.Real) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (int or long, KqlType.Decimal) => System.Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        (int or long, KqlType.String) => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        (string text, KqlType.DateTime) when DateTimeText.Parse(text) is { } ticks => new DateTime(ticks, DateTimeKind.Utc),
        _ => null,
    };

    private static object? Compute(BinaryOperator op, object left, object right)
    {
        try
        {
            return checked((op, left, right) switch
            {
                (BinaryOperator.Add, long a, long b) => a + b,
                (BinaryOperator.Subtract, long a, long b) => a - b,
                (BinaryOperator.Multiply, long a, long b) => a * b,
                (BinaryOperator.Divide, long a, long b) when b != 0 => a / b,
                (BinaryOperator.Add, double a, double b) => a + b,
                (BinaryOperator.Subtract, double a, double b) => a - b,
                (BinaryOperator.Multiply, double a, double b) => a * b,
                (BinaryOperator.Divide, double a, double b) => a / b,
                (BinaryOperator.Add, DateTime a, TimeSpan b) => a + b,
                (BinaryOperator.Add, TimeSpan a, DateTime b) => b + a,
                (BinaryOperator.Subtract, DateTime a, TimeSpan b) => a - b,
                (BinaryOperator.Subtract, DateTime a, DateTime b) => a - b,
                (BinaryOperator.Add, TimeSpan a, TimeSpan b) => a + b,
                (BinaryOperator.Subtract, TimeSpan a, TimeSpan b) => a - b,
                (BinaryOperator.Multiply, TimeSpan a, long b) => TimeSpan.FromTicks(a.Ticks * b),
                (BinaryOperator.Multiply, long a, TimeSpan b) => TimeSpan.FromTicks(a * b.Ticks),
                (BinaryOperator.Divide, TimeSpan a, long b) when b != 0 => TimeSpan.FromTicks(a.Ticks / b),
                _ => (object?)null,
            });
        }
        catch (Exception failure) when (failure is OverflowException or ArgumentOutOfRangeException)
        {
            // Left to the run, where it wraps around or is null.
            return null;
        }
    }
}
