namespace AlertFunctions.Kql.Emit;

/// <summary>The DuckDB type that holds each KQL type (README, "Values").</summary>
public static class SqlTypes
{
    /// <summary>Such as VARCHAR for a string.</summary>
    public static string Name(KqlType type) => type switch
    {
        KqlType.Bool => "BOOLEAN",
        KqlType.Int => "INTEGER",
        KqlType.Long or KqlType.DateTime or KqlType.TimeSpan => "BIGINT",
        KqlType.Real => "DOUBLE",
        KqlType.Decimal => "DECIMAL(38, 18)",
        KqlType.String or KqlType.Dynamic => "VARCHAR",
        KqlType.Guid => "UUID",
        _ => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
    };
}
