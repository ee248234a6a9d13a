using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class SqlEmitter
{
    private string Join(BoundJoin join)
    {
        var (left, right) = (Name(join.Left), Name(join.Right));
        var (onLeft, onRight) = (Expressions("l."), Expressions("r."));
        var condition = string.Join(
            " AND ", join.On.Select(on => $"{onLeft.Emit(on.Left).At(Precedence.Additive)} = {onRight.Emit(on.Right).At(Precedence.Additive)}"));
        var columns = join.Outputs.Select(o =>
        {
            var sql = (o.IsRight ? onRight : onLeft).Column(o.Source);
            var isNullable = o.IsRight
                ? join.Kind is JoinKind.LeftOuter or JoinKind.FullOuter
                : join.Kind is JoinKind.RightOuter or JoinKind.FullOuter;
            return Named(isNullable && o.Column.Type == KqlType.String ? $"coalesce({sql}, '')" : sql, o.Column);
        });
        var list = string.Join(", ", columns);
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
        var branches = union.Inputs.Select(input =>
        {
            var source = Name(input.Table);
            var expressions = Expressions();
            return $"SELECT {string.Join(", ", input.Values.Select((v, i) => Named(expressions.Emit(v).Text, columns[i])))} FROM {source}";
        });
        return string.Join(" UNION ALL ", branches.ToList());
    }

    // Several unnest of one SELECT run in parallel, the shorter ones filled with NULL.
    private string Expand(BoundExpand expand)
    {
        var source = Name(expand.Input);
        var expressions = Expressions();
        var limit = expand.Limit is null ? null : expressions.Emit(expand.Limit).Text;
        var lists = expand.Expansions
            .Select(e => $"{(e.AsArrays ? "kql_items_as_arrays" : "kql_items")}({expressions.Emit(e.Array).Text})")
            .Select(list => limit is null ? list : $"({list})[:{limit}]")
            .ToList();
        var columns = expand.Outputs.Select(o => expressions.Column(o.Column)).ToList();
        columns.AddRange(expand.Expansions.Select((e, i) => Named($"unnest({lists[i]})", e.Column)));
        if (expand.Index is not null)
        {
            var longest = lists.Count == 1 ? $"len({lists[0]})" : $"greatest({string.Join(", ", lists.Select(l => $"len({l})"))})";
            columns.Add(Named($"unnest(range({longest}))", expand.Index));
        }

        return $"SELECT {string.Join(", ", columns)} FROM {source}";
    }
}
