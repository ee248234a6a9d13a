using AlertFunctions.Kql.Functions;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>Operators that apply to the current columns.</summary>
internal sealed partial class QueryWriter
{
    /// <summary>The next operator; null where the columns have nothing for the one chosen.</summary>
    private string? Operator() => _random.Next(36) switch
    {
        0 or 1 or 2 => $"where {Expression(KqlType.Bool)}",
        3 or 4 => $"extend {List(3, () => $"{(Chance(4) ? Column(_ => true) ?? "z" : NewName())} = {AnyExpression()}")}",
        5 => $"extend {AnyExpression()}",
        6 or 7 => $"project {List(4, ProjectItem)}, {Column(_ => true) ?? "1"}",
        8 => $"project-away {Column(_ => true) ?? "*"}",
        9 => $"project-rename {NewName()} = {Column(_ => true) ?? "z"}",
        10 => $"project-reorder {Any("*", Column(_ => true) ?? "*")} {Any("", "asc", "desc", "granny-asc")}",
        11 => $"project-keep {Column(_ => true) ?? "*"}, {Column(_ => true) ?? "*"}",
        12 or 13 or 14 => $"summarize {Hint()}{List(3, () => (Chance(2) ? $"{NewName()} = " : "") + Aggregate())}{By()}",
        15 => $"summarize by {List(3, Key)}",
        16 => $"distinct {(Chance(4) ? "*" : List(3, Key))}",
        17 => Sorted(),
        18 => Unrepeatable($"{Sorted()} | {Window()}"),
        19 => Unrepeatable($"top {_random.Next(5)} by {Expression(AnyOf(TypeSet.Orderable), 1)} {Any("", "asc", "desc nulls first", "asc nulls last")}"),
        20 => Unrepeatable(Any($"take {_random.Next(4)}", $"sample {_random.Next(1, 4)}", $"sample-distinct 2 of {Key()}", $"top-hitters 2 of {Key()}", $"limit {_random.Next(4)}")),
        21 or 22 => Join(),
        23 => Lookup(),
        24 => $"union {Any("", Source("withsource"), "kind=outer ", "isfuzzy=true ")}{Any(Nested(2).Text, "U", "E", "m_table")}",
        25 => Expand(),
        26 => Apply(),
        27 => Parse(),
        28 => Series(),
        29 => Unrepeatable(Nest()),
        30 => Unrepeatable(Partition()),
        31 => Unrepeatable($"{Sorted()} | {Scan()}"),
        32 => Any("count", "getschema", "consume", "as A_1", "serialize", "invoke f_all()", "render table", "as hint.materialized=true A_2 | union A_2", "take 100"),
        33 => Evaluate(),
        34 => Any("extend pack_all()", "extend z = pack_all(true)", $"extend bag_pack_columns({Column(_ => true) ?? "1"})"),
        _ => $"search {Any("", "kind=case_sensitive ")}{Any("s == 'a'", "'a' or s has 'b'", "s:'a'")}",
    };

    private string End() => Any<Func<string>>(
        () => $"fork ({Any("count", "take 0")}) (where {Expression(KqlType.Bool)} | {Any("take 1", "count")})",
        () => $"facet by {Column(t => t is KqlType.Long or KqlType.String) ?? "z"} with ({Any("take 0", "count", "summarize count()")})",
        () => "getschema",
        () => "count")();

    private string Unrepeatable(string text)
    {
        IsRepeatable = false;
        return text;
    }

    private string ProjectItem() => Chance(2) ? Column(_ => true) ?? NewName() : $"{NewName()} = {AnyExpression()}";

    private string Hint() => Any("", "", "hint.strategy=shuffle ", "hint.num_partitions=3 ");

    private string By() => Chance(4) ? "" : $" by {List(2, Key)}";

    private string Key() => _random.Next(6) switch
    {
        0 => $"bin({Column(KqlType.DateTime) ?? "now()"}, {Any("1h", "1d")})",
        1 => $"{NewName()} = {Expression(AnyOf(TypeSet.NotDynamic), 2)}",
        2 => Expression(AnyOf(TypeSet.NotDynamic), 2),
        _ => Column(t => t != KqlType.Dynamic) ?? "1",
    };

    private string Sorted() =>
        $"{Any("sort", "order")} by {List(3, () => $"{(Chance(3) ? Expression(AnyOf(TypeSet.Orderable), 1) : Column(TypeSet.Orderable.Contains) ?? "1")} {Any("", "asc", "desc", "asc nulls last", "desc nulls first")}")}";

    private string Window() => Any<Func<string>>(
        () => $"extend {NewName()} = row_number({Any("", "0", "7", "1, prev(" + (Column(KqlType.Long) ?? "1") + ") != 1")})",
        () => $"extend {NewName()} = prev({Column(_ => true) ?? "1"}{Any("", ", 2", ", 1")})",
        () => $"where isnull(next({Column(_ => true) ?? "1"}))",
        () => $"extend {NewName()} = row_cumsum({Column(TypeSet.Number.Contains) ?? "1"}{Any("", $", {Expression(KqlType.Bool, 2)}")})",
        () => $"extend row_rank_{Any("dense", "min")}({Column(KqlType.Long) ?? "1"})",
        () => $"extend {NewName()} = row_window_session({Column(KqlType.DateTime) ?? "now()"}, 1d, 1h)",
        () => $"serialize {NewName()} = row_number()")();

    private string? Join()
    {
        var (right, columns) = Nested(2);
        var on = On(columns);
        return on is null
            ? null
            : $"join {Any("kind=inner ", "kind=leftouter ", "kind=rightouter ", "kind=fullouter ", "kind=leftsemi ", "kind=rightsemi ", "kind=leftanti ", "kind=rightanti ", "kind=anti ", Unrepeatable(""), Unrepeatable("kind=innerunique "))}{Any("", "hint.strategy=shuffle ", "hint.remote=left ", "hint.strategy=broadcast ")}{right} on {on}";
    }

    private string? Lookup()
    {
        var (right, columns) = Nested(1);
        return On(columns) is { } on ? $"lookup {Any("", "kind=inner ", "kind=leftouter ")}{right} on {on}" : null;
    }

    private string? On(IReadOnlyList<KqlColumn> right)
    {
        var pairs = _columns.SelectMany(l => right.Where(r => r.Type == l.Type && l.Type != KqlType.Dynamic).Select(r => (Left: l, Right: r))).ToList();
        if (pairs.Count == 0)
        {
            return null;
        }

        return List(2, () =>
        {
            var (l, r) = pairs[_random.Next(pairs.Count)];
            return l.Name == r.Name ? Reference(l) : $"$left.{Reference(l)} == $right.{Reference(r)}";
        });
    }

    private string Expand() =>
        $"mv-expand {Any("", "", "kind=array ", "bagexpansion=array ", Source("with_itemindex"))}{List(2, () => Any(
            Column(KqlType.Dynamic) ?? "d",
            $"{NewName()} = {Expression(KqlType.Dynamic)}",
            $"{Column(KqlType.Dynamic) ?? "d"} to typeof({Any("long", "string", "real", "datetime", "dynamic", "bool", "guid", "timespan")})"))}{Any("", "", " limit 2")}";

    private string Apply()
    {
        var outer = _columns;
        var item = $"e{++_names}";
        var type = Any(KqlType.Dynamic, KqlType.Long, KqlType.String);
        _columns = [.. outer, new KqlColumn(item, type)];
        var inner = Any<Func<string>>(
            () => $"where {Expression(KqlType.Bool, 1)}",
            () => $"summarize {List(2, () => $"{NewName()} = {Aggregate()}")}",
            () => $"summarize {NewName()} = make_list({item}), {NewName()} = count() by {item}_k = tostring({item})",
            () => $"extend {NewName()} = {Expression(AnyType(), 1)} | take 2",
            () => $"order by tostring({item}) asc | take 1",
            () => $"project {NewName()} = {item}",
            () => $"top 1 by tostring({item})",
            () => "count")();
        _columns = outer;
        IsRepeatable = false;
        return $"mv-apply {Any("", Source("with_itemindex"))}{item} = {Any(Column(KqlType.Dynamic) ?? "c_list", Expression(KqlType.Dynamic, 1))} to typeof({type.ToString().ToLowerInvariant()}) on ({inner})";
    }

    private string Parse()
    {
        var text = Column(KqlType.String) ?? "s";
        return Any<Func<string>>(
            () => $"parse {Any("", "kind=relaxed ")}{text} with {Any("", "* ")}'{Any("a", "-", " ", "k=")}' {NewName()}{Any("", ":long", ":real", ":datetime")} {Any("", "*", "' ' *", $"' ' {NewName()}")}",
            () => $"parse-where {text} with {Any("", "* ")}'{Any("a", "-", " ")}' {NewName()}{Any("", ":long")} {Any("", "*")}",
            () => $"parse kind=regex {Any("", "flags=Ui ", "flags=i ")}{text} with {Any("'a+'", "@'\\W*'", "'(?:x|a)'")} {NewName()}{Any("", ":long")} {Any("", "'b'", "*")}",
            () => $"parse-kv {text} as ({NewName()}:string, {NewName()}:long) with ({Any("pair_delimiter=',', kv_delimiter='='", "pair_delimiter=' ', kv_delimiter=':', quote='\"'", "regex=@'(\\w+)=(\\w+)'")})")();
    }

    private string Series() => Any<Func<string>>(
        () => $"make-series {Any("", "n = ")}{Any("count()", $"sum({Column(TypeSet.Number.Contains) ?? "1"})", $"avg({Column(KqlType.Real) ?? "1.5"}) default=real(null)", $"dcount({Column(t => t != KqlType.Dynamic) ?? "1"})")} on {Column(KqlType.DateTime) ?? "t"} {Any("from datetime(2026-02-20) to datetime(2026-03-05) ", "")}step {Any("1d", "36h")}{Any("", $" by {Column(t => t is not (KqlType.Dynamic or KqlType.DateTime)) ?? "s"}", " by b2 = 1 > 0")}",
        () => $"where {Column(KqlType.Long) ?? "1"} between (-100 .. 100) | make-series c_n = count() on {Column(KqlType.Long) ?? "l"} from -5 to 10 step 5")();

    private string Nest() =>
        $"top-nested {Any("2 ", "", "1 ")}of {Column(t => t != KqlType.Dynamic) ?? "s"} by {Any("count()", $"max({Column(TypeSet.Number.Contains) ?? "1"})", "m = dcount(1)")}{Any("", " asc")}{Any("", $", top-nested 1 of {Column(t => t != KqlType.Dynamic) ?? "s"} by {Any("count()", "ignore = max(1)")}")}";

    private string Partition()
    {
        var key = Column(t => t is KqlType.String or KqlType.Long or KqlType.Bool or KqlType.DateTime) ?? "s";
        return $"partition {Any("", "hint.strategy=native ", "hint.strategy=legacy ", "hint.strategy=shuffle ")}by {key} ({Any<Func<string>>(
            () => $"top 1 by {Column(TypeSet.Orderable.Contains) ?? "1"}",
            () => $"summarize {Aggregate()}{By()}",
            () => $"where {Expression(KqlType.Bool, 1)} | take 2",
            () => $"{Sorted()} | {Window()}",
            () => $"project {List(3, ProjectItem)}",
            () => "count")()})";
    }

    private string Scan() => Any(
        $"scan {Source("with_match_id")}declare (n{_names}:long = 0) with (step s1: true => n{_names} = s1.n{_names} + 1;)",
        $"scan {Source("with_match_id")}declare (x{_names}:{Any("long", "string")}) with (step s1 {Any("", "output=all", "output=last")}: {Expression(KqlType.Bool, 2)}; step s2: {Expression(KqlType.Bool, 2)};)");

    private string Evaluate()
    {
        var text = Column(KqlType.String) ?? "s";
        return Any(
            $"project s1 = {text}, d1 = {Expression(KqlType.Dynamic)} | evaluate bag_unpack(d1{Any("", ", 'p_'")}) : (s1:string, {Any("k:string", "p_k:string, p_n:dynamic", "n:long")})",
            $"project s1 = {text}, b1 = tostring({Expression(KqlType.Bool)}), l1 = tolong({Expression(KqlType.Long)}) | evaluate pivot(b1, {Any("sum(l1)", "count()", "max(l1)")}, s1) : (s1:string, ['true']:long, ['false']:long)");
    }
}
