using System.Globalization;
using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class SqlEmitter
{
    private string Join(BoundJoin join)
    {
        var (left, right) = (Name(join.Left), Name(join.Right));
        var (onLeft, onRight) = (Expressions("l."), Expressions("r."));
        var condition = string.Join(
            " AND ", join.On.Select(on => $"{onLeft.Emit(on.Left).At(Precedence.Additive)} {(join.MatchesNulls ? "IS NOT DISTINCT FROM" : "=")} {onRight.Emit(on.Right).At(Precedence.Additive)}"));
        var columns = join.Outputs.Where(o => _use.IsUsed(join, o.Column)).Select(o =>
        {
            var sql = (o.IsRight ? onRight : onLeft).Column(o.Source);
            var isNullable = o.IsRight
                ? join.Kind is JoinKind.LeftOuter or JoinKind.FullOuter
                : join.Kind is JoinKind.RightOuter or JoinKind.FullOuter;
            return Named(isNullable && o.Column.Type == KqlType.String ? $"coalesce({sql}, '')" : sql, o.Column);
        });
        var list = Selected(columns);
        return join.Kind switch
        {
            JoinKind.Inner => $"SELECT {list} FROM {left} AS l JOIN {right} AS r ON {condition}",
            JoinKind.LeftOuter => $"SELECT {list} FROM {left} AS l LEFT JOIN {right} AS r ON {condition}",
            JoinKind.RightOuter => $"SELECT {list} FROM {left} AS l RIGHT JOIN {right} AS r ON {condition}",
            JoinKind.FullOuter => $"SELECT {list} FROM {left} AS l FULL JOIN {right} AS r ON {condition}",
            JoinKind.LeftSemi => $"SELECT {list} FROM {left} AS l SEMI JOIN {right} AS r ON {condition}",
            JoinKind.LeftAnti => $"SELECT {list} FROM {left} AS l ANTI JOIN {right} AS r ON {condition}",
            JoinKind.RightSemi => $"SELECT {list} FROM {right} AS r SEMI JOIN {left} AS l ON {condition}",
            JoinKind.RightAnti => $"SELECT {list} FROM {right} AS r ANTI JOIN {left} AS l ON {condition}",
            _ => throw new InvalidOperationException($"Unreachable: {join.Kind} is no kind of join."),
        };
    }

    private string Union(BoundUnion union)
    {
        var columns = union.Physical;
        var used = columns.Index().Where(column => _use.IsUsed(union, column.Item)).ToList();
        var branches = union.Inputs.Select(input =>
        {
            var source = From(input.Table);
            var expressions = Expressions();
            return $"SELECT {Selected(used.Select(c => Named(expressions.Emit(input.Values[c.Index]).Text, c.Item)))} FROM {source}";
        });
        return string.Join(" UNION ALL ", branches.ToList());
    }

    // Several unnest of one SELECT run in parallel, the shorter ones filled with NULL. What they take apart is computed before, and
    // what they give is looked at after, for the macros write their argument several times.
    private string Expand(BoundExpand expand)
    {
        var source = From(expand.Input);
        var expressions = Expressions();
        var kept = expand.Outputs.Where(o => _use.IsUsed(expand, o.Column)).Select(o => Written(o, expressions)).ToList();
        var arrays = expand.Expansions.Select((e, i) => (
            Name: string.Create(CultureInfo.InvariantCulture, $"\"$array{i}\""), Sql: expressions.Emit(e.Array).Text, e.AsArrays)).ToList();
        var limit = expand.Limit is null ? null : expressions.Emit(expand.Limit).Text;
        var lists = arrays
            .Select(array => $"{(array.AsArrays ? "kql_items_as_arrays" : "kql_items")}({array.Name})")
            .Select(list => limit is null ? list : $"({list})[:{limit}]")
            .ToList();
        var columns = expand.Outputs.Where(o => _use.IsUsed(expand, o.Column)).Select(o => expressions.Column(o.Column)).ToList();
        var items = expand.Expansions.Select((e, i) => Named($"unnest({lists[i]})", e.Column)).ToList();
        var results = expand.Expansions.Select(e => Named($"nullif({expressions.Column(e.Column)}::VARCHAR, 'null')", e.Column)).ToList();
        if (expand.Index is not null)
        {
            var longest = lists.Count == 1 ? $"len({lists[0]})" : $"greatest({string.Join(", ", lists.Select(l => $"len({l})"))})";
            items.Add(Named($"unnest(range({longest}))", expand.Index));
            results.Add(expressions.Column(expand.Index));
        }

        kept.AddRange(arrays.Select(array => $"{array.Sql} AS {array.Name}"));
        return $"SELECT {string.Join(", ", [.. columns, .. results])} "
            + $"FROM (SELECT {string.Join(", ", [.. columns, .. items])} FROM (SELECT {string.Join(", ", kept)} FROM {source}))";
    }
}
