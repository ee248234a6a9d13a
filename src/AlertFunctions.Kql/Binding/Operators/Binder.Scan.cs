using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// The operator scan. Source: learn.microsoft.com/kusto/query/scan-operator, "Scan logic". A match id begins with a sequence: its
/// example "Sessions tagging" shows that the first step, matching again while its sequence is active, keeps the id.
/// </summary>
internal sealed partial class Binder
{
    /// <summary>The steps whose remembered values the expression being bound may name, and the rows for which it may.</summary>
    private ScanNames? _scanNames;

    /// <summary>What the steps up to the one being bound remember.</summary>
    private sealed class ScanNames(RowScope rows, BoundTable input, IReadOnlyList<ScanStep> steps, IReadOnlyList<ScanVariable> variables)
    {
        public RowScope Rows { get; } = rows;

        public int Current { get; set; }

        public IReadOnlyList<List<ScanMemory>> Memories { get; } = [.. steps.Select((_, place) => Declared(place, variables))];

        public int Find(string name) => steps.ToList().FindIndex(s => s.Name.Text == name);

        public ColumnSymbol? Remember(int step, string name)
        {
            var variable = variables.ToList().FindIndex(v => v.Column.Name == name);
            if (variable >= 0)
            {
                return Memories[step][variable].Symbol;
            }

            if (input.Columns.FirstOrDefault(c => c.Name == name) is not { } column)
            {
                return null;
            }

            if (Memories[step].Find(m => ReferenceEquals(m.Source, column)) is { } known)
            {
                return known.Symbol;
            }

            var memory = new ScanMemory(new ColumnSymbol(name, column.Type, true, $"{step}_{Memories[step].Count}"), column, -1);
            Memories[step].Add(memory);
            return memory.Symbol;
        }

        private static List<ScanMemory> Declared(int place, IReadOnlyList<ScanVariable> variables) =>
            [.. variables.Select((v, i) => new ScanMemory(new ColumnSymbol(v.Column.Name, v.Column.Type, true, $"{place}_{i}"), null, i))];
    }

    private BoundTable BindScan(BoundTable input, ScanOperator scan)
    {
        CheckParameters(scan, "with_match_id");
        if (scan.OrderBy.Length > 0 || scan.PartitionBy.Length > 0)
        {
            return Refused(scan.Keyword, "scan with order by or partition by is not supported", "Put sort by or partition before it.");
        }

        var ordered = input.IsSerialized ? input : Counted(input);
        if (ordered is null)
        {
            diagnostics.Semantic("KQL120", scan.Keyword, "'scan' needs rows in an order", "Put serialize or sort before it.");
            return input with { IsError = true };
        }

        var names = new ColumnNames();
        foreach (var column in ordered.Physical)
        {
            names.Keep(column, isHidden: !ordered.Columns.Contains(column));
        }

        var variables = BindScanVariables(scan, names);
        ColumnSymbol? matchId = null;
        if (variables is not null && scan.FindParameter("with_match_id") is { } id)
        {
            if (id.Word is not { } name || names.Contains(name))
            {
                diagnostics.Semantic("KQL121", id.Span, "The name of a new column is expected here");
                return input with { IsError = true };
            }

            matchId = names.Add(name, KqlType.Long, false);
        }

        var group = GroupKeys() is [BoundColumn key] ? key.Column : null;
        if (variables is null || BindScanSteps(ordered, scan, variables) is not { } steps)
        {
            return input with { IsError = true };
        }

        List<ColumnSymbol> visible = [.. ordered.Columns, .. variables.Select(v => v.Column)];
        if (matchId is not null)
        {
            visible.Add(matchId);
        }

        return new BoundScan(
            ordered, group, variables, steps, matchId,
            names.AddHidden("$row", KqlType.Long, false), names.AddHidden("$step", KqlType.Int, false), visible)
        {
            IsSerialized = true,
        };
    }

    /// <summary>The rows of range in the order in which it counts; null for other rows that nothing has put in an order.</summary>
    private static BoundSort? Counted(BoundTable input)
    {
        for (var table = input; ;)
        {
            switch (table)
            {
                case BoundFilter filter:
                    table = filter.Input;
                    break;
                case BoundProjection { Input: { } source }:
                    table = source;
                    break;
                case BoundRange { Step: BoundLiteral { Value: { } step } } range when input.Columns.Contains(range.Column):
                    var isDown = step is long and < 0 or int and < 0 or double and < 0 || (step is TimeSpan span && span < TimeSpan.Zero);
                    return new BoundSort(input, [new SortKey(range.Column, isDown, !isDown)]) { IsSerialized = true };
                default:
                    return null;
            }
        }
    }

    private List<ScanVariable>? BindScanVariables(ScanOperator scan, ColumnNames names)
    {
        var outer = _rows;
        _rows = null;
        var variables = new List<ScanVariable>();
        foreach (var declared in scan.Declared)
        {
            var value = declared.Default is null
                ? new BoundLiteral(declared.Type, declared.Type == KqlType.String ? "" : null)
                : Bind(declared.Default) is BoundLiteral { Value: null } ? new BoundLiteral(declared.Type, null)
                : Argument(Bind(declared.Default), declared.Type, declared.Default.Span);
            if (names.Contains(declared.Name.Text))
            {
                diagnostics.Semantic("KQL121", declared.Span, $"There is already a column '{declared.Name.Text}'");
                value = new BoundError();
            }

            variables.Add(new ScanVariable(names.Add(declared.Name.Text, declared.Type, true), value));
        }

        _rows = outer;
        return variables.Exists(v => v.Default is BoundError) ? null : variables;
    }

    private List<BoundScanStep>? BindScanSteps(BoundTable input, ScanOperator scan, List<ScanVariable> variables)
    {
        var twice = scan.Steps.GroupBy(s => s.Name.Text, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            diagnostics.Semantic("KQL121", twice.Last().Name.Span, $"There is already a step '{twice.Key}'");
            return null;
        }

        // Functions over the rows have no meaning here: the rows are taken one by one.
        var (outerRows, outerNames) = (_rows, _scanNames);
        _rows = new RowScope(input with { IsSerialized = false });
        _scanNames = new ScanNames(_rows, input, scan.Steps, variables);
        var bound = scan.Steps.Select((step, place) =>
        {
            _scanNames.Current = place;
            return BindScanStep(input, step, variables);
        }).ToList();
        var memories = _scanNames.Memories;
        (_rows, _scanNames) = (outerRows, outerNames);
        return scan.Steps.Length == 0 || bound.Contains(null) ? null : [.. bound.Select((step, place) => step! with { Memories = memories[place] })];
    }

    private BoundScanStep? BindScanStep(BoundTable input, ScanStep step, List<ScanVariable> variables)
    {
        if (step.IsOptional || step.Output == ScanOutput.Last)
        {
            diagnostics.NotSupported(
                step.Name.Span,
                step.IsOptional ? "Optional steps are not documented" : "The documentation says in two ways what output=last gives at a step's first match");
            return null;
        }

        if (input.Columns.Any(c => c.Name == step.Name.Text) || variables.Exists(v => v.Column.Name == step.Name.Text))
        {
            diagnostics.NotSupported(step.Name.Span, "A step with the name of a column is not supported");
            return null;
        }

        var condition = Bind(step.Condition);
        if (condition is not BoundError && condition.Type != KqlType.Bool)
        {
            diagnostics.Semantic("KQL113", step.Condition.Span, $"A condition is expected here, this is {TypeName(condition.Type)}");
            condition = new BoundError();
        }

        var isError = condition is BoundError;
        var assignments = new BoundExpression?[variables.Count];
        foreach (var assignment in step.Assignments)
        {
            var place = variables.FindIndex(v => v.Column.Name == assignment.Name?.Text);
            var value = Bind(assignment.Value);
            if (place < 0 || assignments[place] is not null)
            {
                diagnostics.Semantic("KQL123", assignment.Span, "A step assigns declared columns, each once: column = value");
                isError = true;
                continue;
            }

            assignments[place] = value is BoundLiteral { Value: null }
                ? new BoundLiteral(variables[place].Column.Type, null)
                : Argument(value, variables[place].Column.Type, assignment.Value.Span);
            isError |= assignments[place] is BoundError;
        }

        return isError ? null : new BoundScanStep(condition, assignments, [], step.Output != ScanOutput.None);
    }

    /// <summary><c>step.column</c> within scan; null where the name is no step's.</summary>
    private BoundExpression? BindScanMember(MemberExpression member)
    {
        if (_scanNames is not { } names || !ReferenceEquals(names.Rows, _rows)
            || member is not { Target: NameExpression target, Member: NameExpression column } || names.Find(target.Name) is not (>= 0 and var step))
        {
            return null;
        }

        if (step > names.Current)
        {
            diagnostics.NotSupported(target.Span, $"The step '{target.Name}' comes later: its values are not known here");
            return new BoundError();
        }

        if (names.Remember(step, column.Name) is { } symbol)
        {
            return new BoundColumn(symbol);
        }

        diagnostics.UnknownName("column", column.Name, column.Span, names.Rows.Table.Columns.Select(c => c.Name));
        return new BoundError();
    }
}
