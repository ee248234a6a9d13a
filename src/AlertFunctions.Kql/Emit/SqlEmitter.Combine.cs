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

    // Several unnest of one SELECT run in parallel, the shorter ones filled with NULL. The lists are made before, for they may be
    // written several times.
    private string Expand(BoundExpand expand)
    {
        var source = From(expand.Input);
        var expressions = Expressions();
        var outputs = expand.Outputs.Where(o => _use.IsUsed(expand, o.Column)).ToList();
        var lists = expand.Expansions.Index().Select(e => string.Create(CultureInfo.InvariantCulture, $"\"$items{e.Index}\"")).ToList();
        var made = expand.Expansions.Zip(lists, (e, list) =>
            $"{(e.AsArrays ? "kql_items_as_arrays" : "kql_items")}({expressions.JsonSource(e.Array).Text}) AS {list}").ToList();
        if (expand.Limit is not null)
        {
            var limit = expressions.Emit(expand.Limit).Text;
            lists = lists.ConvertAll(list => $"{list}[:{limit}]");
        }

        var items = expand.Expansions.Zip(lists, (e, list) => Named($"unnest({list})", e.Column)).ToList();
        if (expand.Index is not null)
        {
            var longest = lists.Count == 1 ? $"len({lists[0]})" : $"greatest({string.Join(", ", lists.Select(l => $"len({l})"))})";
            items.Add(Named($"unnest(range({longest}))", expand.Index));
        }

        return $"SELECT {string.Join(", ", [.. outputs.Select(o => expressions.Column(o.Column)), .. items])} "
            + $"FROM (SELECT {string.Join(", ", [.. outputs.Select(o => Written(o, expressions)), .. made])} FROM {source})";
    }
}
