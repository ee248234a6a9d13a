using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>The names that the service has for KQL's types.</summary>
internal static class ColumnTypes
{
    /// <summary>The name that the query API and schema files use.</summary>
    public static string Name(KqlType type) => type switch
    {
        KqlType.Bool => "bool",
        KqlType.Int => "int",
        KqlType.Long => "long",
        KqlType.Real => "real",
        KqlType.Decimal => "decimal",
        KqlType.String => "string",
        KqlType.DateTime => "datetime",
        KqlType.TimeSpan => "timespan",
        KqlType.Guid => "guid",
        KqlType.Dynamic => "dynamic",
        _ => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
    };

    /// <summary>The type of a name; the portal writes <c>boolean</c> and <c>double</c> too.</summary>
    public static KqlType? Parse(string name) => name switch
    {
        "bool" or "boolean" => KqlType.Bool,
        "int" => KqlType.Int,
        "long" => KqlType.Long,
        "real" or "double" => KqlType.Real,
        "decimal" => KqlType.Decimal,
        "string" => KqlType.String,
        "datetime" => KqlType.DateTime,
        "timespan" => KqlType.TimeSpan,
        "guid" => KqlType.Guid,
        "dynamic" => KqlType.Dynamic,
        _ => null,
    };
}
