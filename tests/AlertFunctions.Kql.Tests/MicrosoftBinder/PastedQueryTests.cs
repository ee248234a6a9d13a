using AlertFunctions.Kql.Tests.Execution;
using AlertFunctions.Testing;
using AlertFunctions.Testing.MicrosoftBinder;
using AlertFunctions.Workspace;

namespace AlertFunctions.Kql.Tests.MicrosoftBinder;

/// <summary>Queries as people paste them, over the tables that a workspace has: they run, and have the columns that Microsoft's binder says.</summary>
public sealed class PastedQueryTests : IDisposable
{
    private const string Mark = "//# ";

    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { Threads = 1 });
    private readonly List<(string Title, string Text)> _queries = Read();

    [Fact]
    public async Task Queries_AreMoreThanSixty_AndRun()
    {
        Assert.True(_queries.Count > 60, $"{_queries.Count}");
        foreach (var (title, text) in _queries)
        {
            var compiled = Compile(text);
            Assert.True(compiled.Succeeded, $"{title}: {string.Join(", ", compiled.Diagnostics.Select(d => d.Message))}");
            foreach (var result in compiled.Results)
            {
                await using var reader = await _workspace.ExecuteAsync(compiled, result, TestContext.Current.CancellationToken);
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                {
                    Assert.All(Enumerable.Range(0, result.Columns.Count), column => reader.GetValue(column));
                }
            }
        }
    }

    [Fact]
    public async Task Queries_HaveTheColumnsThatMicrosoftsBinderSays()
    {
        Assert.SkipUnless(BinderProcess.IsAvailable, "Node and npm are not installed.");
        var tables = _queries.SelectMany(q => Compile(q.Text).Tables).Distinct().Select(Known);
        var answers = await BinderProcess.BindAsync(tables, _queries.Select(q => new BinderQuery(q.Title, q.Text)), TestContext.Current.CancellationToken);

        Assert.Equal(
            answers.Select(a => a.Errors.Any()
                ? $"{a.Name}: {a.Errors.First().Message}"
                : $"{a.Name}: {string.Join(" | ", a.Results.Select(r => string.Join(", ", r.Select(c => $"{c.Name}:{c.Type}"))))}"),
            _queries.Select(q =>
                $"{q.Title}: {string.Join(" | ", Compile(q.Text).Results.Select(r => string.Join(", ", r.Columns.Select(c => $"{c.Name}:{Name(c.Type)}"))))}"));
    }

    public void Dispose() => _workspace.Dispose();

    private CompiledQuery Compile(string text) => _workspace.Compile(text, new CompileOptions { Now = TestEngine.Now });

    // A table whose columns come with its records has the one that holds a log's line.
    private BinderTable Known(string name)
    {
        if (!_workspace.TryGetTable(name, out var table))
        {
            throw new InvalidOperationException($"There is no table {name}.");
        }

        var columns = table.Columns.Select(c => new BinderColumn(c.Name, Name(c.Type)));
        return new BinderTable(name, [.. columns, .. table.IsOpen ? [new BinderColumn("log_s", "string")] : Array.Empty<BinderColumn>()]);
    }

    private static string Name(KqlType type) => type.ToString().ToLowerInvariant();

    private static List<(string Title, string Text)> Read()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "tests", "AlertFunctions.Kql.Tests", "MicrosoftBinder", "Pasted.kql"));
        return [.. file.ReplaceLineEndings("\n").Split($"\n{Mark}").Skip(1).Select(q => q.Split('\n', 2)).Select(q => (q[0], q[1].TrimEnd('\n')))];
    }
}
