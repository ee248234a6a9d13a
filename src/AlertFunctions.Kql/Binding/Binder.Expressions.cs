using System.Runtime.CompilerServices;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundExpression Bind(Expression expression)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            diagnostics.NotSupported(expression.Span, "The expression is nested too deeply");
            return new BoundError();
        }

        return expression switch
        {
            LiteralExpression literal => new BoundLiteral(literal.Type, literal.Value),
            NameExpression name => BindName(name),
            MemberExpression member => BindMember(member),
            IndexExpression index => BindIndex(index),
            CallExpression call => BindCall(call),
            UnaryExpression unary => BindUnary(unary),
            BinaryExpression binary => BindBinary(binary),
            ListExpression list => BindList(list),
            BetweenExpression between => BindBetween(between),
            TypeOfExpression { Type: { } type } => new BoundTypeLiteral(type),
            MissingExpression => new BoundError(),
            PipeExpression or DataTableExpression => Expected(expression, "A scalar is expected here, not a table"),
            StarExpression => Expected(expression, "'*' cannot stand here"),
            _ => Expected(expression, "A scalar is expected here"),
        };
    }

    private BoundError Expected(Expression expression, string message)
    {
        diagnostics.Semantic("KQL110", expression.Span, message);
        return new BoundError();
    }

    private BoundExpression BindName(NameExpression name)
    {
        if (ColumnOf(name.Name) is { } column)
        {
            return new BoundColumn(column);
        }

        switch (_scope.Find(name.Name))
        {
            case ScalarEntity scalar:
                if (scalar.Rows is not null && !ReferenceEquals(scalar.Rows, _rows ?? _callerRows) && ReadsColumns(scalar.Value))
                {
                    diagnostics.NotSupported(name.Span, $"'{name.Name}' depends on the row it was given for and cannot be used in another table's rows");
                    return new BoundError();
                }

                return TryInline(scalar.Size, name.Span) ? scalar.Value : new BoundError();
            case LambdaEntity lambda:
                return Invoke(lambda.Lambda, lambda.Scope, name.Name, [], name.Span, null) as BoundExpression
                    ?? Expected(name, $"'{name.Name}' is a table; toscalar() makes a value of it");
            case TableEntity:
                return Expected(name, $"'{name.Name}' is a table; toscalar() makes a value of it");
        }

        if (_rows is { Table.IsError: true })
        {
            return new BoundError();
        }

        if (_rows?.Find(name.Name) is not null)
        {
            diagnostics.Semantic(
                "KQL101", name.Span, $"The function's parameter does not declare the column '{name.Name}'", "A function names only the columns that its parameter declares: (T:(Column:type)).");
            return new BoundError();
        }

        if (OpenColumn(name.Name) is { } open)
        {
            return open;
        }

        var candidates = (_rows?.Table.Columns.Select(c => c.Name) ?? []).Concat(_scope.All.Select(e => e.Key));
        diagnostics.UnknownName("column", name.Name, name.Span, candidates);
        return new BoundError();
    }

    // A column of an open table that no row has yet. Its suffix tells its type.
    private BoundExpression? OpenColumn(string name)
    {
        if (_rows is null || !IsOpen(_rows.Table))
        {
            return null;
        }

        KqlType? type = name switch
        {
            [.., '_', 's'] => KqlType.String,
            [.., '_', 'd'] => KqlType.Real,
            [.., '_', 'b'] => KqlType.Bool,
            [.., '_', 't'] => KqlType.DateTime,
            [.., '_', 'g'] => KqlType.String,
            _ => null,
        };
        return type is { } known ? new BoundLiteral(known, known == KqlType.String ? "" : null) : null;
    }

    private static bool IsOpen(BoundTable table) => table switch
    {
        BoundRead read => read.Table.IsOpen,
        BoundFilter filter => IsOpen(filter.Input),
        BoundSort sort => IsOpen(sort.Input),
        BoundTake take => IsOpen(take.Input),
        BoundMaterialize materialize => IsOpen(materialize.Input),
        BoundProjection { Input: { } input } projection =>
            input.Columns.All(projection.Visible.Contains) && IsOpen(input),
        _ => false,
    };

    private static bool ReadsColumns(BoundExpression expression) =>
        expression is BoundColumn or BoundAggregate or BoundWindow || BoundParts.Of(expression).Any(ReadsColumns);

    private BoundExpression BindMember(MemberExpression member)
    {
        if (member is { Target: NameExpression { Name: "$left" or "$right" } side, Member: NameExpression column } && _rows is not null)
        {
            var table = side.Name == "$left" ? _rows.Table : _rows.Right ?? _rows.Table;
            var symbol = table.Columns.FirstOrDefault(c => c.Name == column.Name);
            if (symbol is null)
            {
                if (!table.IsError)
                {
                    diagnostics.UnknownName("column", column.Name, column.Span, table.Columns.Select(c => c.Name));
                }

                return new BoundError();
            }

            return new BoundColumn(symbol);
        }

        if (BindScanMember(member) is { } remembered)
        {
            return remembered;
        }

        if (member.Member is not NameExpression name)
        {
            return Expected(member.Member, "A member's name is expected here");
        }

        return Step(Bind(member.Target), new PathStep.Member(name.Name), member.Span);
    }

    private BoundExpression BindIndex(IndexExpression index)
    {
        var target = Bind(index.Target);
        var key = Bind(index.Index);
        PathStep? step = key switch
        {
            BoundLiteral { Value: string name } => new PathStep.Member(name),
            BoundLiteral { Value: long place } => new PathStep.Element(place),
            BoundLiteral { Value: int place } => new PathStep.Element(place),
            { Type: KqlType.String or KqlType.Int or KqlType.Long } => new PathStep.Computed(key),
            { Type: KqlType.Dynamic } and not BoundError => new PathStep.Computed(Conversion.To(key, KqlType.String)),
            _ => null,
        };
        if (step is null)
        {
            return key is BoundError ? key : Expected(index.Index, "An index is a string or a whole number");
        }

        return Step(target, step, index.Span);
    }

    private BoundExpression Step(BoundExpression target, PathStep step, TextSpan span)
    {
        if (target is BoundError)
        {
            return target;
        }

        if (target.Type != KqlType.Dynamic)
        {
            diagnostics.Semantic(
                "KQL111", span, $"Only a dynamic value has members; this is {TypeName(target.Type)}",
                target.Type == KqlType.String ? "Use parse_json() on text." : null);
            return new BoundError();
        }

        return target is BoundPath path ? new BoundPath(path.Root, [.. path.Steps, step]) : new BoundPath(target, [step]);
    }

    private BoundExpression BindUnary(UnaryExpression unary)
    {
        var operand = Bind(unary.Operand);
        if (operand is BoundError)
        {
            return operand;
        }

        if (!TypeSet.Number.With(KqlType.TimeSpan, KqlType.Dynamic).Contains(operand.Type))
        {
            diagnostics.Semantic("KQL112", unary.OperatorSpan, $"The operator '-' does not apply to {TypeName(operand.Type)}");
            return new BoundError();
        }

        if (operand.Type is KqlType.Int or KqlType.Dynamic)
        {
            operand = Folded(Conversion.To(operand, operand.Type == KqlType.Int ? KqlType.Long : KqlType.Real));
        }

        return unary.Operator == UnaryOperator.Plus ? operand : Folded(new BoundNegation(operand));
    }

    private BoundExpression BindBinary(BinaryExpression binary)
    {
        if (binary.Operator is BinaryOperator.And or BinaryOperator.Or)
        {
            return BindLogical(binary);
        }

        if (binary.Operator == BinaryOperator.SearchTerm)
        {
            return BindSearchTerm(binary);
        }

        // Long chains (a + b + c + ...) lean to the left: walk down instead of recursing.
        var chain = new Stack<BinaryExpression>();
        Expression leftmost = binary;
        while (leftmost is BinaryExpression { Operator: not (BinaryOperator.And or BinaryOperator.Or or BinaryOperator.SearchTerm) } link)
        {
            chain.Push(link);
            leftmost = link.Left;
        }

        if (chain.Count > 500)
        {
            diagnostics.NotSupported(binary.Span, "The expression is nested too deeply");
            return new BoundError();
        }

        var left = Bind(leftmost);
        while (chain.TryPop(out var link))
        {
            left = Combine(link, left, Bind(link.Right));
        }

        return left;
    }

    private BoundExpression BindLogical(BinaryExpression binary)
    {
        var operands = new List<Expression>();
        Expression current = binary;
        while (current is BinaryExpression next && next.Operator == binary.Operator)
        {
            operands.Add(next.Right);
            current = next.Left;
        }

        operands.Add(current);
        operands.Reverse();
        var bound = new List<BoundExpression>();
        var isError = false;
        foreach (var operand in operands)
        {
            var value = Bind(operand);
            if (value is not BoundError && value.Type == KqlType.Dynamic)
            {
                value = Conversion.To(value, KqlType.Bool);
            }

            if (value is BoundError)
            {
                isError = true;
            }
            else if (value.Type != KqlType.Bool)
            {
                diagnostics.Semantic("KQL113", operand.Span, $"A condition is expected here, this is {TypeName(value.Type)}");
                isError = true;
            }

            bound.Add(value);
        }

        return isError ? new BoundError() : new BoundLogical(binary.Operator == BinaryOperator.And, bound);
    }

    private BoundExpression BindList(ListExpression list)
    {
        var operand = Bind(list.Left);
        var isTerm = list.Operator is ListOperator.HasAny or ListOperator.HasAll;
        var ignoresCase = isTerm || list.Operator is ListOperator.InIgnoreCase or ListOperator.NotInIgnoreCase;
        if (operand is not BoundError && ignoresCase && operand.Type != KqlType.String)
        {
            if (operand.Type != KqlType.Dynamic)
            {
                diagnostics.Semantic("KQL114", list.OperatorSpan, $"This operator wants a string on its left, this is {TypeName(operand.Type)}");
                operand = new BoundError();
            }
            else
            {
                operand = Conversion.To(operand, KqlType.String);
            }
        }

        BoundTable? table = null;
        BoundExpression? array = null;
        var items = new List<BoundExpression>();
        foreach (var item in list.Items)
        {
            switch (BindEither(item))
            {
                case BoundTable { IsError: true }:
                    return new BoundError();
                case BoundTable bound when list.Items.Length == 1:
                    table = bound;
                    break;
                case BoundLiteral { Type: KqlType.Dynamic, Value: string json } mixed when list.Items.Length == 1 && IsMixed(operand.Type, DynamicLiteral.Items(json)):
                    array = mixed;
                    break;
                case BoundLiteral { Type: KqlType.Dynamic, Value: string json }:
                    items.AddRange(DynamicLiteral.Items(json));
                    break;
                case BoundExpression { Type: KqlType.Dynamic } value and not BoundError when list.Items.Length == 1:
                    array = value;
                    break;
                case BoundExpression value:
                    items.Add(value);
                    break;
                default:
                    diagnostics.Semantic("KQL115", item.Span, "A table must be the only item of the list");
                    return new BoundError();
            }
        }

        if (operand is BoundError || items.Exists(i => i is BoundError))
        {
            return new BoundError();
        }

        if (table is { Columns.Count: 0 })
        {
            return new BoundError();
        }

        var want = isTerm || ignoresCase ? KqlType.String : table?.Columns[0].Type ?? (items.Count > 0 ? items[0].Type : operand.Type);
        if (operand.Type == KqlType.Dynamic && array is null)
        {
            operand = Conversion.To(operand, want);
        }

        if (table is not null)
        {
            if (Comparable(operand, new BoundColumn(table.Columns[0])) is not { } pair)
            {
                return Mismatch(list.OperatorSpan, operand.Type, table.Columns[0].Type);
            }

            if (pair.Right is not BoundColumn)
            {
                table = Project(table, pair.Right);
            }

            operand = pair.Left;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (Equatable(operand, items[i]) is not { } pair)
            {
                return Mismatch(list.Items.Length > i ? list.Items[i].Span : list.OperatorSpan, operand.Type, items[i].Type);
            }

            (operand, items[i]) = pair;
        }

        items = [.. items.Select(i => Folded(Conversion.To(i, operand.Type)))];
        if (isTerm)
        {
            return new BoundHasList(operand, items, table, array, list.Operator == ListOperator.HasAll);
        }

        var isNegated = list.Operator is ListOperator.NotIn or ListOperator.NotInIgnoreCase;
        return items.Count == 0 && table is null && array is null
            ? new BoundLiteral(KqlType.Bool, isNegated)
            : new BoundIn(operand, items, table, array, ignoresCase, isNegated);
    }

    // An array of values of several types is compared by their texts, as one that is no constant is.
    private static bool IsMixed(KqlType operand, IEnumerable<BoundLiteral> items)
    {
        var types = items.Select(i => i.Type).Where(t => t != KqlType.Dynamic).ToHashSet();
        return types.Contains(KqlType.String) ? types.Count > 1 : types.Count > 0 && operand == KqlType.String;
    }

    private static BoundProjection Project(BoundTable table, BoundExpression value)
    {
        var column = new ColumnNames().Add(table.Columns[0].Name, value.Type, value.CanBeNull);
        return new BoundProjection(table, [new Output(column, value)], [column], [], null);
    }

    private BoundError Mismatch(TextSpan span, KqlType left, KqlType right)
    {
        diagnostics.Semantic(
            "KQL116", span, $"Values of types {TypeName(left)} and {TypeName(right)} cannot be compared", "Convert one of them explicitly.");
        return new BoundError();
    }

    private BoundExpression BindBetween(BetweenExpression between)
    {
        var value = Bind(between.Value);
        var low = Bind(between.Low);
        var high = Bind(between.High);
        if (value is BoundError || low is BoundError || high is BoundError)
        {
            return new BoundError();
        }

        // datetime between (start .. span): the span counts from the start.
        if (low.Type == KqlType.DateTime && high.Type == KqlType.TimeSpan)
        {
            high = Folded(new BoundBinary(BinaryOperator.Add, low, high, KqlType.DateTime, low.CanBeNull || high.CanBeNull));
        }

        var orderable = TypeSet.Summable;
        if (value.Type == KqlType.Dynamic)
        {
            value = Conversion.To(value, low.Type);
        }

        if (!orderable.Contains(value.Type)
            || Comparable(value, low) is not { } lower
            || Comparable(value, high) is not { } upper)
        {
            diagnostics.Semantic(
                "KQL112",
                between.OperatorSpan,
                $"The operator 'between' does not apply to {TypeName(value.Type)}, {TypeName(low.Type)} and {TypeName(high.Type)}");
            return new BoundError();
        }

        var isNull = value.CanBeNull || low.CanBeNull || high.CanBeNull;
        if (!between.IsNegated)
        {
            return new BoundLogical(true,
            [
                new BoundBinary(BinaryOperator.GreaterOrEqual, lower.Left, lower.Right, KqlType.Bool, isNull),
                new BoundBinary(BinaryOperator.LessOrEqual, upper.Left, upper.Right, KqlType.Bool, isNull),
            ]);
        }

        return new BoundLogical(false,
        [
            new BoundBinary(BinaryOperator.Less, lower.Left, lower.Right, KqlType.Bool, isNull),
            new BoundBinary(BinaryOperator.Greater, upper.Left, upper.Right, KqlType.Bool, isNull),
        ]);
    }
}
