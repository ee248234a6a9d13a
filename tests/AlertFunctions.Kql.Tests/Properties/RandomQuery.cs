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
            "summarize arg_max(t, *) by s | extend s = strcat(s, 'z')",
            "sort by t asc, l asc | extend i = toint(row_cumsum(l, b))",
            "sort by l asc | where isnull(prev(l)) or prev(l) <= l",
            "serialize | extend l = row_number(1, prev(s) == s) + row_rank_dense(l)",
            "sort by t asc | extend t = row_window_session(t, 1d, 1h, b)",
            "parse-kv s as (l:long, b:bool) with (pair_delimiter=' ', kv_delimiter='-')",
            "partition by s (sort by l desc | extend l = row_number() | take 2)",
            "where * has 'xyz' or l > 0",
            "mv-apply e = d on (take 1 | extend f = 1) | project-away e, f",
            "as hint.materialized=true Named | union Named",
            "mv-expand d | extend d = dynamic({\"k\":\"v\",\"n\":2})",
            "extend (z, y) = (1) | project-away z"),
        Gen.Const("extend d = bag_pack('k', s, 'n', l)"));

    private static readonly Gen<string> End = Gen.OneOf(
        Any(
            "count",
            "summarize count(), sum(l), avg(x), min(t), make_set(s), dcount(i) by b",
            "summarize arg_max(t, *) by s",
            "summarize percentile(l, 50), countif(b), take_any(s) by bin(t, 1h)",
            "project l, s, q = tostring(d.k[0]) | sort by l",
            "summarize arg_max(t, *) by s | summarize count()",
            "top-nested 2 of s by count(), top-nested 1 of l by max(x)",
            "top-nested 2 of s with others = 'rest' by sum(l)",
            "make-series kind=nonempty n = count(), sum(l) on t from datetime(2026-02-20) to datetime(2026-03-05) step 1d",
            "project s, d = bag_pack('a', l, 'b', s) | evaluate bag_unpack(d) : (s:string, a:long)",
            "project b = tostring(b), s, l | evaluate pivot(b, sum(l), s) : (s:string, ['true']:long, ['false']:long)",
            "getschema | count"),
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
