namespace AlertFunctions.Kql.Binding;

/// <summary>
/// A column of an operator's output. Two columns are the same only if they are the same object: an operator that passes a
/// column on keeps its symbol, one that computes a value makes a new one.
/// </summary>
internal sealed class ColumnSymbol(string name, KqlType type, bool canBeNull, string physicalName)
{
    public string Name { get; } = name;

    public KqlType Type { get; } = type;

    /// <summary>Whether NULLs may be met; never for a string.</summary>
    public bool CanBeNull { get; } = canBeNull && type != KqlType.String;

    /// <summary>Its name in DuckDB, unique in its table without regard to case.</summary>
    public string PhysicalName { get; } = physicalName;
}
