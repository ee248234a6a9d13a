using AlertFunctions.Kql.Tests.Execution;
using CsCheck;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>What must hold for every query: it compiles, DuckDB takes it, and equivalent forms give the same rows.</summary>
public sealed class RandomQueryTests : IClassFixture<TestEngine>
{
    private const int Queries = 200;

    private readonly TestEngine _engine;

    public RandomQueryTests(TestEngine engine)
    {
        _engine = engine;
        KqlColumn[] columns =
        [
            new("l", KqlType.Long), new("i", KqlType.Int), new("x", KqlType.Real), new("s", KqlType.String), new("b", KqlType.Bool),
            new("t", KqlType.DateTime), new("p", KqlType.TimeSpan), new("d", KqlType.Dynamic),
        ];
        engine.AddTable(
            new TableSymbol("R", columns, false, "R"),
            "CREATE OR REPLACE TABLE R (l BIGINT, i INTEGER, x DOUBLE, s VARCHAR NOT NULL, b BOOLEAN, t BIGINT, p BIGINT, d VARCHAR, \"$ingestion\" BIGINT)",
            """
            INSERT INTO R VALUES
              (1, 2, 1.5, 'a b', true, 639080000000000000, 36000000000, '{"k":"v","n":2}', 639080000000000000),
              (2, -1, 'NaN', 'a', false, 639080100000000000, -1, '{"k":["x"],"n":1.5}', 639080100000000000),
              (9223372036854775807, 2147483647, 'Infinity', '', NULL, 639080200000000000, 9223372036854775807, '[1,2]', 639080200000000000),
              (NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, 639080300000000000),
              (-9223372036854775807, -2147483648, -0.0, 'A-b_c', true, 0, 0, '"text"', 639080400000000000),
              (1, 2, 1.5, 'a b', true, 639080000000000000, 36000000000, '{"k":"v","n":2}', 639080000000000000)
            """);
    }

    [Fact]
    public void Query_WellTyped_RunsWithoutAFault() =>
        RandomQuery.Query.Sample(
            query =>
            {
                var rows = _engine.Rows(query);
                Assert.NotNull(rows);
            },
            iter: Queries,
            threads: 1,
            print: query => query);

    [Fact]
    public void Where_BeforeOrAfterProject_GivesTheSameRows() =>
        RandomQuery.Predicate.Sample(
            predicate => Assert.Equal(
                Sorted($"R | where {predicate} | project l, s, x"),
                Sorted($"R | extend keep = {predicate} | where keep | project l, s, x")),
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    [Fact]
    public void FindAndSearch_OfOneTable_GiveTheRowsOfWhere() =>
        RandomQuery.Predicate.Sample(
            predicate =>
            {
                var rows = Sorted($"R | where {predicate} | project l, s");
                Assert.Equal(rows, Sorted($"find in (R) where {predicate} project l, s | project l, s"));
                Assert.Equal(rows, Sorted($"search in (R) {predicate} | project l, s"));
            },
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    [Fact]
    public void Partition_WithSummarize_GivesTheRowsOfSummarizeBy() =>
        RandomQuery.Predicate.Sample(
            predicate => Assert.Equal(
                Sorted($"R | where {predicate} | summarize n = count(), m = max(l) by s"),
                Sorted($"R | where {predicate} | partition hint.strategy=native by s (summarize n = count(), m = max(l) by s)")),
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    [Fact]
    public void Summarize_WithHints_GivesTheSameRows() =>
        RandomQuery.Predicate.Sample(
            predicate => Assert.Equal(
                Sorted($"R | where {predicate} | summarize count(), max(t) by s, b"),
                Sorted($"R | where {predicate} | as hint.materialized=true Q | summarize hint.strategy=shuffle hint.num_partitions=4 count(), max(t) by s, b")),
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    [Fact]
    public void Where_NegatedTwice_GivesTheSameRows() =>
        RandomQuery.Predicate.Sample(
            predicate => Assert.Equal(Sorted($"R | where {predicate} | project l, s"), Sorted($"R | where not(not({predicate})) | project l, s")),
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    [Fact]
    public void Join_SidesSwapped_GivesTheSameRows() =>
        RandomQuery.Predicate.Sample(
            predicate => Assert.Equal(
                Sorted($"R | where {predicate} | join kind=inner hint.strategy=shuffle (R | project s, other = l) on s | project l, s, other"),
                Sorted($"R | project s, other = l | join kind=inner (R | where {predicate}) on s | project l, s, other")),
            iter: Queries,
            threads: 1,
            print: predicate => predicate);

    private List<string> Sorted(string query) => [.. _engine.Rows(query).Order(StringComparer.Ordinal)];
}
