namespace AlertFunctions.Kql;

/// <summary>
/// The scalar types of KQL. A value of each is held in DuckDB as the folder's README says under "Values".
/// Source: learn.microsoft.com/kusto/query/scalar-data-types.
/// </summary>
public enum KqlType
{
    Bool,
    Int,
    Long,
    Real,
    Decimal,
    String,
    DateTime,
    TimeSpan,
    Guid,
    Dynamic,
}

/// <summary>A column of a table or of a query's result. Names are case-sensitive and unique within their table.</summary>
public sealed record KqlColumn(string Name, KqlType Type);
