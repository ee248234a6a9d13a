using System.Text;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Testing;

namespace AlertFunctions.Kql.Tests;

/// <summary>
/// The support table of the compiler's README is made from the function table and from probes of the compiler; a test fails
/// where the two differ. UPDATE_GOLDEN=1 writes it anew.
/// </summary>
public sealed class SupportTableTests
{
    private const string Begin = "<!-- The rest is written by SupportTableTests: UPDATE_GOLDEN=1 writes it anew. -->";

    private static readonly string Readme = Path.Combine(Repository.Root, "src", "AlertFunctions.Kql", "README.md");

    private static readonly (string Title, IReadOnlyList<ScalarFunction> Functions)[] Families =
    [
        ("Conversions and choices", ConversionFunctions.All),
        ("Dates and times", DateTimeFunctions.All),
        ("Numbers", MathFunctions.All),
        ("Units (those that an agreement defines exactly)", ConvertFunctions.All),
        ("Strings, encodings, hashes", StringFunctions.All),
        ("Paths, records, addresses", ParseFunctions.All),
        ("Dynamic values", DynamicFunctions.All),
        ("Series", SeriesFunctions.All),
        ("Sketches (kept exactly)", SketchFunctions.All),
    ];

    // Each is a query of its own that the operator or function, as written, must make whole.
    private static readonly (string Name, string Query)[] Operators =
    [
        ("as", "print x=1 | as T"),
        ("consume", "print x=1 | consume"),
        ("count", "print x=1 | count"),
        ("datatable", "datatable(x:long)[1]"),
        ("declare query_parameters", "declare query_parameters(p:long = 1); print p"),
        ("distinct", "print x=1 | distinct x"),
        ("evaluate bag_unpack", "datatable(b:dynamic)[dynamic({'a':1})] | evaluate bag_unpack(b) : (a:long)"),
        ("evaluate activity_counts_metrics", "print id=1, t=now() | evaluate activity_counts_metrics(id, t, ago(1d), now(), 1h)"),
        ("evaluate dcount_intersect", "print x=1 | summarize h=hll(x) | evaluate dcount_intersect(h, h)"),
        ("evaluate ipv4_lookup", "print ip='10.0.0.1' | evaluate ipv4_lookup((print net='10.0.0.0/8'), ip, net)"),
        ("evaluate ipv6_lookup", "print ip='::1' | evaluate ipv6_lookup((print net='::/8'), ip, net)"),
        ("evaluate pivot", "print x='a' | evaluate pivot(x) : (a:long)"),
        ("evaluate rolling_percentile", "range x from 1 to 9 step 1 | extend y = x * 2 | evaluate rolling_percentile(y, 50, x, 3, 2)"),
        ("evaluate rows_near", "range x from 1 to 9 step 1 | evaluate rows_near(x == 4, 2)"),
        ("evaluate sliding_window_counts", "print id=1, t=now() | evaluate sliding_window_counts(id, t, ago(1d), now(), 3h, 1h)"),
        ("extend", "print x=1 | extend y=x"),
        ("externaldata", "externaldata(x:long)['https://example.org/x.csv']"),
        ("facet", "print x=1 | facet by x"),
        ("find", "find in (T) where x == 1"),
        ("fork", "print x=1 | fork (count) (take 1)"),
        ("getschema", "print x=1 | getschema"),
        ("graph operators (make-graph, graph-match, ...)", "print a=1, b=2 | make-graph a --> b"),
        ("invoke", "let f = (t:(x:long)) { t | count }; print x=1 | invoke f()"),
        ("join", "print x=1 | join kind=leftouter (print x=1) on x"),
        ("let", "let f = (a:long) { a + 1 }; print f(1)"),
        ("limit, take", "print x=1 | limit 1"),
        ("lookup", "print x=1 | lookup (print x=1, y=2) on x"),
        ("macro-expand", "macro-expand entity_group [cluster('c')] as s (s.T)"),
        ("make-series", "datatable(t:datetime)[datetime(2020-01-01)] | make-series count() on t from datetime(2020-01-01) to datetime(2020-01-02) step 1h"),
        ("mv-apply", "print a=dynamic([1]) | mv-apply a on (take 1)"),
        ("mv-expand", "print a=dynamic([1]) | mv-expand a"),
        ("parse", "print s='a=1' | parse s with 'a=' v:long"),
        ("parse-kv", "print s='a=1' | parse-kv s as (a:long)"),
        ("parse-where", "print s='a=1' | parse-where s with 'a=' v:long"),
        ("partition", "print x=1 | partition by x (take 1)"),
        ("print", "print 1"),
        ("project", "print x=1 | project x"),
        ("project-away", "print x=1, y=2 | project-away y"),
        ("project-by-names", "print x=1 | project-by-names 'x'"),
        ("project-keep", "print x=1, y=2 | project-keep x"),
        ("project-rename", "print x=1 | project-rename y=x"),
        ("project-reorder", "print x=1, y=2 | project-reorder y"),
        ("range", "range x from 1 to 2 step 1"),
        ("reduce", "print x='a' | reduce by x"),
        ("render", "print x=1 | render table"),
        ("sample", "print x=1 | sample 1"),
        ("sample-distinct", "print x=1 | sample-distinct 1 of x"),
        ("scan", "range x from 1 to 2 step 1 | scan declare (s:long=0) with (step s1: true => s = x + s1.s;)"),
        ("search", "search in (T) 'x'"),
        ("serialize", "print x=1 | serialize"),
        ("set", "set notruncation; print 1"),
        ("set query_now and others that change rows", "set query_now=datetime(2024-01-01); print 1"),
        ("sort, order", "print x=1 | sort by x"),
        ("summarize", "print x=1 | summarize count() by x"),
        ("top", "print x=1 | top 1 by x"),
        ("top-hitters", "print x=1 | top-hitters 1 of x"),
        ("top-nested", "print x=1 | top-nested 1 of x by count()"),
        ("union", "union withsource=s (print x=1), (print x=2)"),
        ("where, filter", "print x=1 | filter x == 1"),
    ];

    private static readonly (string Name, string Query)[] SpecialFunctions =
    [
        ("ago", "print ago(1d)"),
        ("arg_max", "print x=1, y=2 | summarize arg_max(x, *)"),
        ("arg_min", "print x=1, y=2 | summarize arg_min(x, y)"),
        ("bag_pack_columns", "print x=1, y=2 | extend b=bag_pack_columns(x, y)"),
        ("bin_auto", "set query_bin_auto_size=1h; print x=now() | summarize count() by bin_auto(x)"),
        ("column_ifexists", "print x=1 | extend y=column_ifexists('z', 0)"),
        ("column_names_of", "print column_names_of((print x=1))"),
        ("ingestion_time", "T | extend t=ingestion_time()"),
        ("materialize", "let m = materialize(print x=1); m"),
        ("next", "print x=1 | serialize y=next(x)"),
        ("now", "print now()"),
        ("pack_all", "print x=1 | extend p=pack_all()"),
        ("prev", "print x=1 | serialize y=prev(x)"),
        ("resource, workspace, app", "workspace('w').T"),
        ("row_cumsum", "print x=1 | serialize y=row_cumsum(x)"),
        ("row_number", "print x=1 | serialize y=row_number()"),
        ("row_rank", "print x=1 | serialize y=row_rank(x)"),
        ("row_rank_dense", "print x=1 | serialize y=row_rank_dense(x)"),
        ("row_rank_min", "print x=1 | serialize y=row_rank_min(x)"),
        ("row_window_session", "print x=now() | serialize y=row_window_session(x, 1h, 5m, false)"),
        ("table", "table('T')"),
        ("toscalar", "print toscalar(print 1)"),
        ("_GetWatchlist", "_GetWatchlist('W')"),
    ];

    // Forms of functions and operators that are otherwise supported.
    private static readonly (string Name, string Query)[] Forms =
    [
        ("arithmetic of two dynamic values", "print d=dynamic({'a':1}) | project d.a * d.a"),
        ("estimate_data_size of a dynamic value", "print d=dynamic(1) | project estimate_data_size(d)"),
        ("evaluate bag_unpack without a schema, where no data are at hand", "datatable(b:dynamic)[dynamic({'a':1})] | evaluate bag_unpack(b)"),
        ("evaluate pivot without a schema, where no data are at hand", "print x='a' | evaluate pivot(x)"),
        ("facet or fork before another operator", "print x=1 | fork (count) (take 1) | count"),
        ("find with columns and pack(*)", "find in (T) where x == 1 project x, pack(*)"),
        ("join and other operators of whole tables within partition", "print x=1 | partition by x (join (T) on x)"),
        ("make-series kind=nonempty with by", "print t=now(), s='a' | make-series kind=nonempty count() on t from ago(1d) to now() step 1h by s"),
        ("mv-apply that gives another value to a column of the input", "print s='a', d=dynamic([1]) | mv-apply x=d on (extend s = 'b')"),
        ("negated comparison with any column", "T | where * !has 'x'"),
        ("partition ... { query }", "print x=1 | partition by x { T | take 1 }"),
        ("percentile of strings", "print s='a' | summarize percentile(s, 50)"),
        ("regular expressions with \\<, \\> or \\b{...}", "print 'a' matches regex @'\\<a'"),
        ("regular expressions with the flags x, R or u", "print 'a' matches regex @'(?x)a'"),
        ("regular expressions with the operations &&, -- or ~~ on classes", "print 'a' matches regex @'[a-z&&[^b]]'"),
        ("search for a term that numbers or times may hold", "search in (T) '5'"),
        ("search over rows without a table's name", "T | count | search 'x'"),
        ("top-nested with others, of several levels", "T | top-nested 1 of s with others = 'x' by count(), top-nested 1 of x by count()"),
    ];

    [Fact]
    public void Readme_SupportTable_IsWhatTheCompilerSupports()
    {
        var text = File.ReadAllText(Readme);
        var at = text.IndexOf(Begin, StringComparison.Ordinal);
        var kept = at < 0 ? text.TrimEnd() + "\n\n" : text[..at];
        var expected = kept + Begin + "\n\n" + Table();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Readme, expected);
        }

        Assert.Equal(expected, File.ReadAllText(Readme));
    }

    [Fact]
    public void EveryFunctionOfTheLanguage_IsSupportedOrRefusedWithAReason()
    {
        var list = Repository.Shared("reference", "kql-functions.tsv");
        Assert.SkipUnless(File.Exists(list), "The list of the language's functions is not beside this repository.");
        var special = SpecialFunctions.SelectMany(probe => probe.Name.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // Older spellings that the binder knows, and any() of graphs, whose name the aggregate has too.
        string[] older = ["any", "argmax", "argmin", "columnifexists"];

        var missing = File.ReadLines(list).Skip(1)
            .Select(line => line.Split('\t'))
            .Where(fields => fields[0] is "scalar" or "aggregate")
            .Where(fields => !(fields[0] == "aggregate" ? FunctionTable.Aggregates.ContainsKey(fields[1]) : FunctionTable.Scalars.ContainsKey(fields[1])))
            .Select(fields => fields[1])
            .Where(name => !special.Contains(name) && !older.Contains(name) && !RefusedFunctions.TryGetReason(name, out _))
            .Distinct();

        Assert.Empty(missing);
    }

    private static string Table()
    {
        var table = new StringBuilder("## What is supported\n\n");
        AppendProbes(table, "Operators and statements", Operators);
        foreach (var (title, functions) in Families)
        {
            Append(table, title, functions.Select(f => (f.Name, f.Deprecated)));
        }

        Append(table, "Aggregates", AggregateFunctions.All.Select(f => (f.Name, f.Deprecated)));
        AppendProbes(table, "Functions that need the query around them", SpecialFunctions);
        AppendProbes(table, "Further forms", Forms);
        table.Append("### Refused plugins of evaluate\n\n| plugin | why |\n| --- | --- |\n");
        foreach (var (name, reason) in RefusedPlugins.All.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            table.Append($"| `{name}` | {reason} |\n");
        }

        table.Append('\n');
        table.Append("### Refused functions\n\n| function | why |\n| --- | --- |\n| `geo_*` | geospatial functions are not supported |\n");
        foreach (var (name, reason) in RefusedFunctions.All.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            table.Append($"| `{name}` | {reason} |\n");
        }

        return table.ToString();
    }

    private static void Append(StringBuilder table, string title, IEnumerable<(string Name, IReadOnlyList<string> Deprecated)> functions)
    {
        var names = functions
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => $"`{f.Name}`" + (f.Deprecated.Count == 0 ? "" : $" ({string.Join(", ", f.Deprecated.Select(older => $"`{older}`"))})"));
        table.Append($"### {title}\n\n{string.Join(", ", names)}.\n\n");
    }

    private static void AppendProbes(StringBuilder table, string title, (string Name, string Query)[] probes)
    {
        var verdicts = probes.Select(probe => (probe.Name, Fault: Fault(probe.Query))).ToList();
        table.Append($"### {title}\n\n{string.Join(", ", verdicts.Where(v => v.Fault is null).Select(v => $"`{v.Name}`"))}.\n\n");
        var refused = verdicts.Where(v => v.Fault is not null).ToList();
        if (refused.Count > 0)
        {
            table.Append("Refused:\n\n| what | the compiler says |\n| --- | --- |\n");
            refused.ForEach(v => table.Append($"| `{v.Name}` | {v.Fault} |\n"));
            table.Append('\n');
        }
    }

    private static string? Fault(string query) =>
        KqlCompiler.Compile(query, new ProbeCatalog(), new CompileOptions { Now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) })
            .Diagnostics
            .FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?
            .Message;

    private sealed class ProbeCatalog : IKqlCatalog
    {
        private static readonly TableSymbol Table =
            new("T", [new KqlColumn("TimeGenerated", KqlType.DateTime), new KqlColumn("x", KqlType.Long), new KqlColumn("s", KqlType.String)], false, "T");

        public IEnumerable<TableSymbol> Tables => [Table];

        public bool TryGetTable(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TableSymbol table)
        {
            table = name == "T" ? Table : null;
            return table is not null;
        }

        public bool TryGetFunction(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out FunctionSymbol function)
        {
            function = null;
            return false;
        }

        public bool TryGetWatchlist(string alias, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TableSymbol watchlist)
        {
            watchlist = Table;
            return true;
        }
    }
}
