using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Emit;

/// <summary>The one place where a value or a name becomes SQL text.</summary>
internal static class SqlLiteral
{
    /// <summary>
    /// The SQL of a value of a type as the README's "Values" holds it: bool, int, long, double, decimal, string, DateTime,
    /// TimeSpan, Guid, or JSON text for dynamic. Null is a typed NULL, but <c>''</c> for string.
    /// </summary>
    public static SqlText Of(object? value, KqlType type) => (value, type) switch
    {
        (null, KqlType.String) => new("''"),
        (null, _) => new($"NULL::{SqlTypes.Name(type)}"),
        (bool flag, _) => new(flag ? "true" : "false"),
        (string text, _) => new(Text(text)),
        (DateTime instant, _) => Number(instant.Ticks, KqlType.DateTime),
        (TimeSpan span, _) => Number(span.Ticks, KqlType.TimeSpan),
        (Guid guid, _) => new($"'{guid:D}'::UUID"),
        (double real, _) => Real(real),
        (decimal number, _) => new($"'{number.ToString(CultureInfo.InvariantCulture)}'::DECIMAL(38, 18)"),
        (int or long, KqlType.Real) => Real(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        (int or long, KqlType.Decimal) => new($"{value}::DECIMAL(38, 18)"),
        (int or long, _) => Number(Convert.ToInt64(value, CultureInfo.InvariantCulture), type),
        _ => throw new InvalidOperationException($"Unreachable: a {value.GetType().Name} is no value of {type}."),
    };

    /// <summary>A string literal. DuckDB has no escapes within quotes but the doubled quote; U+0000 needs <c>chr(0)</c>.</summary>
    public static string Text(string value)
    {
        if (!value.Contains('\0', StringComparison.Ordinal))
        {
            return $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        var parts = value.Split('\0').Select(part => $"'{part.Replace("'", "''", StringComparison.Ordinal)}'");
        return $"({string.Join(" || chr(0) || ", parts)})";
    }

    /// <summary>A quoted identifier.</summary>
    public static string Identifier(string name)
    {
        var quoted = new StringBuilder(name.Length + 2).Append('"');
        return quoted.Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }

    private static SqlText Number(long value, KqlType type)
    {
        // The lexer reads the digits before it negates them, and 2^63 is no BIGINT.
        var text = value == long.MinValue
            ? "(-9223372036854775807 - 1)"
            : value.ToString(CultureInfo.InvariantCulture);

        // A plain number is an INTEGER to DuckDB where it fits: long arithmetic on it would overflow at 2^31.
        var sqlType = type == KqlType.Int ? "INTEGER" : "BIGINT";
        return value < 0 && value != long.MinValue
            ? new($"({text})::{sqlType}")
            : new($"{text}::{sqlType}");
    }

    private static SqlText Real(double value) => value switch
    {
        double.PositiveInfinity => new("'Infinity'::DOUBLE"),
        double.NegativeInfinity => new("'-Infinity'::DOUBLE"),
        double.NaN => new("'NaN'::DOUBLE"),
        _ => new($"'{value.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE"),
    };
}
