using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

/// <summary>
/// scan as a recursion whose every turn takes the next row of each group through the steps, from the last to the first. The state
/// lies in columns: of each step whether it is active, its match id and, for itself and every step before it, what is remembered.
/// </summary>
internal sealed partial class SqlEmitter
{
    private const string Match = "\"$match\"";
    private const string NextId = "\"$next\"";

    private string Scan(BoundScan scan)
    {
        var source = Name(scan.Input);
        var expressions = Expressions();
        var row = SqlLiteral.Identifier(scan.Row.PhysicalName);
        var group = scan.Group is null ? null : SqlLiteral.Identifier(scan.Group.PhysicalName);
        var columns = scan.Input.Physical;
        var order = string.Join(' ', new[]
        {
            group is null ? "" : $"PARTITION BY {group}",
            scan.Input.Ordering.Count > 0 ? $"ORDER BY {expressions.OrderBy(scan.Input.Ordering)}" : "",
        }.Where(part => part.Length > 0));
        var list = string.Join(", ", columns.Select(expressions.Column));
        var state = State(scan);

        var first = columns.Select(c => ReferenceEquals(c, scan.Group) ? group! : Named(Cast("NULL", c.Type), c));
        var start = $"SELECT {string.Join(", ", state.Select(s => $"{s.Initial} AS {s.Name}"))}, {string.Join(", ", first)}, 0::BIGINT AS {row}"
            + (group is null ? "" : $" FROM (SELECT DISTINCT {group} FROM \"$rows\")");
        var turn = $"SELECT {string.Join(", ", state.Select(s => $"s.{s.Name}"))}, r.* FROM \"$scan\" AS s JOIN \"$rows\" AS r ON r.{row} = s.{row} + 1"
            + (group is null ? "" : $" AND r.{group} IS NOT DISTINCT FROM s.{group}");
        for (var step = scan.Steps.Count - 1; step >= 0; step--)
        {
            turn = Stepped(scan, step, turn);
        }

        var outputs = scan.Steps.Select((step, place) => (step, place)).Where(s => s.step.HasOutput).Select(s =>
        {
            var values = scan.Variables.Select((v, i) => Named(Slot(s.place, scan.Steps[s.place].Memories[i]), v.Column)).ToList();
            if (scan.MatchId is not null)
            {
                values.Add(Named(Id(s.place), scan.MatchId));
            }

            return $"SELECT {string.Join(", ", [list, .. values, row, Named($"{s.place}::INTEGER", scan.Step)])} FROM \"$scanned\" WHERE {Matched(s.place)}";
        }).ToList();
        if (outputs.Count == 0)
        {
            var none = scan.Physical.Except(columns).Select(c => Named(Cast("NULL", c.Type), c));
            outputs.Add($"SELECT {string.Join(", ", [list, .. none])} FROM \"$rows\" WHERE false");
        }

        return $"WITH RECURSIVE \"$rows\" AS MATERIALIZED (SELECT {list}, row_number() OVER ({order}) AS {row} FROM {source}), "
            + $"\"$scan\" AS ({start} UNION ALL {turn}), \"$scanned\" AS MATERIALIZED (SELECT * FROM \"$scan\") "
            + string.Join(" UNION ALL ", outputs);
    }

    /// <summary>A row taken through one step: first what kind of match it is (0 none, 1 and 2 the documentation's checks), then the new state.</summary>
    private string Stepped(BoundScan scan, int step, string input)
    {
        var bound = scan.Steps[step];
        var cases = step == 0
            ? $"WHEN {Holds(step)} THEN 2"
            : $"WHEN {Active(step - 1)} AND {Holds(step - 1)} THEN 1 WHEN {Active(step)} AND {Holds(step)} THEN 2";
        var changes = new List<(string Name, string Value)>();
        for (var before = 0; before < step; before++)
        {
            foreach (var memory in scan.Steps[before].Memories)
            {
                var (own, promoted) = (Slot(step, memory), Slot(step - 1, memory));
                changes.Add((own, $"CASE {Match} WHEN 1 THEN {promoted} ELSE {own} END"));
                changes.Add((promoted, $"CASE {Match} WHEN 1 THEN {Empty(scan, memory)} ELSE {promoted} END"));
            }
        }

        foreach (var memory in bound.Memories)
        {
            var own = Slot(step, memory);
            changes.Add((own, memory.Source is { } column
                ? $"CASE WHEN {Match} > 0 THEN {SqlLiteral.Identifier(column.PhysicalName)} ELSE {own} END"
                : $"CASE {Match} WHEN 1 THEN {Assigned(memory, step - 1)} WHEN 2 THEN {Assigned(memory, step)} ELSE {own} END"));
        }

        changes.Add((Active(step), $"{Active(step)} OR {Match} > 0"));
        changes.Add((Matched(step), $"{Match} > 0"));
        if (step == 0)
        {
            changes.Add((Id(0), $"CASE WHEN {Match} > 0 AND NOT {Active(0)} THEN {NextId} ELSE {Id(0)} END"));
            changes.Add((NextId, $"CASE WHEN {Match} > 0 AND NOT {Active(0)} THEN {NextId} + 1::BIGINT ELSE {NextId} END"));
        }
        else
        {
            changes.Add((Id(step), $"CASE {Match} WHEN 1 THEN {Id(step - 1)} ELSE {Id(step)} END"));
            changes.Add((Active(step - 1), $"{Active(step - 1)} AND {Match} <> 1"));
        }

        return $"SELECT * EXCLUDE ({Match}) REPLACE ({string.Join(", ", changes.Select(c => $"{c.Value} AS {c.Name}"))}) "
            + $"FROM (SELECT *, CASE {cases} ELSE 0 END AS {Match} FROM ({input}))";

        string Holds(int state) => $"coalesce({With(state).Predicate(bound.Condition).Text}, false)";

        string Assigned(ScanMemory memory, int state)
        {
            var value = bound.Assignments[memory.Variable] is { } assigned ? With(state).Emit(assigned).Text : Empty(scan, memory);
            return Cast(memory.Symbol.Type == KqlType.String ? $"coalesce({value}, '')" : value, memory.Symbol.Type);
        }

        // A step that the state does not hold has the values that it has before anything matched.
        ExpressionEmitter With(int state) => new(Name)
        {
            Lookup = column =>
            {
                for (var place = 0; place < scan.Steps.Count; place++)
                {
                    if (scan.Steps[place].Memories.FirstOrDefault(m => ReferenceEquals(m.Symbol, column)) is { } memory)
                    {
                        return place <= state ? Slot(state, memory) : Empty(scan, memory);
                    }
                }

                return null;
            },
        };
    }

    private static List<(string Name, string Initial)> State(BoundScan scan)
    {
        var state = new List<(string, string)> { (NextId, "0::BIGINT") };
        for (var step = 0; step < scan.Steps.Count; step++)
        {
            state.AddRange([(Active(step), "false"), (Matched(step), "false"), (Id(step), "0::BIGINT")]);
            for (var before = 0; before <= step; before++)
            {
                var holder = step;
                state.AddRange(scan.Steps[before].Memories.Select(m => (Slot(holder, m), Cast(Empty(scan, m), m.Symbol.Type))));
            }
        }

        return state;
    }

    private static string Empty(BoundScan scan, ScanMemory memory) => memory.Source is null
        ? new ExpressionEmitter(_ => "").Emit(scan.Variables[memory.Variable].Default).At(Precedence.Primary)
        : SqlLiteral.Of(null, memory.Symbol.Type).At(Precedence.Primary);

    private static string Slot(int step, ScanMemory memory) => $"\"$s{step}_{memory.Symbol.PhysicalName}\"";

    private static string Active(int step) => $"\"$active{step}\"";

    private static string Matched(int step) => $"\"$matched{step}\"";

    private static string Id(int step) => $"\"$id{step}\"";

    private static string Cast(string value, KqlType type) => $"CAST({value} AS {SqlTypes.Name(type)})";
}
