using System.Globalization;
using System.Text.RegularExpressions;
using AlertFunctions.Testing.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>
/// What holds for every well-typed query: the engine takes its SQL and gives values of the columns' types; Microsoft's binder says the
/// same of it; written in another way it gives the same rows. <c>KQL_SEEDS=1000..2000</c> searches elsewhere and longer.
/// </summary>
public sealed class QueryWriterTests(PropertyWorkspace workspace) : IClassFixture<PropertyWorkspace>
{
    private static readonly IReadOnlyList<int> Seeds = ReadSeeds(Environment.GetEnvironmentVariable("KQL_SEEDS") ?? "0..200");

    [Fact]
    public async Task Query_WellTyped_GivesValuesOfItsTypes()
    {
        var faults = new List<string>();
        foreach (var seed in Seeds)
        {
            var query = new QueryWriter(workspace.Catalog, seed).Write();
            var compiled = workspace.Compile(query);
            Assert.True(compiled.Succeeded, query);
            foreach (var result in compiled.Results)
            {
                await CollectAsync(faults, seed, query, async () =>
                {
                    await workspace.RowsAsync(compiled, result);
                    return null;
                });
            }
        }

        AssertNone(faults);
    }

    [Fact]
    public async Task Query_WellTyped_HasTheColumnsThatMicrosoftsBinderSays()
    {
        Assert.SkipUnless(BinderProcess.IsAvailable, "Node and npm are not installed.");
        var queries = new Dictionary<string, int>();
        foreach (var seed in Seeds)
        {
            var writer = new QueryWriter(workspace.Catalog, seed);
            queries.TryAdd(writer.Write(), seed);
            writer.Refused.ForEach(refused => queries.TryAdd(refused, seed));
        }

        // The catalog lists the tables that hold rows; E holds none.
        var tables = PropertyWorkspace.Tables
            .Select(t => workspace.Catalog.TryGetTable(t.Name, out var known) ? known : throw new InvalidOperationException($"There is no table {t.Name}."))
            .Select(t => new BinderTable(t.Name, [.. t.Columns.Select(c => new BinderColumn(c.Name, Name(c.Type)))]));
        var answers = await BinderProcess.BindAsync(tables, queries.Keys.Select(q => new BinderQuery(q, q)), TestContext.Current.CancellationToken);

        var faults = new List<string>();
        foreach (var answer in answers)
        {
            var compiled = workspace.Compile(answer.Name);
            var ours = compiled.Succeeded
                ? string.Join(" | ", compiled.Results.Select(r => string.Join(", ", r.Columns.Select(c => $"{c.Name}:{Name(c.Type)}"))))
                : "refused";
            var at = answer.Errors.FirstOrDefault() is { } error ? answer.Name[(error.Column - 1)..Math.Min(answer.Name.Length, error.Column + 60)] : "";
            var theirs = answer.Errors.Any() ? "refused" : string.Join(" | ", answer.Results.Select(r => string.Join(", ", r.Select(c => $"{c.Name}:{c.Type}"))));
            if (Numberless(ours) != Numberless(theirs) && !IsCountedOtherwise(answer.Name) && !answer.Errors.Any(e => IsOfNarrowerTypes(e.Message)))
            {
                faults.Add($"{queries[answer.Name]}: {answer.Name}\n  ours:   {ours} {(compiled.Succeeded ? "" : compiled.Diagnostics[0].Message)}\n  theirs: {theirs} {answer.Errors.FirstOrDefault()?.Message} at {at}");
            }
        }

        AssertNone(faults);
    }

    [Fact]
    public async Task Query_WrittenInAnotherWay_GivesTheSameRows()
    {
        var faults = new List<string>();
        foreach (var seed in Seeds)
        {
            var writer = new QueryWriter(workspace.Catalog, seed);
            var query = writer.Write();
            if (!writer.IsRepeatable || workspace.Compile(query).Results is not [_])
            {
                continue;
            }

            var predicate = writer.Predicate();
            await CollectAsync(faults, seed, query, () => CompareAsync(writer.Declared, query[writer.Declared.Length..], predicate));
        }

        AssertNone(faults);
    }

    private async Task<string?> CompareAsync(string declared, string query, string predicate)
    {
        var rows = await workspace.RowsAsync(declared + query);
        string[] same =
        [
            $"let V = ({query}); V",
            $"let V = materialize({query}); V",
            $"let V = () {{ {query} }}; V | where true",
            $"{query} | as hint.materialized=true V | where 1 == 1",
            $"union ({query})",
        ];
        foreach (var form in same)
        {
            var others = await workspace.RowsAsync(declared + form);
            if (!rows.SequenceEqual(others))
            {
                return Difference(form, rows, others);
            }
        }

        if (!workspace.Compile($"{declared}{query} | where {predicate}").Succeeded)
        {
            return null;
        }

        // A condition is true, false or null for each row.
        var parts = new List<string>();
        foreach (var condition in new[] { predicate, $"not({predicate})", $"isnull({predicate})" })
        {
            parts.AddRange(await workspace.RowsAsync($"{declared}{query} | where {condition}"));
        }

        parts.Sort(StringComparer.Ordinal);
        return rows.SequenceEqual(parts) ? null : Difference($"the parts by {predicate}", rows, parts);
    }

    private static string Difference(string form, IReadOnlyList<string> rows, IReadOnlyList<string> others) =>
        $"{form}\n  {rows.Count} rows: {string.Join(" // ", rows.Except(others).Take(3))}\n  {others.Count} rows: {string.Join(" // ", others.Except(rows).Take(3))}";

    private static async Task CollectAsync(List<string> faults, int seed, string query, Func<Task<string?>> check)
    {
        try
        {
            if (await check() is { } fault)
            {
                faults.Add($"{seed}: {query}\n  {fault}");
            }
        }
        catch (Exception fault) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            faults.Add($"{seed}: {query}\n  {fault.GetType().Name}: {fault.Message}");
        }
    }

    private static void AssertNone(List<string> faults) =>
        Assert.True(faults.Count == 0, $"{faults.Count} of {Seeds.Count} seeds:\n{string.Join('\n', faults)}");

    // The binder counts the columns without a name through the whole query, so that a later operator may name another one.
    private static string Numberless(string columns) => Regex.Replace(columns, @"\bColumn\d+", "Column");

    private static bool IsCountedOtherwise(string query) => Regex.IsMatch(query, @"\bColumn\d+");

    // The binder follows constants into dynamic values, whose kind is not theirs to have in the language; what is no array has no items.
    private static bool IsOfNarrowerTypes(string message) =>
        message == "A value of type string expected." || message.Contains("must be a dynamic", StringComparison.Ordinal) || message.Contains("must have the type", StringComparison.Ordinal)
        || message.Contains("is not compatible with arguments", StringComparison.Ordinal)
        || message.Contains("must have one of the types: int or long", StringComparison.Ordinal);

    private static string Name(KqlType type) => type.ToString().ToLowerInvariant();

    private static IReadOnlyList<int> ReadSeeds(string range)
    {
        var ends = range.Split("..").Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return [.. Enumerable.Range(ends[0], ends[1] - ends[0])];
    }
}
