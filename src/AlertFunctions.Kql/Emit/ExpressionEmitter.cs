using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// SQL of scalar expressions. A predicate (of where, of a join's filter) may take NULL for false, which makes its SQL plainer:
/// that is what <c>asPredicate</c> says.
/// </summary>
internal sealed partial class ExpressionEmitter(Func<BoundTable, string> tableName)
{
    // Several forms name an operand twice: without this, its SQL would be written anew at each level above it.
    private readonly Dictionary<BoundExpression, SqlText> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<BoundExpression, SqlText> _predicates = new(ReferenceEqualityComparer.Instance);

    /// <summary>What stands before column names where two tables are at hand, such as <c>l.</c>; else empty.</summary>
    public string Qualifier { get; init; } = "";

    /// <summary>How a column of the other side is written, where the expression may name both sides.</summary>
    public Func<ColumnSymbol, string?>? Lookup { get; init; }

    /// <summary>The ORDER BY of aggregates that make lists, with a leading blank; empty where the rows have no order.</summary>
    public string AggregateOrder { get; init; } = "";

    /// <summary>The paths that are read together; null where each is read by itself.</summary>
    public PathTexts? Paths { get; init; }

    public SqlText Emit(BoundExpression expression) => Emit(expression, false);

    public SqlText Predicate(BoundExpression expression) => Emit(expression, true);

    public string Column(ColumnSymbol column) =>
        Lookup?.Invoke(column) ?? Qualifier + SqlLiteral.Identifier(column.PhysicalName);

    private SqlText Emit(BoundExpression expression, bool asPredicate)
    {
        var written = asPredicate ? _predicates : _values;
        if (!written.TryGetValue(expression, out var sql))
        {
            written.Add(expression, sql = Write(expression, asPredicate));
        }

        return sql;
    }

    private SqlText Write(BoundExpression expression, bool asPredicate) => expression switch
    {
        BoundLiteral literal => SqlLiteral.Of(literal.Value, literal.Type),
        BoundColumn column => new SqlText(Column(column.Column)),
        BoundSql sql => new SqlText($"({sql.Text})"),
        BoundLogical logical => Logical(logical, asPredicate),
        BoundBinary binary => Binary(binary, asPredicate),
        BoundNegation negation => Negation(negation),
        BoundIn membership => In(membership, asPredicate),
        BoundHasList list => HasList(list),
        BoundConversion conversion => Converted(conversion),
        BoundPath path => Path(path),
        BoundCall call => Call(call.Overload, call.Arguments, call.Type),
        BoundAggregate aggregate => Call(aggregate.Overload, aggregate.Arguments, aggregate.Type),
        BoundWindow window => Window(window),
        BoundTemplate template => new SqlText(Fill(template.Template, template.Arguments)),
        BoundScalarQuery query => ScalarQuery(query),
        _ => throw new InvalidOperationException($"Unreachable: {expression.GetType().Name} has no SQL."),
    };

    private SqlText Logical(BoundLogical logical, bool asPredicate)
    {
        // x between (a .. b): its operand, which may be long, is written and computed once.
        if (logical is
            {
                IsAnd: true,
                Operands:
                [
                    BoundBinary { Operator: BinaryOperator.GreaterOrEqual } least,
                    BoundBinary { Operator: BinaryOperator.LessOrEqual } most,
                ],
            }
            && least.Left == most.Left)
        {
            return SqlText.Comparison($"{Operand(least.Left)} BETWEEN {Operand(least.Right)} AND {Operand(most.Right)}");
        }

        var level = logical.IsAnd ? Precedence.And : Precedence.Or;
        var operands = logical.Operands.Select(o => Emit(o, asPredicate).At(level + 1));
        return new SqlText(string.Join(logical.IsAnd ? " AND " : " OR ", operands), level);
    }

    private SqlText Negation(BoundNegation negation)
    {
        var operand = Emit(negation.Operand).At(Precedence.Primary);
        return negation.Type is KqlType.Real or KqlType.Decimal || Magnitude.Bits(negation.Operand) < 63
            ? new SqlText($"(-{operand})")
            : new SqlText(Wrapped($"-{operand}::HUGEINT"));
    }

    private SqlText Call(Overload overload, IReadOnlyList<BoundExpression> arguments, KqlType type)
    {
        var sql = overload.Emit(new CallSite(arguments, type, Emit, AggregateOrder));
        var mayBeNull = overload.Nulls switch
        {
            NullRule.Never => false,
            NullRule.Maybe => true,
            _ => arguments.Any(a => a.CanBeNull),
        };
        return type == KqlType.String && mayBeNull ? new SqlText($"coalesce({sql.Text}, '')") : sql;
    }

    private SqlText Window(BoundWindow window)
    {
        var over = new List<string>();
        if (window.PartitionBy.Count > 0)
        {
            over.Add($"PARTITION BY {string.Join(", ", window.PartitionBy.Select(p => Emit(p).Text))}");
        }

        if (window.Order.Count > 0)
        {
            over.Add($"ORDER BY {OrderBy(window.Order)}");
        }

        if (window.Frame.Length > 0)
        {
            over.Add(window.Frame);
        }

        var text = Fill(window.Template, window.Arguments).Replace("{over}", $"OVER ({string.Join(' ', over)})", StringComparison.Ordinal);
        return window.Type == KqlType.String ? new SqlText($"coalesce({text}, '')") : new SqlText(text);
    }

    /// <summary>The keys of an ORDER BY. KQL says where nulls go; so do we, always, for DuckDB's default is another.</summary>
    public string OrderBy(IReadOnlyList<SortKey> keys) => string.Join(", ", keys.Select(key =>
    {
        // NaN stands beside the nulls, between them and the numbers: learn.microsoft.com/kusto/query/sort-operator.
        var nan = key.Column.Type != KqlType.Real ? "" : $"isnan({Column(key.Column)}) {(key.NullsFirst ? "DESC NULLS FIRST" : "ASC NULLS LAST")}, ";
        var nulls = !key.Column.CanBeNull ? "" : key.NullsFirst ? " NULLS FIRST" : " NULLS LAST";
        return $"{nan}{Column(key.Column)}{(key.Descending ? " DESC" : " ASC")}{nulls}";
    }));

    private SqlText ScalarQuery(BoundScalarQuery query)
    {
        var inner = new ExpressionEmitter(tableName);
        var order = query.Table.Ordering.Count > 0 ? $" ORDER BY {inner.OrderBy(query.Table.Ordering)}" : "";
        var sql = $"(SELECT {inner.Column(query.Table.Columns[0])} FROM {tableName(query.Table)}{order} LIMIT 1)";
        return query.Type == KqlType.String ? new SqlText($"coalesce({sql}, '')") : new SqlText(sql);
    }

    private string Fill(string template, IReadOnlyList<BoundExpression> arguments) =>
        SqlTemplate.Fill(template, new CallSite(arguments, KqlType.Dynamic, Emit, ""));
}
