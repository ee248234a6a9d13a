using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>The type of a custom table's column that has to hold values of two types.</summary>
internal static class ColumnWidening
{
    public static KqlType Combine(KqlType a, KqlType b) => (a, b) switch
    {
        _ when a == b => a,
        (KqlType.Dynamic, _) or (_, KqlType.Dynamic) => KqlType.Dynamic,
        (KqlType.Long, KqlType.Real) or (KqlType.Real, KqlType.Long) => KqlType.Real,
        _ => KqlType.String,
    };

    /// <summary>SQL that makes the wider value of a narrower one, which the KQL value rules describe.</summary>
    /// <param name="from">The type that the column has.</param>
    /// <param name="to">The type it gets.</param>
    /// <param name="column">The quoted name of the column.</param>
    public static string Sql(KqlType from, KqlType to, string column)
    {
        var text = from switch
        {
            KqlType.DateTime =>
                $"(strftime(make_timestamp(({column} - 621355968000000000) // 10), '%Y-%m-%dT%H:%M:%S.%f') || ({column} % 10) || 'Z')",
            _ => $"CAST({column} AS VARCHAR)",
        };
        return (from, to) switch
        {
            (_, KqlType.Real) => $"CAST({column} AS DOUBLE)",
            (_, KqlType.String) => $"coalesce({text}, '')",
            (KqlType.Bool or KqlType.Long or KqlType.Real, KqlType.Dynamic) => text,
            (_, KqlType.Dynamic) => $"CASE WHEN {text} = '' THEN NULL ELSE CAST(to_json({text}) AS VARCHAR) END",
            _ => throw new InvalidOperationException($"Unreachable: {from} is not widened to {to}."),
        };
    }
}
