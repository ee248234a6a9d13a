using System.Diagnostics;
using System.Text.Json;
using AlertFunctions.Kql.Syntax;
using AlertFunctions.Testing;
using CsCheck;

namespace AlertFunctions.Kql.Tests.Syntax;

/// <summary>No text makes the parser throw, overflow the stack, or take more than time in proportion to its length.</summary>
public sealed class ParserRobustnessTests
{
    private static readonly string[] Words =
    [
        "T", "x", "|", "where", "extend", "summarize", "by", "join", "on", "(", ")", "[", "]", "{", "}", ",", ";", ":", "=",
        "==", "=>", "!", "in", "~", "has", "between", "..", "'a'", "\"", "'", "1", "1.5", "2h", "datetime(", "dynamic(", "let",
        "f", "-", "*", ".", "print", "union", "mv-apply", "scan", "step", "with", "declare", "order", "make-series", "from",
        "to", "top-nested", "of", "find", "search", "project", "parse", "fork", "partition", "datatable(", "a:long", "```",
        "//", "\n", "and", "or", "not(", "set", "evaluate", "render", "range", "externaldata",
    ];

    [Fact]
    public void Parse_AnyCharacters_GivesATree() =>
        Gen.String.Sample(text => KqlParser.Parse(text).Root is not null, iter: 2_000);

    [Fact]
    public void Parse_AnyWords_GivesATreeAndFaultsInsideTheText() =>
        Gen.Int[0, Words.Length - 1].Array[0, 60].Sample(
            indices =>
            {
                var text = string.Join(' ', indices.Select(i => Words[i]));
                var tree = KqlParser.Parse(text);
                return tree.Diagnostics.All(d => d.Span.Start >= 0 && d.Span.End <= text.Length)
                    && DiagnosticFormatter.Format("q", text, tree.Diagnostics) is not null;
            },
            iter: 5_000);

    [Fact]
    public void Parse_DocumentedQueries_HaveNoFault()
    {
        var path = Repository.Shared("kql-conformance", "dev.jsonl");
        Assert.SkipUnless(File.Exists(path), "../shared/kql-conformance is not there.");

        var faults = Examples(path)
            .SelectMany(e => KqlParser.Parse(e.Query).Diagnostics.Select(d => $"{e.Id}: {d.Message}"));

        Assert.Empty(faults);
    }

    [Fact]
    public void Parse_TruncatedQueries_GivesATree()
    {
        var path = Repository.Shared("kql-conformance", "dev.jsonl");
        Assert.SkipUnless(File.Exists(path), "../shared/kql-conformance is not there.");

        foreach (var (_, query) in Examples(path).Where((_, i) => i % 4 == 0))
        {
            for (var length = 0; length < query.Length; length += 7)
            {
                Assert.NotNull(KqlParser.Parse(query[..length]).Root);
            }
        }
    }

    public static TheoryData<string, string> DeepTexts { get; } = new()
    {
        { "parentheses", $"print {Repeat("(", 10_000)}1{Repeat(")", 10_000)}" },
        { "open parentheses", $"print {Repeat("(", 100_000)}" },
        { "open brackets", Repeat("[", 100_000) },
        { "calls", $"print {Repeat("f(", 10_000)}1{Repeat(")", 10_000)}" },
        { "dynamic", $"print dynamic({Repeat("[", 10_000)}{Repeat("]", 10_000)})" },
        { "functions", Repeat("let f = () { ", 10_000) },
        { "pipes", $"print 1 {Repeat("| mv-apply x on (where a ", 10_000)}" },
        { "joins", Repeat("T | join (", 10_000) },
        { "unions", Repeat("union (", 10_000) },
        { "minus and plus", $"print 1{Repeat(" + 1", 10_000)}" },
        { "members", $"print a{Repeat(".b", 10_000)}" },
        { "indices", $"print a{Repeat("[0]", 10_000)}" },
        { "tall operands in chains", NestedChains(200) },
        { "operators", $"T{Repeat(" | take 1", 10_000)}" },
        { "in lists", Repeat("print a in (", 10_000) },
        { "facets", Repeat("facet by a with (", 10_000) },
    };

    [Theory]
    [MemberData(nameof(DeepTexts))]
    public void Parse_DeepText_ReportsInsteadOfOverflowing(string kind, string text)
    {
        SyntaxTree? tree = null;
        var thread = new Thread(() => tree = KqlParser.Parse(text), maxStackSize: 1024 * 1024);
        thread.Start();
        thread.Join();

        Assert.True(tree!.Diagnostics.Length is > 0 and <= 100, kind);
    }

    [Fact]
    public void Parse_ThousandsOfAlternatives_MakeNoTallTree()
    {
        var text = $"T | where {string.Join(" or ", Enumerable.Range(0, 20_000).Select(i => $"a == {i}"))}";

        var tree = KqlParser.Parse(text);

        Assert.Empty(tree.Diagnostics);
    }

    [Fact]
    public void Parse_MillionCharacters_TakesBoundedTimeAndMemory()
    {
        var text = $"T | where a in ({string.Join(", ", Enumerable.Range(0, 100_000).Select(i => $"'{i:D8}'"))})";
        Assert.True(text.Length > 1_000_000);
        KqlParser.Parse("T | where a in ('b')");
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        var tree = KqlParser.Parse(text);

        // Measured at a fiftieth of the time; the limit only tells linear from quadratic.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore < 100_000_000);
        Assert.Empty(tree.Diagnostics);
    }

    [Theory]
    [InlineData("\"x")]
    [InlineData("|")]
    [InlineData("(a | ")]
    [InlineData("&")]
    [InlineData("a ")]
    [InlineData(";")]
    [InlineData("]")]
    [InlineData("let ")]
    [InlineData("datetime(")]
    [InlineData("(a,")]
    [InlineData("granny-")]
    public void Parse_MillionCharactersOfRubbish_StopsReportingAtAHundred(string unit)
    {
        var text = Repeat(unit, 1_000_000 / unit.Length);
        var watch = Stopwatch.StartNew();

        var tree = KqlParser.Parse(text);

        Assert.InRange(tree.Diagnostics.Length, 1, 100);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    private static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));

    /// <summary>Chains of 200 additions whose first operand is such a chain: each is no deeper than allowed, together they are.</summary>
    private static string NestedChains(int levels)
    {
        var chain = Repeat("+1", 200);
        return $"print {Repeat("(", levels)}1{Repeat($"{chain})", levels)}";
    }

    private static IEnumerable<(string Id, string Query)> Examples(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var example = JsonDocument.Parse(line);
            yield return (
                example.RootElement.GetProperty("id").GetString()!, example.RootElement.GetProperty("query").GetString()!);
        }
    }
}
