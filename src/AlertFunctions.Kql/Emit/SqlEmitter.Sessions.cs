using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class SqlEmitter
{
    // Where a session begins depends on where the last one did, which no window can say: a runtime function goes through the
    // times of each group once, and its list is laid beside the rows again.
    private string Sessions(BoundSessions sessions)
    {
        var source = Name(sessions.Input);
        var expressions = Expressions();
        var row = expressions.Column(sessions.Row);
        var times = List(expressions.Emit(sessions.Time).Text);
        var restarts = sessions.Restart is null ? "'[]'" : List($"coalesce({expressions.Emit(sessions.Restart).Text}, false)");
        var starts = $"kql_session_starts({times}, {restarts}, {expressions.Emit(sessions.FromFirst).Text}, {expressions.Emit(sessions.Between).Text})";
        var groups = sessions.Groups.Count == 0 ? "" : $" GROUP BY {string.Join(", ", sessions.Groups.Select(g => expressions.Emit(g).Text))}";
        return $"SELECT s.*, w.start AS {SqlLiteral.Identifier(sessions.Start.PhysicalName)} FROM {source} AS s JOIN (SELECT unnest(\"rows\") AS number, unnest(starts) AS start "
            + $"FROM (SELECT list({row} ORDER BY {row}) AS \"rows\", from_json({starts}, '[\"BIGINT\"]') AS starts FROM {source}{groups})) AS w ON s.{row} = w.number";

        string List(string value) => $"CAST(to_json(list({value} ORDER BY {row})) AS VARCHAR)";
    }
}
