using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>What a name declared by let, a parameter or <c>as</c> stands for.</summary>
internal abstract record Entity;

/// <summary>
/// A scalar; <paramref name="Rows"/> are the rows whose columns its value reads, null for none, and <paramref name="Size"/> is the
/// number of expressions that the value is made of.
/// </summary>
internal sealed record ScalarEntity(BoundExpression Value, RowScope? Rows, int Size) : Entity;

internal sealed record TableEntity(BoundTable Table) : Entity;

internal sealed record LambdaEntity(LambdaExpression Lambda, Scope Scope) : Entity;

/// <summary>The names declared in a query or a function's body, over those of the scope around it.</summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, Entity> _entities = new(StringComparer.Ordinal);

    public void Declare(string name, Entity entity) => _entities[name] = entity;

    public Entity? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._entities.TryGetValue(name, out var entity))
            {
                return entity;
            }
        }

        return null;
    }

    public IEnumerable<KeyValuePair<string, Entity>> All =>
        Parent is null ? _entities : _entities.Concat(Parent.All.Where(e => !_entities.ContainsKey(e.Key)));

    private Scope? Parent { get; } = parent;
}

/// <summary>The rows whose columns an expression may name.</summary>
internal sealed class RowScope(BoundTable table)
{
    public BoundTable Table { get; } = table;

    /// <summary>The right side of a join's condition, for <c>$right</c>.</summary>
    public BoundTable? Right { get; init; }

    /// <summary>Whether aggregates may be called here.</summary>
    public bool AllowsAggregates { get; init; }

    public ColumnSymbol? Find(string name)
    {
        foreach (var column in Table.Columns)
        {
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
            {
                return column;
            }
        }

        return null;
    }
}
