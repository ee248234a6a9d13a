using System.Globalization;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class ExpressionEmitter
{
    private const int LongOperands = 400;

    private SqlText Binary(BoundBinary binary, bool asPredicate) => binary.Operator switch
    {
        BinaryOperator.Equal => Equal(binary, asPredicate),
        BinaryOperator.NotEqual => NotEqual(binary, asPredicate),
        BinaryOperator.Less => Compare(binary, "<"),
        BinaryOperator.LessOrEqual => Compare(binary, "<="),
        BinaryOperator.Greater => Compare(binary, ">"),
        BinaryOperator.GreaterOrEqual => Compare(binary, ">="),
        BinaryOperator.Add => Sum(binary, "+"),
        BinaryOperator.Subtract => Sum(binary, "-"),
        BinaryOperator.Multiply => Product(binary),
        BinaryOperator.Divide => Quotient(binary),
        BinaryOperator.Modulo => Remainder(binary),
        _ => StringMatch(binary.Operator, binary.Left, binary.Right),
    };

    private SqlText Compare(BoundBinary binary, string symbol) =>
        SqlText.Comparison($"{Operand(binary.Left)} {symbol} {Operand(binary.Right)}");

    private string Operand(BoundExpression expression) => Emit(expression).At(Precedence.Additive);

    // Source for both: learn.microsoft.com/kusto/query/scalar-data-types/null-values: two nulls compare to null, a null and a
    // value are not equal.
    private SqlText Equal(BoundBinary binary, bool asPredicate)
    {
        var (left, right) = (Operand(binary.Left), Operand(binary.Right));
        var plain = SqlText.Comparison($"{left} = {right}");
        return (binary.Left.CanBeNull, binary.Right.CanBeNull) switch
        {
            (false, false) => plain,
            _ when asPredicate => plain,
            (true, true) => Once(
                "CASE WHEN {0} IS NULL AND {1} IS NULL THEN NULL ELSE {0} IS NOT DISTINCT FROM {1} END", left, right),
            _ => new SqlText($"coalesce({plain.Text}, false)"),
        };
    }

    private SqlText NotEqual(BoundBinary binary, bool asPredicate)
    {
        var (left, right) = (Operand(binary.Left), Operand(binary.Right));
        return (binary.Left.CanBeNull, binary.Right.CanBeNull) switch
        {
            (false, false) => SqlText.Comparison($"{left} <> {right}"),
            (true, true) when !asPredicate => Once(
                "CASE WHEN {0} IS NULL AND {1} IS NULL THEN NULL ELSE {0} IS DISTINCT FROM {1} END", left, right),
            _ => SqlText.Comparison($"{left} IS DISTINCT FROM {right}"),
        };
    }

    /// <summary>
    /// SQL that names its operands several times. Long ones get a name first: the SQL of what lies in each other would double with
    /// each level, and macros are expanded before DuckDB finds what is equal.
    /// </summary>
    private static SqlText Once(string template, string left, string right) => left.Length + right.Length < LongOperands
        ? new SqlText(string.Format(CultureInfo.InvariantCulture, template, left, right))
        : new SqlText($"list_transform([{{'a': {left}, 'b': {right}}}], lambda o: {string.Format(CultureInfo.InvariantCulture, template, "o.a", "o.b")})[1]");

    private SqlText Sum(BoundBinary binary, string symbol)
    {
        var left = Emit(binary.Left).At(Precedence.Additive);
        var right = Emit(binary.Right).At(Precedence.Multiplicative);
        return binary.Type switch
        {
            KqlType.Real => SqlText.Additive($"{left} {symbol} {right}"),
            KqlType.Decimal => new SqlText(Attempt.Of($"{{0}} {symbol} {{1}}", left, right)),
            _ when Magnitude.Bits(binary) < Magnitude.Any => SqlText.Additive($"{left} {symbol} {right}"),
            _ => new SqlText(Wrapped($"{Primary(binary.Left)}::HUGEINT {symbol} {Primary(binary.Right)}")),
        };
    }

    private SqlText Product(BoundBinary binary)
    {
        var (left, right) = (Emit(binary.Left).At(Precedence.Multiplicative), Emit(binary.Right).At(Precedence.Unary));
        if (binary.Type == KqlType.TimeSpan && (binary.Left.Type == KqlType.Real || binary.Right.Type == KqlType.Real))
        {
            return new SqlText($"TRY_CAST(trunc({left} * {right}) AS BIGINT)");
        }

        return binary.Type switch
        {
            KqlType.Real => SqlText.Multiplicative($"{left} * {right}"),
            KqlType.Decimal => new SqlText($"kql_decimal_multiply({left}, {right})"),
            _ when Magnitude.Bits(binary) < Magnitude.Any => SqlText.Multiplicative($"{left} * {right}"),

            // The product of two longs fits HUGEINT, but the offset of the wrapping may not be added to it.
            _ => new SqlText(Wrapped($"(({Primary(binary.Left)}::HUGEINT * {Primary(binary.Right)}) & 18446744073709551615)")),
        };
    }

    // A zero divisor: whole numbers give null, reals infinity or NaN. Whole numbers are truncated.
    private SqlText Quotient(BoundBinary binary)
    {
        var (left, right) = (Emit(binary.Left).At(Precedence.Multiplicative), Emit(binary.Right).At(Precedence.Unary));
        if (binary.Type == KqlType.TimeSpan && binary.Right.Type == KqlType.Real)
        {
            return new SqlText($"TRY_CAST(trunc({left} / {right}) AS BIGINT)");
        }

        return binary.Type switch
        {
            KqlType.Real when binary.Left.Type == KqlType.Real => SqlText.Multiplicative($"{left} / {right}"),
            KqlType.Real => SqlText.Multiplicative($"{Primary(binary.Left)}::DOUBLE / {right}"),
            KqlType.Decimal => new SqlText($"kql_decimal_divide({left}, {right})"),
            _ when IsPositive(binary.Right) => SqlText.Multiplicative($"{left} // {right}"),

            // The smallest long divided by -1 fits no long. (TRY would not take a subquery.)
            _ => new SqlText($"TRY_CAST({Primary(binary.Left)}::HUGEINT // {right} AS {SqlTypes.Name(binary.Type)})"),
        };
    }

    // KQL's remainder is never negative. Source: learn.microsoft.com/kusto/query/numerical-operators.
    private SqlText Remainder(BoundBinary binary)
    {
        var (left, right) = (Emit(binary.Left).At(Precedence.Multiplicative), Emit(binary.Right).At(Precedence.Unary));
        if (binary.Left.Type == KqlType.DateTime && IsPositive(binary.Right))
        {
            return SqlText.Multiplicative($"{left} % {right}");
        }

        if (binary.Type == KqlType.Decimal)
        {
            return new SqlText($"kql_decimal_modulo({left}, {right})");
        }

        return IsPositive(binary.Right)
            ? SqlText.Multiplicative($"({left} % {right} + {right}) % {right}")
            : Once(
                "CASE WHEN {1} = 0 THEN NULL WHEN {0} % {1} >= 0 THEN {0} % {1} WHEN {1} > 0 THEN {0} % {1} + {1} ELSE {0} % {1} - {1} END", left, right);
    }

    private static bool IsPositive(BoundExpression expression) => expression is BoundLiteral
    {
        Value: int and > 0 or long and > 0 and < long.MaxValue / 2 or TimeSpan { Ticks: > 0 },
    };

    private string Primary(BoundExpression expression) => Emit(expression).At(Precedence.Primary);

    private static string Wrapped(string wide) => $"kql_wrap({wide})";

    private SqlText In(BoundIn membership, bool asPredicate)
    {
        var operand = membership.IgnoresCase ? $"lower({Emit(membership.Operand).Text})" : Operand(membership.Operand);
        string list;
        if (membership.Array is not null)
        {
            var text = $"lower({Emit(Functions.Conversion.To(membership.Operand, KqlType.String)).Text})";
            var items = $"json_extract_string({Emit(membership.Array).Text}, '$[*]')";
            var found = membership.IgnoresCase
                ? $"list_contains(list_transform({items}, lambda item: lower(item)), {text})"
                : $"list_contains({items}, {Emit(Functions.Conversion.To(membership.Operand, KqlType.String)).Text})";
            return membership.IsNegated ? SqlText.Comparison($"{found} IS NOT TRUE") : new SqlText($"coalesce({found}, false)");
        }

        if (membership.Table is not null)
        {
            var column = new ExpressionEmitter(tableName).Column(membership.Table.Columns[0]);
            list = $"(SELECT {(membership.IgnoresCase ? $"lower({column})" : column)} FROM {tableName(membership.Table)})";
        }
        else
        {
            var items = membership.Items.Select(item => membership.IgnoresCase ? $"lower({Emit(item).Text})" : Emit(item).Text);
            list = $"({string.Join(", ", items)})";
        }

        var mayBeNull = membership.Operand.CanBeNull
            || membership.Items.Any(item => item.CanBeNull)
            || membership.Table is { } table && table.Columns[0].CanBeNull;

        // Null compared with null is null. Source: learn.microsoft.com/kusto/query/scalar-data-types/null-values.
        if (membership.CanBeNull && (membership.IsNegated || !asPredicate))
        {
            var nulls = string.Join(" OR ", membership.Items.Where(item => item.CanBeNull).Select(item => $"{Primary(item)} IS NULL"));
            return new SqlText($"CASE WHEN {operand} IN {list} THEN {!membership.IsNegated} WHEN {operand} IS NULL AND ({nulls}) THEN NULL ELSE {membership.IsNegated} END");
        }

        return (membership.IsNegated, mayBeNull) switch
        {
            (true, true) => SqlText.Comparison($"({operand} IN {list}) IS NOT TRUE"),
            (true, false) => SqlText.Comparison($"{operand} NOT IN {list}"),
            (false, true) when !asPredicate => new SqlText($"coalesce({operand} IN {list}, false)"),
            _ => SqlText.Comparison($"{operand} IN {list}"),
        };
    }

    private const int ManyTerms = 3;

    private SqlText HasList(BoundHasList list)
    {
        var operand = Emit(list.Operand).Text;
        var test = list.All ? "kql_has_all" : "kql_has_any";
        if (list.Array is not null || list.Table is not null)
        {
            var terms = list.Array is not null
                ? Emit(list.Array).Text
                : $"(SELECT CAST(to_json(list({new ExpressionEmitter(tableName).Column(list.Table!.Columns[0])})) AS VARCHAR) FROM {tableName(list.Table)})";
            return new SqlText($"coalesce({test}({operand}, {terms}), {(list.All ? "true" : "false")})");
        }

        // A test for each of many terms would cost more than taking each text apart.
        if (list.Items.Count > ManyTerms && list.Items.All(item => item is BoundLiteral { Value: string }))
        {
            var terms = JsonText.Write(list.Items.Select(item => ((BoundLiteral)item).Value).ToList()) ?? "[]";
            return new SqlText($"{test}({operand}, {SqlLiteral.Text(terms)})");
        }

        if (list.Items.Count == 0)
        {
            return new SqlText(list.All ? "true" : "false");
        }

        var level = list.All ? Precedence.And : Precedence.Or;
        var tests = list.Items.Select(item => StringMatch(BinaryOperator.Has, list.Operand, item).At(level + 1));
        return new SqlText(string.Join(list.All ? " AND " : " OR ", tests), level);
    }
}
