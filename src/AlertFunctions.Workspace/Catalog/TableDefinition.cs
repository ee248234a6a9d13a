using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>How a table takes a record's field that it has no column for.</summary>
internal enum ColumnGrowth
{
    /// <summary>It does not: the field is left out, and the report says so.</summary>
    None,

    /// <summary>A column of the type that the name's suffix tells, as in AzureDiagnostics.</summary>
    BySuffix,

    /// <summary>A column of the value's JSON type, widened when a later record disagrees, as in custom tables.</summary>
    ByValue,
}

/// <summary>What a table is, before and besides its rows. Every definition has the standard columns.</summary>
internal sealed record TableDefinition(string Name, IReadOnlyList<KqlColumn> Columns, ColumnGrowth Growth)
{
    public const string TimeGenerated = "TimeGenerated";
    public const string TimeReceived = "_TimeReceived";
    public const string TypeColumn = "Type";

    /// <summary>
    /// The columns that every table has.
    /// Source: learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns.
    /// </summary>
    private static readonly KqlColumn[] Standard =
    [
        new("TenantId", KqlType.String),
        new(TimeGenerated, KqlType.DateTime),
        new("SourceSystem", KqlType.String),
        new(TypeColumn, KqlType.String),
        new("_ResourceId", KqlType.String),
        new("_SubscriptionId", KqlType.String),
        new("_ItemId", KqlType.String),
        new("_IsBillable", KqlType.String),
        new("_BilledSize", KqlType.Real),
        new(TimeReceived, KqlType.DateTime),
    ];

    /// <summary>A table of the columns given, in their order, and then those of the standard ones that are not among them.</summary>
    /// <exception cref="FormatException">A standard column has another type than everywhere.</exception>
    public static TableDefinition Of(string name, IReadOnlyList<KqlColumn> columns)
    {
        foreach (var standard in Standard)
        {
            if (columns.FirstOrDefault(column => column.Name == standard.Name) is { } column && column.Type != standard.Type)
            {
                throw new FormatException($"the standard column {column.Name} is a {ColumnTypes.Name(standard.Type)}");
            }
        }

        return new TableDefinition(
            name,
            [.. columns, .. Standard.Where(standard => columns.All(column => column.Name != standard.Name))],
            name == "AzureDiagnostics" ? ColumnGrowth.BySuffix : ColumnGrowth.None);
    }

    public static bool IsStandard(string column) => Standard.Any(standard => standard.Name == column);

    public static bool IsCustom(string name) => name.EndsWith("_CL", StringComparison.Ordinal);

    /// <summary>A custom table that no schema file describes.</summary>
    public static TableDefinition Custom(string name) => new(name, Standard, ColumnGrowth.ByValue);

    /// <summary>The type that a suffix tells: _s string, _d real, _b bool, _t datetime, _g guid; null for any other name.</summary>
    public static KqlType? TypeBySuffix(string column) => column switch
    {
        [_, .., '_', 's'] => KqlType.String,
        [_, .., '_', 'd'] => KqlType.Real,
        [_, .., '_', 'b'] => KqlType.Bool,
        [_, .., '_', 't'] => KqlType.DateTime,
        [_, .., '_', 'g'] => KqlType.Guid,
        _ => null,
    };
}
