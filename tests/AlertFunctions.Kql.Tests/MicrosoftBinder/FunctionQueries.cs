using AlertFunctions.Kql.Functions;

namespace AlertFunctions.Kql.Tests.MicrosoftBinder;

/// <summary>
/// Queries made from the function table: each function and aggregate under each of its names, with every number of arguments and
/// every type that its overloads take, and with too few, too many and varying ones.
/// </summary>
internal static class FunctionQueries
{
    // Where any constant of the type would not do.
    private static readonly Dictionary<string, string> Constants = new(StringComparer.Ordinal)
    {
        ["accuracy"] = "2",
        ["captureGroup"] = "1",
        ["captureGroups"] = "dynamic([1])",
        ["percentile"] = "50",
        ["percentiles"] = "dynamic([5, 50])",
        ["regex"] = "'(a+)'",
        ["countof.kind"] = "'normal'",
        ["format_datetime.format"] = "'yyyy-MM-dd'",
        ["format_timespan.format"] = "'d.hh:mm:ss'",
        ["part"] = "'day'",
        ["parse_command_line.parser"] = "'windows'",
        ["series_fit_poly.degree"] = "2",
    };

    public static IEnumerable<string> Accepted =>
        FunctionTable.Scalars.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => Calls(f.Key, f.Value.Overloads).Select(call => $"T | project {call}"))
            .Concat(FunctionTable.Aggregates.OrderBy(f => f.Key, StringComparer.Ordinal)
                .SelectMany(f => Calls(f.Key, f.Value.Overloads).Select(call => $"T | summarize {call}")))
            .Distinct();

    public static IEnumerable<string> Refused =>
        FunctionTable.Scalars.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => Faulty(f.Key, f.Value.Overloads).Select(call => $"T | project {call}"))
            .Concat(FunctionTable.Aggregates.OrderBy(f => f.Key, StringComparer.Ordinal)
                .SelectMany(f => Faulty(f.Key, f.Value.Overloads).Select(call => $"T | summarize {call}")))
            .Distinct();

    /// <summary>An argument that a parameter of a function wants where any constant of the type would not do; null for others.</summary>
    public static string? ConstantFor(string function, Parameter parameter) =>
        Constants.TryGetValue($"{function}.{parameter.Name}", out var own) || Constants.TryGetValue(parameter.Name, out own) ? own : null;

    private static IEnumerable<string> Calls(string name, IReadOnlyList<Overload> overloads)
    {
        foreach (var parameters in overloads.Select(o => o.Signature.Parameters))
        {
            var fewest = parameters.Count(p => !p.IsOptional);
            for (var count = fewest; count <= parameters.Count; count++)
            {
                foreach (var type in Varied(parameters.Take(count)))
                {
                    yield return Call(name, parameters.Take(count), type);
                }
            }

            if (parameters is [.., { Repeats: true } last])
            {
                // Adjacent repeating parameters repeat as a group.
                var group = parameters.Reverse().TakeWhile(p => p.Repeats).Reverse();
                yield return Call(name, [.. parameters, .. group], last.Types.Contains(KqlType.Long) ? KqlType.Long : null);
            }
        }
    }

    // The types that parameters of a class may have, one after the other; null where every parameter has its one type.
    private static IEnumerable<KqlType?> Varied(IEnumerable<Parameter> parameters)
    {
        var classes = parameters.Where(p => p is { Target: null, IsTypeLiteral: false, IsConstant: false }).ToList();
        return classes.Count == 0
            ? [null]
            : Enum.GetValues<KqlType>().Where(t => classes.Exists(p => p.Types.Contains(t))).Select(t => (KqlType?)t);
    }

    private static string Call(string name, IEnumerable<Parameter> parameters, KqlType? type, bool withColumns = false) =>
        $"{name}({string.Join(", ", parameters.Select(p => Argument(name, p, type, withColumns)))})";

    private static string Argument(string function, Parameter parameter, KqlType? type, bool withColumns) => parameter switch
    {
        { IsTypeLiteral: true } => "typeof(long)",
        { IsFixed: true } when withColumns => Column(parameter.Target ?? KqlType.Long),
        _ when ConstantFor(function, parameter) is { } own => own,
        { IsConstant: true } or { IsFixed: true } when !withColumns => Constant(parameter.Target ?? KqlType.Long),
        { Target: { } target } => Column(target),
        _ when type is { } varied && parameter.Types.Contains(varied) => Column(varied),
        _ => Column(Enum.GetValues<KqlType>().First(parameter.Types.Contains)),
    };

    private static IEnumerable<string> Faulty(string name, IReadOnlyList<Overload> overloads)
    {
        // take_any() and any() take lists, percentiles() is made of percentile().
        if (overloads.Count == 0 || name is "take_any" or "any")
        {
            yield break;
        }

        var fewest = overloads.MinBy(o => o.Signature.FewestArguments)!.Signature;
        if (fewest.FewestArguments > 0)
        {
            yield return Call(name, fewest.Parameters.Take(fewest.FewestArguments - 1), null);
        }

        var most = overloads.MaxBy(o => o.Signature.Parameters.Count)!.Signature;
        if (!overloads.Any(o => o.Signature.Parameters.Any(p => p.Repeats)))
        {
            yield return $"{Call(name, most.Parameters, null)[..^1]}{(most.Parameters.Count > 0 ? ", " : "")}1)";
        }

        // A column where the argument must be the same for all rows.
        foreach (var signature in overloads.Select(o => o.Signature).Where(s => s.Parameters.Any(p => p.IsFixed)))
        {
            yield return Call(name, signature.Parameters, null, withColumns: true);
        }
    }

    private static string Column(KqlType type) => type switch
    {
        KqlType.Bool => "b",
        KqlType.Int => "i",
        KqlType.Long => "l",
        KqlType.Real => "r",
        KqlType.Decimal => "m",
        KqlType.String => "s",
        KqlType.DateTime => "t",
        KqlType.TimeSpan => "p",
        KqlType.Guid => "g",
        _ => "d",
    };

    private static string Constant(KqlType type) => type switch
    {
        KqlType.Bool => "true",
        KqlType.Real => "0.5",
        KqlType.String => "'x'",
        KqlType.Dynamic => "dynamic([1])",
        _ => "1",
    };
}
