using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Functions;

/// <summary>Matches arguments with a signature's parameters.</summary>
internal static class ArgumentMatch
{
    /// <summary>For each way to give the signature this many arguments, the parameter of each argument.</summary>
    public static IEnumerable<IReadOnlyList<Parameter>> Assign(Signature signature, int count)
    {
        var parameters = signature.Parameters;
        var first = 0;
        while (first < parameters.Count && !parameters[first].Repeats)
        {
            first++;
        }

        if (first == parameters.Count)
        {
            if (count >= signature.FewestArguments && count <= parameters.Count)
            {
                yield return [.. parameters.Take(count)];
            }

            yield break;
        }

        var group = parameters.Skip(first).TakeWhile(p => p.Repeats).ToList();
        var behind = parameters.Skip(first + group.Count).ToList();
        for (var tail = behind.Count(p => !p.IsOptional); tail <= behind.Count; tail++)
        {
            var middle = count - first - tail;
            if (middle >= (group[0].IsOptional ? 0 : group.Count) && middle % group.Count == 0)
            {
                yield return
                [
                    .. parameters.Take(first),
                    .. Enumerable.Range(0, middle).Select(i => group[i % group.Count]),
                    .. behind.Take(tail),
                ];
            }
        }
    }

    /// <summary>How much conversion the arguments need; int.MaxValue where one does not fit.</summary>
    public static int Cost(IReadOnlyList<Parameter> parameters, List<BoundExpression> arguments)
    {
        var sum = 0;
        for (var i = 0; i < arguments.Count; i++)
        {
            var cost = Cost(parameters[i], arguments[i]);
            if (cost == int.MaxValue)
            {
                return cost;
            }

            sum += cost;
        }

        var common = arguments.Where((_, i) => parameters[i].IsCommon).ToList();
        return common.Count > 0 && Common(common) is null ? int.MaxValue : sum;
    }

    private static int Cost(Parameter parameter, BoundExpression argument)
    {
        if (parameter.IsTypeLiteral || argument is BoundTypeLiteral)
        {
            return parameter.IsTypeLiteral && argument is BoundTypeLiteral ? 0 : int.MaxValue;
        }

        if (parameter.Types.Contains(argument.Type))
        {
            // A parameter of just this type is nearer than one of a class.
            return parameter.Target is null ? 1 : 0;
        }

        if (parameter.Target is not { } target)
        {
            return int.MaxValue;
        }

        if (Conversion.Widens(argument.Type, target))
        {
            return target switch
            {
                KqlType.Long => 2,
                KqlType.Real => 3,
                _ => 4,
            };
        }

        return (argument, target) switch
        {
            ({ Type: KqlType.Dynamic }, KqlType.String) => 10,
            ({ Type: KqlType.Real }, KqlType.Decimal) or ({ Type: KqlType.Decimal }, KqlType.Real) => 8,
            (BoundLiteral { Type: KqlType.Long, Value: long value }, KqlType.Int) when value is >= int.MinValue and <= int.MaxValue => 5,
            ({ Type: KqlType.Long }, KqlType.Int) => 12,
            ({ Type: KqlType.Dynamic }, KqlType.Long or KqlType.Bool or KqlType.DateTime or KqlType.TimeSpan or KqlType.Real) => 20,
            (BoundLiteral { Type: KqlType.String }, KqlType.DateTime or KqlType.TimeSpan) => int.MaxValue,
            _ => int.MaxValue,
        };
    }

    public static List<BoundExpression> Convert(
        IReadOnlyList<Parameter> parameters, List<BoundExpression> arguments, Func<BoundExpression, BoundExpression> fold)
    {
        var common = Common([.. arguments.Where((_, i) => parameters[i].IsCommon)]);
        return
        [
            .. arguments.Select((argument, i) => parameters[i] switch
            {
                { IsCommon: true } when common is { } type => fold(Conversion.To(argument, type)),
                { Target: { } target } => fold(Conversion.To(argument, target)),
                _ => argument,
            }),
        ];
    }

    /// <summary>The type that all can have: the widest number, the scalar type beside dynamics; dynamic of types that have none.</summary>
    public static KqlType? Common(IReadOnlyList<BoundExpression> arguments)
    {
        KqlType? common = null;
        foreach (var argument in arguments)
        {
            var type = argument.Type;
            common = common switch
            {
                null or KqlType.Dynamic => type,
                { } known when known == type || type == KqlType.Dynamic => known,
                { } known when Conversion.Widens(type, known) => known,
                { } known when Conversion.Widens(known, type) => type,
                KqlType.Real when type == KqlType.Decimal => KqlType.Decimal,
                KqlType.Decimal when type == KqlType.Real => KqlType.Decimal,
                _ => null,
            };
            if (common is null)
            {
                return KqlType.Dynamic;
            }
        }

        return common;
    }

    public static KqlType ResultType(Overload overload, IReadOnlyList<Parameter> parameters, IReadOnlyList<BoundExpression> arguments)
    {
        if (overload.ResultType is not null)
        {
            return overload.ResultType(arguments);
        }

        return overload.Signature.Result switch
        {
            "Parameter0" => arguments[0].Type,
            "Parameter1" => arguments[1].Type,
            "Parameter0Promoted" => arguments[0].Type == KqlType.Int ? KqlType.Long : arguments[0].Type,
            "ParameterNLiteral" => arguments.OfType<BoundTypeLiteral>().Last().Named,
            "Common" or "CommonNonDynamic" => Common([.. arguments.Where((_, i) => i < parameters.Count && parameters[i].IsCommon)]) ?? KqlType.Dynamic,
            "Widest" => Widest(arguments),
            "Parameter0Array" or "Custom" => KqlType.Dynamic,
            var word => TypeSet.Parse(word).Target ?? KqlType.Dynamic,
        };
    }

    private static KqlType Widest(IReadOnlyList<BoundExpression> arguments)
    {
        var widest = arguments[0].Type;
        foreach (var argument in arguments)
        {
            widest = Conversion.Widens(widest, argument.Type) || argument.Type == KqlType.Decimal ? argument.Type : widest;
        }

        return widest == KqlType.Int ? KqlType.Long : widest;
    }
}
