using System.Collections.Frozen;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// The columns of an output being put together: gives names that are unique, and physical names that are so without regard to
/// case, because DuckDB's are not case-sensitive.
/// </summary>
internal sealed class ColumnNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _physical = new(StringComparer.OrdinalIgnoreCase);
    private int _unnamed;

    public bool Contains(string name) => _names.Contains(name);

    /// <summary>Takes a column that is passed on.</summary>
    public void Keep(ColumnSymbol column, bool isHidden = false)
    {
        if (!isHidden)
        {
            _names.Add(column.Name);
        }

        _physical.Add(column.PhysicalName);
    }

    /// <summary>Keeps a name for a column that is added later: no other gets it.</summary>
    public void Reserve(string name) => _names.Add(name);

    /// <summary>The name, or with the smallest number behind it that makes it unique: x, x1, x2.</summary>
    public string Unique(string name) => Unique(name, FrozenSet<string>.Empty);

    /// <summary>Likewise, where the names of columns to come are not for the taking.</summary>
    public string Unique(string name, IReadOnlySet<string> others)
    {
        var candidate = name;
        for (var n = 1; _names.Contains(candidate) || (n > 1 && others.Contains(candidate)); n++)
        {
            candidate = $"{name}{n}";
        }

        return candidate;
    }

    /// <summary>
    /// The name of the next column of a list, Column1 and so on where it has none; null where the query itself gives the name a
    /// second time. A name that an expression brings along, or that one has taken before, gets a number.
    /// </summary>
    public string? Next(string? name, bool isGiven) =>
        isGiven && !_given.Add(name!) ? null : Unique(name ?? $"Column{++_unnamed}");

    /// <summary>Column1, Column2, ...: the first that is free.</summary>
    public string Numbered()
    {
        for (var n = 1; ; n++)
        {
            if (!_names.Contains($"Column{n}"))
            {
                return $"Column{n}";
            }
        }
    }

    /// <summary>A new column of this name, which must be free.</summary>
    public ColumnSymbol Add(string name, KqlType type, bool canBeNull)
    {
        _names.Add(name);
        return new ColumnSymbol(name, type, canBeNull, Physical(name));
    }

    /// <summary>A new column that queries cannot name.</summary>
    public ColumnSymbol AddHidden(string name, KqlType type, bool canBeNull) => new(name, type, canBeNull, Physical(name));

    private string Physical(string name)
    {
        var candidate = name;
        for (var n = 1; !_physical.Add(candidate); n++)
        {
            candidate = $"{name}${n}";
        }

        return candidate;
    }
}
