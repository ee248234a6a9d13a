using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindJoin(BoundTable left, JoinOperator join)
    {
        var kindWord = join.FindParameter("kind")?.Word ?? "innerunique";
        (JoinKind Kind, bool IsUnique)? kind = kindWord switch
        {
            "innerunique" => (JoinKind.Inner, true),
            "inner" => (JoinKind.Inner, false),
            "leftouter" => (JoinKind.LeftOuter, false),
            "rightouter" => (JoinKind.RightOuter, false),
            "fullouter" => (JoinKind.FullOuter, false),
            "leftsemi" => (JoinKind.LeftSemi, false),
            "rightsemi" => (JoinKind.RightSemi, false),
            "leftanti" or "anti" or "leftantisemi" => (JoinKind.LeftAnti, false),
            "rightanti" or "rightantisemi" => (JoinKind.RightAnti, false),
            _ => null,
        };
        if (kind is not { } known)
        {
            diagnostics.Semantic("KQL128", join.FindParameter("kind")!.Span, $"There is no kind of join '{kindWord}'");
            return left with { IsError = true };
        }

        CheckParameters(join, "kind");
        var right = BindRight(join.Right);
        if (Conditions(left, right, join.On, join.Keyword) is not { } on)
        {
            return left with { IsError = true };
        }

        if (known.IsUnique && !IsUniqueBy(left, on))
        {
            left = new BoundFirstRows(left, [.. on.Select(c => c.Left)], null, false, [.. left.Columns.Select(Output.Pass)]);
        }

        return Joined(known.Kind, left, right, on, _ => false);
    }

    private BoundTable BindLookup(BoundTable left, LookupOperator lookup)
    {
        var kindWord = lookup.FindParameter("kind")?.Word ?? "leftouter";
        if (kindWord is not ("leftouter" or "inner"))
        {
            diagnostics.Semantic("KQL128", lookup.FindParameter("kind")!.Span, $"There is no kind of lookup '{kindWord}'");
            return left with { IsError = true };
        }

        CheckParameters(lookup, "kind");
        var right = BindRight(lookup.Right);
        if (Conditions(left, right, lookup.On, lookup.Keyword) is not { } on)
        {
            return left with { IsError = true };
        }

        var keys = on.Select(c => c.Right).OfType<BoundColumn>().Select(c => c.Column).ToHashSet();
        return Joined(kindWord == "inner" ? JoinKind.Inner : JoinKind.LeftOuter, left, right, on, keys.Contains);
    }

    private BoundTable BindRight(Expression expression)
    {
        var outer = _rows;
        _rows = null;
        var table = BindTable(expression);
        _rows = outer;
        return table;
    }

    /// <summary>Hints change no row; any other parameter that is not known would.</summary>
    private void CheckParameters(QueryOperator step, params ReadOnlySpan<string> known)
    {
        foreach (var parameter in step.Parameters)
        {
            if (!known.Contains(parameter.Name.Text) && !parameter.Name.Text.StartsWith("hint.", StringComparison.Ordinal))
            {
                diagnostics.NotSupported(parameter.Span, $"The parameter '{parameter.Name.Text}' is not supported");
            }
        }
    }

    private static bool IsUniqueBy(BoundTable table, IReadOnlyList<(BoundExpression Left, BoundExpression Right)> on)
    {
        return table switch
        {
            BoundSummarize summarize => summarize.Keys.All(k => IsJoined(k.Column)),
            BoundFirstRows first => first.Keys.All(k => first.Outputs.Any(o => o.Value == k && IsJoined(o.Column))),
            BoundFilter filter => IsUniqueBy(filter.Input, on),
            BoundSort sort => IsUniqueBy(sort.Input, on),
            BoundTake take => IsUniqueBy(take.Input, on),
            BoundMaterialize materialize => IsUniqueBy(materialize.Input, on),
            _ => false,
        };

        bool IsJoined(ColumnSymbol key) => on.Any(c => c.Left is BoundColumn column && ReferenceEquals(column.Column, key));
    }

    private List<(BoundExpression Left, BoundExpression Right)>? Conditions(
        BoundTable left, BoundTable right, IReadOnlyList<Expression> on, TextSpan keyword)
    {
        if (left.IsError || right.IsError)
        {
            return null;
        }

        if (on.Count == 0)
        {
            diagnostics.Semantic("KQL129", keyword, "The columns to join by are missing", "Add: on Column");
            return null;
        }

        var conditions = new List<(BoundExpression, BoundExpression)>();
        foreach (var condition in on.SelectMany(Conjuncts))
        {
            if (Condition(left, right, condition) is not { } pair)
            {
                return null;
            }

            conditions.Add(pair);
        }

        return conditions;
    }

    private static IEnumerable<Expression> Conjuncts(Expression expression) =>
        expression is BinaryExpression { Operator: BinaryOperator.And } and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [expression];

    private (BoundExpression Left, BoundExpression Right)? Condition(BoundTable left, BoundTable right, Expression condition)
    {
        BoundColumn? l;
        BoundColumn? r;
        switch (condition)
        {
            case NameExpression name:
                l = Side(left, name.Name, name.Span, "left");
                r = Side(right, name.Name, name.Span, "right");
                break;
            case BinaryExpression { Operator: BinaryOperator.Equal } equal
                when SideOf(equal.Left) is { } first && SideOf(equal.Right) is { } second && first.IsRight != second.IsRight:
                var (leftName, rightName) = first.IsRight ? (second.Name, first.Name) : (first.Name, second.Name);
                l = Side(left, leftName.Name, leftName.Span, "left");
                r = Side(right, rightName.Name, rightName.Span, "right");
                break;
            default:
                diagnostics.Semantic(
                    "KQL130", condition.Span, "A condition of a join names a column of both sides", "Write: on Column, or on $left.A == $right.B");
                return null;
        }

        if (l is null || r is null)
        {
            return null;
        }

        if (l.Type == KqlType.Dynamic || r.Type == KqlType.Dynamic)
        {
            diagnostics.Semantic("KQL124", condition.Span, "Dynamic values cannot be joined by", "Convert them, as with tostring().");
            return null;
        }

        if (l.Type != r.Type && !(TypeSet.Number.Contains(l.Type) && TypeSet.Number.Contains(r.Type)))
        {
            Mismatch(condition.Span, l.Type, r.Type);
            return null;
        }

        return Comparable(l, r);
    }

    private static (NameExpression Name, bool IsRight)? SideOf(Expression expression) => expression switch
    {
        MemberExpression { Target: NameExpression { Name: "$left" }, Member: NameExpression name } => (name, false),
        MemberExpression { Target: NameExpression { Name: "$right" }, Member: NameExpression name } => (name, true),
        _ => null,
    };

    private BoundColumn? Side(BoundTable table, string name, TextSpan span, string side)
    {
        if (table.Columns.FirstOrDefault(c => c.Name == name && !_undeclared.Contains(c)) is { } column)
        {
            return new BoundColumn(column);
        }

        var meant = Spelling.Closest(name, table.Columns.Where(c => !_undeclared.Contains(c)).Select(c => c.Name));
        diagnostics.Semantic(
            "KQL101", span, $"The {side} side of the join has no column '{name}'", meant is null ? null : $"Did you mean '{meant}'?");
        return null;
    }

    private static BoundJoin Joined(
        JoinKind kind,
        BoundTable left,
        BoundTable right,
        List<(BoundExpression Left, BoundExpression Right)> on,
        Func<ColumnSymbol, bool> isLeftOut)
    {
        var names = new ColumnNames();
        var outputs = new List<JoinOutput>();
        if (kind is not (JoinKind.RightSemi or JoinKind.RightAnti))
        {
            foreach (var column in left.Columns)
            {
                var isNullable = column.CanBeNull || kind is JoinKind.RightOuter or JoinKind.FullOuter;
                outputs.Add(new JoinOutput(names.Add(column.Name, column.Type, isNullable), column, false));
            }
        }

        if (kind is not (JoinKind.LeftSemi or JoinKind.LeftAnti))
        {
            var shown = right.Columns.Where(c => !isLeftOut(c)).ToList();
            var own = shown.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var column in shown)
            {
                var isNullable = column.CanBeNull || kind is JoinKind.LeftOuter or JoinKind.FullOuter;
                outputs.Add(new JoinOutput(names.Add(names.Unique(column.Name, own), column.Type, isNullable), column, true));
            }
        }

        return new BoundJoin(kind, left, right, on, outputs);
    }
}
