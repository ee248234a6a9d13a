using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// Functions of numbers. Where DuckDB raises an error outside a function's domain, Kusto gives null, or an infinity at a pole.
/// </summary>
internal static class MathFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        new("abs", "abs-function",
            new Overload("(number: Integer): long", "kql_abs(CAST({0} AS BIGINT))"),
            new Overload("(number: timespan): timespan", "kql_abs({0})"),
            new Overload("(number: Number): Parameter0", "abs({0})")),
        Domain("acos", "abs({0}) <= 1", "acos({0})"),
        Domain("asin", "abs({0}) <= 1", "asin({0})"),
        Real("atan", "atan({0})"),
        new("atan2", "atan2-function", new Overload("(y: real, x: real): real", "atan2({0}, {1})")),
        Domain("cos", "isfinite({0})", "cos({0})"),
        Domain("sin", "isfinite({0})", "sin({0})"),
        Domain("tan", "isfinite({0})", "tan({0})"),
        Domain("cot", "isfinite({0})", "1.0 / tan({0})"),
        Real("degrees", "degrees({0})"),
        Real("radians", "radians({0})"),
        Real("erf", "kql_erf({0})") with { Page = "error-function" },
        Real("erfc", "kql_erfc({0})") with { Page = "error-function-complement" },
        Real("exp", "exp({0})"),
        Real("exp2", "pow(2.0::DOUBLE, {0})"),
        Real("exp10", "pow(10.0::DOUBLE, {0})"),
        Logarithm("log", "ln({0})"),
        Logarithm("log10", "log10({0})"),
        Logarithm("log2", "log2({0})"),
        Domain("gamma", "{0} > 0 OR {0} <> floor({0})", "gamma({0})"),
        Domain("loggamma", "{0} > 0 OR {0} <> floor({0})", "lgamma({0})"),
        new("pi", "pi-function", new Overload("(): real", "pi()") { Nulls = NullRule.Never }),
        new("pow", "pow-function", new Overload("(base: real, exponent: real): real", "pow({0}, {1})")),
        Domain("sqrt", "{0} >= 0", "sqrt({0})"),
        new("sign", "sign-function", new Overload("(number: Number): real", "CAST(sign({0}) AS DOUBLE)")),
        new("ceiling", "ceiling-function", new Overload("(number: Number): Parameter0", EmitCeiling)),
        new("round", "round-function",
            new Overload("(number: real, precision: fixed long = 0): real", "round({0}, CAST({1} AS INTEGER))"),
            new Overload("(number: decimal, precision: fixed long = 0): decimal", "CAST(round({0}, CAST({1} AS INTEGER)) AS DECIMAL(38, 18))"),
            new Overload("(number: Integer, precision: fixed long = 0): Parameter0", "round({0}, CAST({1} AS INTEGER))")),
        new("isfinite", "isfinite-function", new Overload("(number: real): bool", "isfinite({0})")),
        new("isinf", "isinf-function", new Overload("(number: real): bool", "isinf({0})")),
        new("isnan", "isnan-function", new Overload("(number: real): bool", "isnan({0})")),
        new("rand", "rand-function",
            new Overload("(): real", "random()") { Nulls = NullRule.Never, IsVolatile = true },
            new Overload("(number: long): real", "CASE WHEN {0} IN (0, 1) THEN random() ELSE floor(random() * {0}) END") { IsVolatile = true }),
        new("binary_and", "binary-and-function", new Overload("(value1: long, value2: long): long", "({0} & {1})")),
        new("binary_or", "binary-or-function", new Overload("(value1: long, value2: long): long", "({0} | {1})")),
        new("binary_xor", "binary-xor-function", new Overload("(value1: long, value2: long): long", "xor({0}, {1})")),
        new("binary_not", "binary-not-function", new Overload("(value: long): long", "(~{0})")),
        new("binary_shift_left", "binary-shift-left-function",
            new Overload("(value: long, shift: long): long", "kql_shift_left({0}, {1})") { Nulls = NullRule.Maybe }),
        new("binary_shift_right", "binary-shift-right-function",
            new Overload("(value: long, shift: long): long", "kql_shift_right({0}, {1})") { Nulls = NullRule.Maybe }),
        new("bitset_count_ones", "bitset-count-ones-function", new Overload("(value: long): long", "CAST(bit_count({0}) AS BIGINT)")),
        new("tohex", "tohex-function",
            new Overload("(value: int, minLength: long = 1): string",
                "lpad(lower(to_hex(CAST({0} AS BIGINT) & 4294967295)), CAST(greatest(length(to_hex(CAST({0} AS BIGINT) & 4294967295)), "
                + "least(greatest({1}, 0), 16)) AS INTEGER), '0')"),
            new Overload("(value: long, minLength: long = 1): string",
                "lpad(lower(to_hex({0})), CAST(greatest(length(to_hex({0})), least(greatest({1}, 0), 16)) AS INTEGER), '0')")),
        new("bin", "bin-function",
            new Overload("(value: datetime, roundTo: timespan): datetime", EmitTimeBin) { Nulls = NullRule.Maybe },
            new Overload("(value: datetime, roundTo: datetime): datetime", Floor("{0}", "{1}"), Precedence.Additive) { Nulls = NullRule.Maybe },
            new Overload("(value: timespan, roundTo: timespan): timespan", Floor("{0}", "{1}"), Precedence.Additive) { Nulls = NullRule.Maybe },
            new Overload("(value: Number, roundTo: Number): Widest", EmitBin) { Nulls = NullRule.Maybe })
        {
            Deprecated = ["floor"],
            ResultName = ResultName.FirstArgument,
        },
        new("bin_at", "bin-at-function",
            new Overload("(value: datetime, bin_size: timespan, fixed_point: datetime): datetime",
                "{2} + (" + Floor("({0} - {2})", "{1}") + ")", Precedence.Additive) { Nulls = NullRule.Maybe },
            new Overload("(value: timespan, bin_size: timespan, fixed_point: timespan): timespan",
                "{2} + (" + Floor("({0} - {2})", "{1}") + ")", Precedence.Additive) { Nulls = NullRule.Maybe },
            new Overload("(value: Number, bin_size: Number, fixed_point: Number): Widest", EmitBinAt) { Nulls = NullRule.Maybe })
        {
            ResultName = ResultName.FirstArgument,
        },
        new("beta_cdf", "beta-cdf-function", new Overload("(x: real, alpha: real, beta: real): real", "kql_beta_cdf({0}, {1}, {2})")),
        new("beta_inv", "beta-inv-function",
            new Overload("(probability: real, alpha: real, beta: real): real", "kql_beta_inv({0}, {1}, {2})") { Nulls = NullRule.Maybe }),
        new("beta_pdf", "beta-pdf-function", new Overload("(x: real, alpha: real, beta: real): real", "kql_beta_pdf({0}, {1}, {2})")),
        new("welch_test", "welch-test-function",
            new Overload("(mean1: real, variance1: real, count1: real, mean2: real, variance2: real, count2: real): real",
                "kql_welch_test({0} - {3}, {1} / {2}, {4} / {5}, pow({1} / {2}, 2) / ({2} - 1) + pow({4} / {5}, 2) / ({5} - 1))")
            {
                Nulls = NullRule.Maybe,
            }),
    ];

    // Whole numbers of either sign, by remainder: exact, where a division of reals would not be. A size that is not positive
    // gives null.
    private static string Floor(string value, string size) =>
        $"{value} - CAST((({value} % {Positive(size)})::HUGEINT + {size}) % {Positive(size)} AS BIGINT)";

    private static string Positive(string size) => $"nullif(greatest({size}, 0), 0)";

    private static ScalarFunction Real(string name, string template) =>
        new(name, $"{name}-function", new Overload("(number: real): real", template) { Nulls = NullRule.Maybe });

    private static ScalarFunction Domain(string name, string domain, string template) =>
        Real(name, $"CASE WHEN {domain} THEN {template} END");

    private static ScalarFunction Logarithm(string name, string template) =>
        Real(name, $"CASE WHEN {{0}} > 0 THEN {template} WHEN {{0}} = 0 THEN '-Infinity'::DOUBLE END") with { Page = $"{name}-function" };

    private static SqlText EmitCeiling(CallSite site) =>
        site.TypeOf(0) is KqlType.Int or KqlType.Long
            ? new(site.Sql(0))
            : site.TypeOf(0) == KqlType.Decimal ? new($"CAST(ceil({site.Sql(0)}) AS DECIMAL(38, 18))") : new($"ceil({site.Sql(0)})");

    private static SqlText EmitBin(CallSite site) =>
        site.ResultType is KqlType.Int or KqlType.Long
            ? LongBin(site)
            : RealBin(site, "floor({0} / nullif(greatest({1}, 0), 0)) * {1}");

    // Ticks of a datetime are never negative: the remainder alone is the distance to the bin's start.
    private static SqlText EmitTimeBin(CallSite site) =>
        site.Constant(1) is TimeSpan { Ticks: > 0 }
            ? SqlText.Additive(site.Fill("{0} - {0} % {1}"))
            : SqlText.Additive(site.Fill(Floor("{0}", "{1}")));

    // The bin below the smallest long is no long: it wraps around.
    private static SqlText LongBin(CallSite site)
    {
        var size = site.Constant(1) is int and > 0 or long and > 0 ? "{1}" : Positive("{1}");
        var isSmall = site.Constant(1) is int or long and < long.MaxValue / 2;
        var rest = isSmall ? $"(({{0}} % {size}) + {{1}}) % {size}" : $"CAST((({{0}} % {size})::HUGEINT + {{1}}) % {size} AS BIGINT)";
        return Magnitude.Bits(site.Arguments[0]) < 63
            ? SqlText.Additive(Template.Fill($"{{0}} - {rest}", i => Operand(site, i)))
            : new($"kql_wrap({Template.Fill($"{{0}}::HUGEINT - {rest}", i => Operand(site, i))})");
    }

    private static SqlText EmitBinAt(CallSite site) =>
        site.ResultType == KqlType.Long
            ? new($"kql_wrap({Template.Fill("{2}::HUGEINT + (" + Floor("({0}::HUGEINT - {2})", "{1}") + ")", i => Operand(site, i))})")
            : RealBin(site, "{2} + floor(({0} - {2}) / nullif(greatest({1}, 0), 0)) * {1}");

    private static SqlText RealBin(CallSite site, string template) =>
        new($"TRY_CAST({Template.Fill(template, i => Operand(site, i))} AS {SqlTypes.Name(site.ResultType)})");

    private static string Operand(CallSite site, int index) => site.Emit(Conversion.To(site.Arguments[index], site.ResultType)).At(Precedence.Primary);
}
