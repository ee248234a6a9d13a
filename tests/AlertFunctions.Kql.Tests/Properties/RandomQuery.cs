using CsCheck;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>Well-typed queries over a table R(l:long, i:int, x:real, s:string, b:bool, t:datetime, p:timespan, d:dynamic).</summary>
internal static class RandomQuery
{
    private static readonly Gen<string> Whole = Gen.OneOf(
        Any("l", "i", "strlen(s)", "tolong(d.n)", "long(null)", "toint(x)", "dayofyear(t)"),
        Gen.Int[-9, 9].Select(n => $"{n}"),
        Any("9223372036854775807", "(-9223372036854775807)"));

    private static readonly Gen<string> Text = Any(
        "s", "'a b'", "''", "tostring(l)", "tostring(d.k)", "strcat(s, '-', i)", "toupper(s)", "tostring(t)", "substring(s, 1)");

    private static readonly Gen<string> Time = Any("t", "now()", "ago(1d)", "datetime(2026-03-01)", "bin(t, 1h)", "startofday(t)", "t + p");

    private static readonly Gen<string> Numeric = Gen.Recursive<string>((depth, self) => depth > 3
        ? Whole
        : Gen.OneOf(
            Whole,
            Gen.Select(self, Any("+", "-", "*", "/", "%"), self, (a, op, b) => $"({a} {op} {b})"),
            Gen.Select(Condition(depth), self, self, (c, a, b) => $"iff({c}, {a}, {b})"),
            self.Select(a => $"coalesce({a}, 0)"),
            self.Select(a => $"abs({a})"),
            self.Select(a => $"bin({a}, 3)")));

    public static readonly Gen<string> Predicate = Condition(0);

    private static readonly Gen<string> Step = Gen.OneOf(
        Predicate.Select(c => $"where {c}"),
        Numeric.Select(n => $"extend l = tolong({n})"),
        Text.Select(t => $"extend s = {t}"),
        Any(
            "sort by l asc, s desc",
            "top 5 by x",
            "take 7",
            "project-reorder s*, t",
            "distinct l, i, x, s, b, t, p | extend d = dynamic({\"k\":\"v\",\"n\":2})",
            "serialize | extend i = toint(row_number())",
            "union R",
            "join kind=leftouter (R | project l, i2 = i) on l | project-away l1, i2",
            "join (R | summarize n = count() by s) on s | project-away s1, n",
            "mv-expand d | extend d = dynamic({\"k\":\"v\",\"n\":2})",
            "extend (z, y) = (1) | project-away z"),
        Gen.Const("extend d = bag_pack('k', s, 'n', l)"));

    private static readonly Gen<string> End = Gen.OneOf(
        Any(
            "count",
            "summarize count(), sum(l), avg(x), min(t), make_set(s), dcount(i) by b",
            "summarize arg_max(t, *) by s",
            "summarize percentile(l, 50), countif(b), take_any(s) by bin(t, 1h)",
            "project l, s, q = tostring(d.k[0]) | sort by l"),
        Numeric.Select(n => $"summarize total = sum({n}) by s"),
        Predicate.Select(c => $"project flag = {c}, l"));

    /// <summary>A whole query. Steps that do not apply to what came before are not among them.</summary>
    public static readonly Gen<string> Query = Gen.Select(
        Step.Where(s => !s.Contains("(z, y)", StringComparison.Ordinal)).Array[0, 4], End, (steps, end) => string.Join(" | ", ["R", .. steps, end]));

    private static Gen<string> Condition(int depth) => Gen.OneOf(
        Gen.Select(Whole, Any("==", "!=", "<", "<=", ">", ">="), Whole, (a, op, b) => $"{a} {op} {b}"),
        Gen.Select(
            Text,
            Any("==", "!=", "=~", "!~", "has", "!has", "contains", "!contains", "startswith", "!endswith", "hasprefix", "contains_cs"),
            Text,
            (a, op, b) => $"{a} {op} {b}"),
        Gen.Select(Time, Any("<", ">=", "==", "!="), Time, (a, op, b) => $"{a} {op} {b}"),
        Any(
            "b", "not(b)", "isempty(s)", "isnull(d.k)", "s in ('a', '')", "l !in (1, 2)", "s has_any ('a', 'b')", "l between (1 .. 5)",
            "s matches regex '^a'", "d.k == 'v'", "d.n > 1", "isnotnull(x)", "l in ((R | project l))"))
        .Where(c => depth < 4 || c.Length < 60);

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
