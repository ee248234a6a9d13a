using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class ExpressionEmitter
{
    private SqlText Converted(BoundConversion conversion)
    {
        if (conversion.Operand.Type == conversion.Target)
        {
            return Emit(conversion.Operand);
        }

        if (conversion.Operand.Type == KqlType.Dynamic)
        {
            return FromDynamic(conversion);
        }

        var sql = conversion.Target switch
        {
            KqlType.String => ToText(conversion.Operand),
            KqlType.Dynamic => ToDynamic(conversion.Operand),
            KqlType.DateTime when conversion.Operand.Type == KqlType.String => $"kql_todatetime({Emit(conversion.Operand).Text})",
            KqlType.TimeSpan when conversion.Operand.Type == KqlType.String => $"kql_totimespan({Emit(conversion.Operand).Text})",
            KqlType.Guid => $"TRY_CAST({Emit(conversion.Operand).Text} AS UUID)",
            KqlType.Bool => ToBool(conversion.Operand),
            _ => ToNumber(conversion.Operand, conversion.Target),
        };
        return new SqlText(sql);
    }

    private string ToText(BoundExpression operand)
    {
        var sql = Emit(operand);
        var text = operand.Type switch
        {
            KqlType.DateTime => $"kql_datetime_text({sql.Text})",
            KqlType.TimeSpan => $"kql_timespan_text({sql.Text})",
            KqlType.Real => $"kql_real_text({sql.Text})",
            KqlType.Decimal => $"kql_decimal_text({sql.Text})",
            _ => $"{sql.At(Precedence.Primary)}::VARCHAR",
        };
        return operand.CanBeNull ? $"coalesce({text}, '')" : text;
    }

    private string ToDynamic(BoundExpression operand)
    {
        var sql = Emit(operand);
        return operand.Type switch
        {
            KqlType.String => $"to_json({sql.Text})::VARCHAR",
            KqlType.Bool or KqlType.Int or KqlType.Long => $"{sql.At(Precedence.Primary)}::VARCHAR",
            KqlType.Real => $"kql_real_json({sql.Text})",
            KqlType.DateTime => $"('\"' || kql_datetime_text({sql.Text}) || '\"')",
            KqlType.TimeSpan => $"('\"' || kql_timespan_text({sql.Text}) || '\"')",
            KqlType.Decimal => $"('\"' || kql_decimal_text({sql.Text}) || '\"')",
            _ => $"('\"' || {sql.At(Precedence.Primary)}::VARCHAR || '\"')",
        };
    }

    private string ToBool(BoundExpression operand) => operand.Type switch
    {
        KqlType.String => $"kql_tobool({Emit(operand).Text})",
        _ => $"({Emit(operand).At(Precedence.Additive)} <> 0)",
    };

    // Between numbers, ticks included. What is out of range is null.
    private string ToNumber(BoundExpression operand, KqlType target)
    {
        var sql = Emit(operand).Text;
        var type = SqlTypes.Name(target);
        return (operand.Type, target) switch
        {
            (KqlType.String, KqlType.Long) => $"kql_tolong({sql})",
            (KqlType.String, KqlType.Int) => Narrowed($"kql_tolong({sql})", type),
            (KqlType.String, _) => $"TRY_CAST({sql} AS {type})",
            (KqlType.Real or KqlType.Decimal, not (KqlType.Real or KqlType.Decimal)) => Narrowed($"trunc({sql})", type),
            (KqlType.Int or KqlType.Bool, KqlType.Long) => $"{Emit(operand).At(Precedence.Primary)}::BIGINT",
            (KqlType.Int or KqlType.Long, KqlType.Real) => $"{Emit(operand).At(Precedence.Primary)}::DOUBLE",
            (KqlType.Long or KqlType.TimeSpan, KqlType.DateTime) => $"kql_instant({sql})",
            (KqlType.Long or KqlType.DateTime or KqlType.TimeSpan, KqlType.Long or KqlType.DateTime or KqlType.TimeSpan) =>
                Emit(operand).At(Precedence.Primary),
            (KqlType.Guid, _) => $"NULL::{type}",
            (_, KqlType.Int) => Narrowed(sql, type),
            _ => $"TRY_CAST({sql} AS {type})",
        };
    }

    // Without the sign DuckDB compares the number itself with a constant: ten billion, which is no int, would be more than 5.
    private static string Narrowed(string sql, string type) => $"(+TRY_CAST({sql} AS {type}))";

    private SqlText FromDynamic(BoundConversion conversion)
    {
        var text = conversion.Operand is BoundPath path
            ? PathText(path)
            : $"json_extract_string({Emit(conversion.Operand).Text}, '$')";
        return new SqlText(conversion.Target switch
        {
            KqlType.String => $"coalesce({text}, '')",
            KqlType.Long => $"kql_dynamic_tolong({text})",
            KqlType.Int => Narrowed($"kql_dynamic_tolong({text})", "INTEGER"),
            KqlType.Bool => $"kql_tobool({text})",
            KqlType.DateTime => $"kql_todatetime({text})",
            KqlType.TimeSpan => $"kql_totimespan({text})",
            _ => $"TRY_CAST({text} AS {SqlTypes.Name(conversion.Target)})",
        });
    }
}
