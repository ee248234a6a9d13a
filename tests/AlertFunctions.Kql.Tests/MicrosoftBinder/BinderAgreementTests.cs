using AlertFunctions.Testing;
using AlertFunctions.Testing.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.MicrosoftBinder;

/// <summary>
/// Microsoft's own binder and this compiler agree: which queries are accepted, and which columns of which types they give.
/// Disagreements.txt holds the exceptions, each with its reason; NotSupported.txt what only the compiler refuses.
/// </summary>
public sealed class BinderAgreementTests(BinderAgreementTests.Answers answers) : IClassFixture<BinderAgreementTests.Answers>
{
    [Fact]
    public void AcceptedQueries_HaveTheSameColumns() => AssertAll(
        [.. QueryList.Read("Accepted.txt"), .. FunctionQueries.Accepted], IsAgreement, isExcepted: true);

    [Fact]
    public void RefusedQueries_AreRefusedByBoth() => AssertAll(
        [.. QueryList.Read("Refused.txt"), .. FunctionQueries.Refused],
        query => (Ours(query), Theirs(query)) switch
        {
            ("refused", "refused") => null,
            var (ours, theirs) => $"ours: {ours}\n  theirs: {theirs}",
        },
        isExcepted: true);

    [Fact]
    public void UnsupportedQueries_AreRefusedAsTheSupportTableSays()
    {
        var table = File.ReadAllText(Path.Combine(Repository.Root, "src", "AlertFunctions.Kql", "README.md"));
        AssertAll(QueryList.Read("NotSupported.txt"), query => Compiled(query).Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) switch
        {
            _ when Theirs(query) == "refused" => "Microsoft's binder refuses it as well",
            null => "the compiler accepts it",
            { Kind: not DiagnosticKind.NotSupported } fault => $"it is refused as a mistake: {fault.Message}",
            var fault when !table.Contains(fault.Message, StringComparison.Ordinal) && !table.Contains(Row(fault), StringComparison.Ordinal) => $"the support table does not say: {fault.Message}",
            _ => null,
        });
    }

    // A refused function or plugin is a row of a table: | `name` | why |.
    private static string Row(Diagnostic fault)
    {
        var parts = fault.Message.Split(['\'', ':'], 4, StringSplitOptions.TrimEntries);
        return parts.Length == 4 ? $"| `{parts[1]}` | {parts[3]} |" : fault.Message;
    }

    [Fact]
    public void Disagreements_HaveAReason_AndAreSome()
    {
        var reasons = QueryList.ReadWithReasons("Disagreements.txt");

        Assert.All(reasons, entry => Assert.True(entry.Reason.Length > 0, $"No reason is given for: {entry.Query}"));
        AssertAll([.. reasons.Select(r => r.Query)], query => IsAgreement(query) is null ? "both agree" : null);
    }

    [Fact]
    public void Queries_CoverMoreThanEachOperatorOnce() =>
        Assert.True(QueryList.Read("Accepted.txt").Count + FunctionQueries.Accepted.Count() > 1000);

    private static void AssertAll(IReadOnlyList<string> queries, Func<string, string?> fault, bool isExcepted = false)
    {
        Assert.SkipUnless(BinderProcess.IsAvailable, "Node and npm are not installed.");
        var except = isExcepted ? [.. QueryList.Read("Disagreements.txt"), .. QueryList.Read("NotSupported.txt")] : new HashSet<string>();
        var faults = queries.Where(q => !except.Contains(q)).Select(q => (Query: q, Fault: fault(q))).Where(f => f.Fault is not null).ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} of {queries.Count} queries:\n" + string.Join('\n', faults.Select(f => $"{f.Query}\n  {f.Fault}")));
    }

    private string? IsAgreement(string query)
    {
        var (ours, theirs) = (Ours(query), Theirs(query));
        return ours == theirs && ours != "refused" ? null : $"ours:   {Detail(ours, query)}\n  theirs: {theirs} {FirstError(query)}";
    }

    private static string Detail(string ours, string query) =>
        ours == "refused" ? $"{ours} {Compiled(query).Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error).Message}" : ours;

    private string FirstError(string query) => answers.ByQuery[query].Errors.FirstOrDefault()?.Message ?? "";

    private static CompiledQuery Compiled(string query) =>
        KqlCompiler.Compile(query, QueryTables.Catalog, new CompileOptions { Now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) });

    private static string Ours(string query) => Compiled(query) is { Succeeded: true } compiled
        ? string.Join(" | ", compiled.Results.Select(r => string.Join(", ", r.Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}"))))
        : "refused";

    private string Theirs(string query) => answers.ByQuery[query] is var answer && answer.Errors.Any()
        ? "refused"
        : string.Join(" | ", answer.Results.Select(r => string.Join(", ", r.Select(c => $"{c.Name}:{c.Type}"))));

    /// <summary>The binder's answers about all queries, from one run of Node.</summary>
    public sealed class Answers : IAsyncLifetime
    {
        internal IReadOnlyDictionary<string, BinderAnswer> ByQuery { get; private set; } = new Dictionary<string, BinderAnswer>();

        public async ValueTask InitializeAsync()
        {
            if (!BinderProcess.IsAvailable)
            {
                return;
            }

            var queries = new[] { "Accepted.txt", "Refused.txt", "NotSupported.txt", "Disagreements.txt" }.SelectMany(QueryList.Read)
                .Concat(FunctionQueries.Accepted)
                .Concat(FunctionQueries.Refused)
                .Distinct();
            var tables = QueryTables.All.Select(t => new BinderTable(t.Name, [.. t.Columns.Select(c => new BinderColumn(c.Name, c.Type.ToString().ToLowerInvariant()))]));
            var all = await BinderProcess.BindAsync(tables, queries.Select(q => new BinderQuery(q, q)), TestContext.Current.CancellationToken);
            ByQuery = all.ToDictionary(a => a.Name);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
