using System.Text.RegularExpressions;
using AlertFunctions.Kql.Tests.Execution;
using AlertFunctions.Kql.Tests.MicrosoftBinder;
using CsCheck;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>
/// The queries that cover every operator and function, whole, cut off anywhere, and with their operators mixed: the compiler gives SQL
/// that DuckDB takes, or says what is wrong.
/// </summary>
public sealed partial class ListedQueryTests : IClassFixture<TestEngine>
{
    private static readonly IReadOnlyList<string> Queries =
        [.. QueryList.Read("Accepted.txt"), .. QueryList.Read("NotSupported.txt"), .. QueryList.Read("Disagreements.txt")];

    // What stands between the bars of the queries that begin with T.
    private static readonly string[] Operators =
        [.. QueryList.Read("Accepted.txt").Where(q => q.StartsWith("T | ", StringComparison.Ordinal)).SelectMany(q => Bar().Split(q[4..])).Distinct()];

    private readonly TestEngine _engine;

    public ListedQueryTests(TestEngine engine)
    {
        _engine = engine;
        foreach (var table in QueryTables.All)
        {
            engine.AddTable(table, QueryTables.Create(table));
        }
    }

    [Fact]
    public void Query_Whole_IsSqlThatDuckDbTakes() =>
        Assert.All([.. Queries, .. FunctionQueries.Accepted], query => Run(query));

    [Fact]
    public void Query_CutOff_GivesSqlOrFaults() => Assert.All(Queries, query =>
    {
        for (var length = 0; length < query.Length; length += 3)
        {
            _engine.Compile(query[..length]);
        }
    });

    [Fact]
    public void Query_OfMixedOperators_IsSqlThatDuckDbTakes() =>
        Gen.Int[0, Operators.Length - 1].Array[2, 4].Sample(
            places => Run($"T | {string.Join(" | ", places.Select(i => Operators[i]))}"),
            iter: 1_000,
            threads: 1,
            print: places => string.Join(" | ", places.Select(i => Operators[i])));

    [Fact]
    public void Query_OfDeepOrLongText_GivesFaultsOrSql()
    {
        string[] texts =
        [
            $"print {new string('(', 10_000)}1{new string(')', 10_000)}",
            $"T | where s in ({string.Join(", ", Enumerable.Range(0, 100_000).Select(i => $"'{i:D8}'"))})",
            $"T | where s has_any ({string.Join(", ", Enumerable.Range(0, 5_000).Select(i => $"'term{i}'"))})",
            $"T | where {string.Join(" or ", Enumerable.Range(0, 20_000).Select(i => $"l == {i}"))}",
            $"T | extend {string.Join(", ", Enumerable.Range(0, 2_000).Select(i => $"c{i} = l + {i}"))}",
        ];
        Assert.All(texts, text => Assert.NotNull(_engine.Compile(text)));
    }

    private void Run(string query)
    {
        var compiled = _engine.Compile(query);
        foreach (var result in compiled.Results)
        {
            _engine.Run(result);
        }
    }

    [GeneratedRegex(@"\s\|\s(?![^(]*\))")]
    private static partial Regex Bar();
}
