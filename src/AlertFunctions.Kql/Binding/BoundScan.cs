namespace AlertFunctions.Kql.Binding;

/// <summary>A column that scan declares; <paramref name="Default"/> is what a step gives that does not assign it.</summary>
internal sealed record ScanVariable(ColumnSymbol Column, BoundExpression Default);

/// <summary>
/// A value that a step remembers of the record it matched last: of the input's <paramref name="Source"/>, or of the declared
/// column of that place where the source is null. Expressions name it by <paramref name="Symbol"/>.
/// </summary>
internal sealed record ScanMemory(ColumnSymbol Symbol, ColumnSymbol? Source, int Variable);

/// <summary>One step of scan. Assignments stand beside the declared columns, null where there is none.</summary>
internal sealed record BoundScanStep(
    BoundExpression Condition, IReadOnlyList<BoundExpression?> Assignments, IReadOnlyList<ScanMemory> Memories, bool HasOutput);

/// <summary>
/// scan: the rows of each group, one after the other, against a sequence of steps. <paramref name="Row"/> and
/// <paramref name="Step"/> are the hidden keys of the output's order.
/// </summary>
internal sealed record BoundScan(
    BoundTable Input,
    ColumnSymbol? Group,
    IReadOnlyList<ScanVariable> Variables,
    IReadOnlyList<BoundScanStep> Steps,
    ColumnSymbol? MatchId,
    ColumnSymbol Row,
    ColumnSymbol Step,
    IReadOnlyList<ColumnSymbol> Visible)
    : BoundTable(Visible, [new SortKey(Row, false, true), new SortKey(Step, true, false)]);
