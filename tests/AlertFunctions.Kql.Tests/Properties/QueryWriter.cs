using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>
/// Writes random queries that are well typed: behind each operator the compiler tells which columns the next one may name.
/// Equal seeds give equal queries.
/// </summary>
internal sealed partial class QueryWriter
{
    private static readonly CompileOptions Options = new() { Now = Execution.TestEngine.Now };

    private readonly IKqlCatalog _catalog;
    private readonly Random _random;
    private readonly string _declarations;
    private IReadOnlyList<KqlColumn> _columns = [];
    private int _names;
    private int _depth;

    public QueryWriter(IKqlCatalog catalog, int seed)
    {
        _catalog = catalog;
        _random = new Random(seed);
        _declarations = Declarations();
    }

    /// <summary>Whether the query gives the same rows each time, whatever the order in which the engine reads them.</summary>
    public bool IsRepeatable { get; private set; } = true;

    /// <summary>What the compiler refused on the way, though it was meant to be well typed.</summary>
    public List<string> Refused { get; } = [];

    public IReadOnlyList<KqlColumn> Columns => _columns;

    public string Declared => _declarations;

    public string Write()
    {
        var text = Tabular(_random.Next(1, 6));
        var end = Chance(8) ? End() : null;
        return end is not null && TryRead($"{text} | {end}") ? $"{_declarations}{text} | {end}" : $"{_declarations}{text}";
    }

    /// <summary>A condition on the columns of the query last written.</summary>
    public string Predicate() => Expression(KqlType.Bool);

    /// <summary>A source and operators; their columns become the current ones.</summary>
    private string Tabular(int operators)
    {
        var text = Source();
        for (var attempts = 0; operators > 0 && attempts < 12; attempts++)
        {
            var wasRepeatable = IsRepeatable;
            if (Operator() is { } next && TryRead($"{text} | {next}"))
            {
                text = $"{text} | {next}";
                operators--;
            }
            else
            {
                IsRepeatable = wasRepeatable;
            }
        }

        return text;
    }

    /// <summary>A table in parentheses, and its columns, which are not the current ones.</summary>
    private (string Text, IReadOnlyList<KqlColumn> Columns) Nested(int operators)
    {
        var outer = _columns;
        _depth++;
        var text = Tabular(_depth > 2 ? 0 : operators);
        _depth--;
        var columns = _columns;
        _columns = outer;
        return ($"({text})", columns);
    }

    /// <summary>Takes the columns of a query for the current ones. False where it does not compile.</summary>
    private bool TryRead(string text)
    {
        var compiled = KqlCompiler.Compile(_declarations + text, _catalog, Options);
        if (compiled is { Succeeded: true, Results: [var first, ..] })
        {
            _columns = first.Columns;
            return true;
        }

        if (compiled.Diagnostics.All(d => d.Kind != DiagnosticKind.NotSupported))
        {
            Refused.Add(_declarations + text);
        }

        return false;
    }

    private string Source()
    {
        var text = Any<Func<string>>(
            () => "T", () => "T", () => "T", () => "T", () => "U", () => "E", () => "table('T')",
            () => $"datatable(a:long, s:string, d:dynamic)[1, 'x', dynamic([1, 2]), long(null), '', dynamic(null), -3, 'a b', dynamic({{\"k\": 1}})]",
            () => "datatable(l:long, s:string)[]",
            () => $"range l from {Any("1", "-3", "0")} to {Any("4", "0")} step {Any("1", "2")}",
            () => "range t from datetime(2026-03-01) to datetime(2026-03-02) step 6h",
            () => $"print {Expression(KqlType.Long)}, a = {Expression(AnyType())}",
            () => $"union {Any("", Source("withsource"), "kind=outer ", "isfuzzy=true ")}T, {Any("U", "E", "T")}",
            () => $"union {Any("", Source("withsource"))}{Any("T*", "U, E")}",
            () => $"union {Nested(1).Text}, {Nested(2).Text}",
            () => $"search in ({Any("T", "T, U")}) {Any("'xyz'", "s has 'a'", "'a' and s startswith 'a'", "*")}",
            () => $"find {Any("", Source("withsource"))}in ({Any("T, U", "T", "T*, E")}) where {Any("s has 'a'", "l > 0", "s == '' or l < 3")} project s, l",
            () => "m_table",
            () => "f_table(T)",
            () => "v_table",
            () => Nested(2).Text)();
        if (!TryRead(text))
        {
            text = "T";
            TryRead(text);
        }

        return text;
    }

    // Functions, views and constants that queries may use.
    private static string Declarations() => """
        let c_long = 3; let c_text = 'a'; let c_list = dynamic(['a', 'A-b_c', 1]);
        let f_long = (x:long, y:long = 2) { x * y - 1 };
        let f_text = (x:string) { let u = toupper(x); strcat(u, '-', c_text) };
        let f_table = (r:(s:string, l:long)) { r | where isnotnull(l) | project s, l, z = strcat(s, l) };
        let f_all = (r:(*)) { r | extend f_1 = 1 };
        let v_table = view () { T | summarize n = count() by s };
        let m_table = materialize(T | where l > 0);
        let n_rows = toscalar(T | count);

        """.ReplaceLineEndings(" ");

    private string Source(string word) => $"{word}=c{++_names} ";

    private KqlType AnyType() => Any(Enum.GetValues<KqlType>());

    private T Any<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    private bool Chance(int of) => _random.Next(of) == 0;

    /// <summary>One to so many of something, with commas between.</summary>
    private string List(int most, Func<string> item)
    {
        var text = new StringBuilder(item());
        for (var count = _random.Next(most); count > 0; count--)
        {
            text.Append(", ").Append(item());
        }

        return text.ToString();
    }

    /// <summary>A name that no column has, at times one that differs from another by its case or needs brackets.</summary>
    private string NewName()
    {
        var number = (++_names).ToString(CultureInfo.InvariantCulture);
        return Chance(12) ? $"['{number} x']" : Chance(12) ? $"{Any("S", "L", "D", "T")}" : $"c{number}";
    }

    private string? Column(KqlType type) => Column(t => t == type);

    private string? Column(Func<KqlType, bool> isMeant)
    {
        var meant = _columns.Where(c => isMeant(c.Type)).ToList();
        return meant.Count == 0 ? null : Reference(meant[_random.Next(meant.Count)]);
    }

    private static string Reference(KqlColumn column) =>
        column.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(column.Name[0]) && !Words.Contains(column.Name)
            ? column.Name
            : $"['{column.Name}']";

    private static readonly HashSet<string> Words = ["Type", "true", "false", "Count", "count", "by", "on", "of", "to", "in", "and", "or", "not", "has", "T", "E", "U"];
}
