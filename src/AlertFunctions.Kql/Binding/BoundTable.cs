namespace AlertFunctions.Kql.Binding;

/// <summary>A key by which the rows of a table are ordered.</summary>
internal sealed record SortKey(ColumnSymbol Column, bool Descending, bool NullsFirst);

/// <summary>A column of a projection and what it holds.</summary>
internal sealed record Output(ColumnSymbol Column, BoundExpression Value)
{
    public static Output Pass(ColumnSymbol column) => new(column, new BoundColumn(column));

    /// <summary>Whether the column of the input is passed on as it is.</summary>
    public bool IsPassed => Value is BoundColumn passed && ReferenceEquals(passed.Column, Column);
}

/// <summary>
/// A table expression with its ordered columns. In DuckDB a table has besides them the hidden columns that later operators
/// may need: the keys of its order and the ingestion time.
/// </summary>
internal abstract record BoundTable
{
    private protected BoundTable(
        IReadOnlyList<ColumnSymbol> columns, IReadOnlyList<SortKey>? ordering = null, ColumnSymbol? ingestion = null)
    {
        Columns = columns;
        Ordering = ordering ?? [];
        Ingestion = ingestion;
    }

    public IReadOnlyList<ColumnSymbol> Columns { get; init; }

    /// <summary>How the rows are ordered; empty where KQL promises no order.</summary>
    public IReadOnlyList<SortKey> Ordering { get; init; }

    /// <summary>The column of the ingestion time, as long as rows are those of a stored table.</summary>
    public ColumnSymbol? Ingestion { get; init; }

    /// <summary>Whether the rows are in an order on which row_number(), prev() and the like may rely.</summary>
    public bool IsSerialized { get; init; }

    /// <summary>The name that <c>as</c> gave it, or the stored table's; what withsource shows.</summary>
    public string? SourceName { get; init; }

    /// <summary>Whether a fault was reported, so that names not found here are no news.</summary>
    public bool IsError { get; init; }

    /// <summary>Every column that the SQL of this table has: the visible ones, then the hidden ones.</summary>
    public IReadOnlyList<ColumnSymbol> Physical
    {
        get
        {
            var all = new List<ColumnSymbol>(Columns);
            foreach (var key in Ordering)
            {
                Add(key.Column);
            }

            if (Ingestion is not null)
            {
                Add(Ingestion);
            }

            return all;

            void Add(ColumnSymbol column)
            {
                if (!all.Contains(column))
                {
                    all.Add(column);
                }
            }
        }
    }
}

/// <summary>The rows of a stored table, limited to intervals of ticks where given.</summary>
internal sealed record BoundRead(
    TableSymbol Table,
    IReadOnlyList<ColumnSymbol> ReadColumns,
    ColumnSymbol? IngestionTime,
    ColumnSymbol? Time,
    (long Start, long End)? Range,
    long? VisibleAt) : BoundTable(ReadColumns, null, IngestionTime)
{
    public static BoundRead Of(
        TableSymbol table,
        IReadOnlyList<ColumnSymbol> columns,
        ColumnSymbol? ingestion = null,
        ColumnSymbol? time = null,
        (long Start, long End)? range = null,
        long? visibleAt = null) => new(table, columns, ingestion, time, range, visibleAt) { SourceName = table.Name };
}

/// <summary>The rows for which a predicate is true.</summary>
internal sealed record BoundFilter(BoundTable Input, BoundExpression Predicate)
    : BoundTable(Input.Columns, Input.Ordering, Input.Ingestion);

/// <summary>Computes columns row by row. Without an input it makes a single row.</summary>
internal sealed record BoundProjection(
    BoundTable? Input, IReadOnlyList<Output> Outputs, IReadOnlyList<ColumnSymbol> Visible, IReadOnlyList<SortKey> Order, ColumnSymbol? IngestionTime)
    : BoundTable(Visible, Order, IngestionTime);

/// <summary>The input's rows in another order, which is kept as a fact until an operator or the result needs it.</summary>
internal sealed record BoundSort(BoundTable Input, IReadOnlyList<SortKey> Order)
    : BoundTable(Input.Columns, Order, Input.Ingestion);

/// <summary>The first rows by the input's order, or any where it has none.</summary>
internal sealed record BoundTake(BoundTable Input, BoundExpression Count)
    : BoundTable(Input.Columns, Input.Ordering, Input.Ingestion);

/// <summary>Groups by keys; one row where there are no keys.</summary>
internal sealed record BoundSummarize(BoundTable Input, IReadOnlyList<Output> Keys, IReadOnlyList<Output> Aggregates)
    : BoundTable([.. Keys.Concat(Aggregates).Select(o => o.Column)]);

/// <summary>
/// The first row of each group by an order, or any row of it where there is none: arg_max(x, *) where nothing else is computed.
/// </summary>
internal sealed record BoundFirstRows(
    BoundTable Input, IReadOnlyList<BoundExpression> Keys, BoundExpression? OrderBy, bool Descending, IReadOnlyList<Output> Outputs)
    : BoundTable([.. Outputs.Select(o => o.Column)])
{
    /// <summary>
    /// The outputs as a group has them, keys first: aggregates of the columns that the outputs name, all of one row. Null where that
    /// row cannot be told column by column.
    /// </summary>
    public IReadOnlyList<Output>? Grouped { get; init; }
}

internal enum JoinKind
{
    Inner,
    LeftOuter,
    RightOuter,
    FullOuter,
    LeftSemi,
    LeftAnti,
    RightSemi,
    RightAnti,
}

/// <summary>A column of a join's output and the side it comes from.</summary>
internal sealed record JoinOutput(ColumnSymbol Column, ColumnSymbol Source, bool IsRight);

/// <summary>Rows of both sides whose keys are equal.</summary>
internal sealed record BoundJoin(
    JoinKind Kind,
    BoundTable Left,
    BoundTable Right,
    IReadOnlyList<(BoundExpression Left, BoundExpression Right)> On,
    IReadOnlyList<JoinOutput> Outputs) : BoundTable([.. Outputs.Select(o => o.Column)])
{
    /// <summary>Whether a null equals a null: for joins that operators are made of; those of queries never match nulls.</summary>
    public bool MatchesNulls { get; init; }
}

/// <summary>One input of a union: for each output column, its value there.</summary>
internal sealed record UnionInput(BoundTable Table, IReadOnlyList<BoundExpression> Values);

/// <summary>The rows of several tables, one after the other.</summary>
internal sealed record BoundUnion(IReadOnlyList<UnionInput> Inputs, IReadOnlyList<ColumnSymbol> UnionColumns, ColumnSymbol? IngestionTime)
    : BoundTable(UnionColumns, null, IngestionTime);

/// <summary>Rows of constants.</summary>
internal sealed record BoundValues(IReadOnlyList<ColumnSymbol> ValueColumns, IReadOnlyList<IReadOnlyList<BoundExpression>> Rows)
    : BoundTable(ValueColumns);

/// <summary>The numbers or times from a first to a last one, a step apart.</summary>
internal sealed record BoundRange(ColumnSymbol Column, BoundExpression From, BoundExpression To, BoundExpression Step)
    : BoundTable([Column]);

/// <summary>One column that mv-expand takes apart: a list expression (SQL list of JSON texts) and the column that gets its items.</summary>
internal sealed record Expansion(ColumnSymbol Column, BoundExpression Array, bool AsArrays);

/// <summary>A row for each item of arrays taken apart in parallel.</summary>
internal sealed record BoundExpand(
    BoundTable Input,
    IReadOnlyList<Output> Outputs,
    IReadOnlyList<Expansion> Expansions,
    ColumnSymbol? Index,
    BoundExpression? Limit,
    IReadOnlyList<ColumnSymbol> Visible) : BoundTable(Visible, Input.Ordering, Input.Ingestion);

/// <summary>
/// The input with a column of the time at which each row's session began: row_window_session(). Times of a group are taken in the
/// order of the numbers in <paramref name="Row"/>.
/// </summary>
internal sealed record BoundSessions(
    BoundTable Input,
    ColumnSymbol Row,
    BoundExpression Time,
    BoundExpression FromFirst,
    BoundExpression Between,
    BoundExpression? Restart,
    IReadOnlyList<BoundExpression> Groups,
    ColumnSymbol Start) : BoundTable(Input.Columns, Input.Ordering, Input.Ingestion);

/// <summary>The input computed once, however often it is read: materialize().</summary>
internal sealed record BoundMaterialize(BoundTable Input) : BoundTable(Input.Columns, Input.Ordering, Input.Ingestion);
