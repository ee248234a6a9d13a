using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Tests.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>Scalars of a type: columns, literals, nulls, operators, calls of every function of the table.</summary>
internal sealed partial class QueryWriter
{
    private static readonly Dictionary<KqlType, string[]> Literals = new()
    {
        [KqlType.Bool] = ["true", "false", "bool(null)"],
        [KqlType.Int] = ["int(0)", "int(7)", "int(-2147483647)", "int(2147483647)", "int(null)"],
        [KqlType.Long] = ["0", "1", "2", "(-3)", "10", "9223372036854775807", "(-9223372036854775807)", "long(null)", "c_long", "n_rows"],
        [KqlType.Real] = ["0.0", "0.5", "(-1.5)", "1e300", "real(nan)", "real(+inf)", "real(-inf)", "real(null)"],
        [KqlType.Decimal] = ["decimal(0)", "decimal(1.5)", "decimal(-12345678901.123456)", "decimal(null)"],
        [KqlType.String] =
        [
            "''", "'a'", "'a b'", "'A-b_c'", "'10.0.0.1'", "'10.0.0.0/8'", "'{\"k\":\"v\",\"n\":[1,2]}'", "'2026-03-01'", "'k=v, n=1'", "@'a\\b'", "'ü%_x'",
            "'\\n\\t'", "h'secret'", "'https://u@h.org:80/p?q=1#f'", "c_text", "'1.5'", "'fe80::1'",
        ],
        [KqlType.DateTime] =
        [
            "datetime(2026-03-01)", "datetime(2026-02-28T23:59:59.9999999Z)", "datetime(null)", "now()", "ago(1d)", "datetime(0001-01-01)",
            "datetime(9999-12-31T23:59:59.9999999Z)",
        ],
        [KqlType.TimeSpan] = ["1h", "0s", "1tick", "(-2d)", "time(1.02:03:04)", "time(null)", "100d"],
        [KqlType.Guid] = ["guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "guid(null)"],
        [KqlType.Dynamic] =
        [
            "dynamic(null)", "dynamic([1, 2, 3])", "dynamic(['a', 'b'])", "dynamic({\"k\": \"v\", \"n\": {\"m\": [1, null]}})", "dynamic('text')", "dynamic(1.5)",
            "dynamic([])", "dynamic({})", "c_list", "dynamic([[1, 'a'], {\"x\": 2}])",
        ],
    };

    // What gives other values each time, or ends the query.
    private static readonly HashSet<string> NotRepeatable = ["rand", "new_guid", "assert"];

    // Where the pages say otherwise than Microsoft's binder; Disagreements.txt lists them.
    private static readonly HashSet<string> Disputed = ["format_ipv4_mask", "make_timespan", "series_decompose_forecast", "series_fit_poly", "jaccard_index", "make_datetime"];

    private static readonly ILookup<string, (string Name, Signature Signature)> Calls = FunctionTable.Scalars
        .Where(f => !NotRepeatable.Contains(f.Key) && !Disputed.Contains(f.Key))
        .OrderBy(f => f.Key, StringComparer.Ordinal)
        .SelectMany(f => f.Value.Overloads.Select(o => (Name: f.Key, o.Signature)))
        .ToLookup(f => f.Signature.Result);

    private static readonly IReadOnlyList<(string Name, Signature Signature)> AllCalls = [.. Calls.SelectMany(c => c)];

    private static readonly IReadOnlyList<(string Name, Signature Signature)> AggregateCalls =
        [.. FunctionTable.Aggregates.Where(f => !f.Key.StartsWith("covariance", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => f.Value.Overloads.Select(o => (f.Key, o.Signature)))];

    private string Expression(KqlType type, int depth = 0) => _random.Next(depth > 2 ? 4 : 9) switch
    {
        0 or 1 or 2 => Column(type) ?? Literal(type),
        3 => Literal(type),
        4 or 5 => Operation(type, depth + 1),
        6 or 7 => CallOf(type, depth + 1),
        _ => Choice(type, depth + 1),
    };

    private string Literal(KqlType type) => Literals[type][_random.Next(Literals[type].Length)];

    /// <summary>An expression of any type, of calls whose result type depends on their arguments too.</summary>
    private string AnyExpression() => Chance(3) ? Call(AllCalls[_random.Next(AllCalls.Count)], AnyType(), 1) : Expression(AnyType());

    private string Choice(KqlType type, int depth) => _random.Next(6) switch
    {
        0 => $"iff({Expression(KqlType.Bool, depth)}, {Expression(type, depth)}, {Expression(type, depth)})",
        1 => $"case({Expression(KqlType.Bool, depth)}, {Expression(type, depth)}, {Expression(KqlType.Bool, depth)}, {Expression(type, depth)}, {Expression(type, depth)})",
        2 => $"coalesce({Expression(type, depth)}, {Expression(type, depth)})",
        3 => $"column_ifexists('{(type == KqlType.String ? Any("s", "absent") : "absent")}', {Expression(type, depth)})",
        4 when type == KqlType.Long => $"toscalar({Any("T", "U", "E")} | summarize {Any("max(l)", "min(l)", "count()", "take_any(l)")})",
        4 when type == KqlType.Long => $"f_long({Expression(type, depth)})",
        4 when type == KqlType.String => $"f_text({Expression(type, depth)})",
        _ => $"({Expression(type, depth)})",
    };

    private string CallOf(KqlType type, int depth)
    {
        var word = type.ToString().ToLowerInvariant();
        var fitting = Chance(4) && type != KqlType.Dynamic ? Any("Parameter0", "Common", "Widest") : word;
        var calls = Calls[fitting].ToList();
        if (fitting != word)
        {
            calls.RemoveAll(c => !c.Signature.Parameters[0].Types.Contains(type) || c.Signature.Parameters.Any(p => p.IsTypeLiteral));
        }

        return calls.Count == 0 ? Literal(type) : Call(calls[_random.Next(calls.Count)], type, depth);
    }

    private string Call((string Name, Signature Signature) function, KqlType type, int depth)
    {
        var parameters = function.Signature.Parameters;
        var arguments = new List<string>();
        foreach (var parameter in parameters)
        {
            if (parameter.IsOptional && !parameter.Repeats && Chance(2))
            {
                break;
            }

            arguments.Add(Argument(function.Name, parameter, type, depth));
        }

        return $"{function.Name}({string.Join(", ", arguments)})";
    }

    private string Argument(string function, Parameter parameter, KqlType type, int depth)
    {
        if (parameter.IsTypeLiteral)
        {
            return $"typeof({Any("long", "string", "real", "datetime", "dynamic")})";
        }

        if (FunctionQueries.ConstantFor(function, parameter) is { } constant)
        {
            return constant;
        }

        var wanted = parameter.Target ?? (parameter.Types.Contains(type) ? type : AnyOf(parameter.Types));
        return parameter.IsConstant || parameter.IsFixed ? ConstantOf(wanted) : Expression(wanted, depth + 1);
    }

    private string ConstantOf(KqlType type) => type switch
    {
        KqlType.Real => Any("0.5", "1.5"),
        KqlType.Long or KqlType.Int => Any("1", "2", "3"),
        KqlType.Bool => Any("true", "false"),
        KqlType.Dynamic => Any("dynamic([1])", "dynamic([1, 2])"),
        KqlType.String => Any("'x'", "'a'"),
        _ => Literal(type),
    };

    private KqlType AnyOf(TypeSet types)
    {
        var all = Enum.GetValues<KqlType>().Where(types.Contains).ToArray();
        return all[_random.Next(all.Length)];
    }

    private string Operation(KqlType type, int depth)
    {
        string Of(KqlType operand) => Expression(operand, depth);
        return type switch
        {
            KqlType.Bool => Condition(depth),
            KqlType.Long => Any(
                $"({Of(KqlType.Long)} {Any("+", "-", "*", "/", "%")} {Of(Any(KqlType.Long, KqlType.Int))})",
                $"-({Of(KqlType.Long)})",
                $"({Of(KqlType.TimeSpan)} / {Any("1h", "1d", "2tick")})",
                $"tolong({Of(KqlType.Dynamic)}.n)"),
            KqlType.Real => $"({Of(KqlType.Real)} {Any("+", "-", "*", "/", "%")} {Of(Any(KqlType.Real, KqlType.Long))})",
            KqlType.Decimal => $"({Of(KqlType.Decimal)} {Any("+", "-", "*", "/")} {Of(Any(KqlType.Decimal, KqlType.Long))})",
            KqlType.DateTime => $"({Of(KqlType.DateTime)} {Any("+", "-")} {Of(KqlType.TimeSpan)})",
            KqlType.TimeSpan => Any(
                $"({Of(KqlType.TimeSpan)} {Any("+", "-")} {Of(KqlType.TimeSpan)})",
                $"({Of(KqlType.DateTime)} - {Of(KqlType.DateTime)})",
                $"({Of(KqlType.TimeSpan)} * {Of(Any(KqlType.Long, KqlType.Real))})"),
            KqlType.Dynamic => (Column(KqlType.Dynamic) ?? "c_list") + Any(".k", "['n']", "[0]", "[-1]", ".n.m[1]", $"[{Of(KqlType.Long)}]", $"[{Of(KqlType.String)}]"),
            KqlType.String => Any($"strcat({Of(KqlType.String)}, {Of(AnyType())})", $"tostring({Of(AnyType())})"),
            _ => Column(type) ?? Literal(type),
        };
    }

    private string Condition(int depth)
    {
        string Of(KqlType operand) => Expression(operand, depth);
        var type = AnyOf(TypeSet.Orderable);
        return _random.Next(10) switch
        {
            0 or 1 => type == KqlType.Bool ? $"{Of(type)} == {Of(type)}" : $"{Of(type)} {Any("==", "!=", "<", "<=", ">", ">=")} {Of(type)}",
            2 => $"({Of(KqlType.Bool)} {Any("and", "or")} {Of(KqlType.Bool)})",
            3 => $"not({Of(KqlType.Bool)})",
            4 => $"{Of(KqlType.String)} {Any("=~", "!~", "has", "!has", "contains", "!contains", "startswith", "!endswith", "hasprefix", "hassuffix", "contains_cs", "has_cs", "!startswith_cs")} {Of(KqlType.String)}",
            5 => $"{Of(type)} {Any("in", "!in")} ({List(3, () => Of(type))})",
            6 => $"{Of(KqlType.String)} {Any("in~", "!in~", "has_any", "has_all")} ({Any("'a', 'b'", "c_list", "'A-b_c'", "dynamic(['x', 'a'])", "(U | project s)")})",
            7 when type is not (KqlType.String or KqlType.Bool) => $"{Of(type)} {Any("between", "!between")} ({Of(type)} .. {Of(type)})",
            8 => $"{Of(KqlType.String)} matches regex {Any("'^a'", "'[0-9]+'", "@'\\w+\\s'", "'(?i)A'")}",
            9 => Any($"isnull({Of(AnyType())})", $"isnotempty({Of(AnyType())})", $"l_in_rows_of_{type}").Replace($"l_in_rows_of_{type}", $"{Of(KqlType.Long)} in ((U | project l))", StringComparison.Ordinal),
            _ => $"{Of(KqlType.Long)} > {Of(KqlType.Real)}",
        };
    }

    private string Aggregate()
    {
        if (Chance(6))
        {
            IsRepeatable = false;
            return Any(
                $"{Any("arg_max", "arg_min")}({Expression(AnyOf(TypeSet.Orderable), 2)}, {Any("*", List(2, () => Column(_ => true) ?? "1"))})",
                $"take_any({Column(_ => true) ?? "1"})",
                "take_any(*)");
        }

        var call = AggregateCalls[_random.Next(AggregateCalls.Count)];
        if (!ForgetsOrder.Contains(call.Name))
        {
            IsRepeatable = false;
        }

        return Chance(8) ? "count()" : Call(call, AnyType(), 2);
    }

    // Aggregates whose result does not depend on the order of the rows, nor on the order in which reals are added.
    private static readonly HashSet<string> ForgetsOrder =
    [
        "count", "countif", "cnt", "dcount", "dcountif", "count_distinct", "count_distinctif", "min", "max", "minif", "maxif", "binary_all_and", "binary_all_or",
        "binary_all_xor", "percentile",
    ];
}
