using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing.MicrosoftBinder;

namespace AlertFunctions.Detections.Tests;

/// <summary>
/// Microsoft's own binder accepts every query, as it is on file and as the evaluator sends it, and gives it the columns that the
/// detection names. What Log Analytics would refuse cannot be in the catalogue.
/// </summary>
public sealed class MicrosoftBinderTests(MicrosoftBinderTests.Answers answers) : IClassFixture<MicrosoftBinderTests.Answers>
{
    private static readonly TimeRange Interval = new(
        new DateTimeOffset(2026, 3, 2, 11, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Detections => Corpus.Detections;

    [Theory]
    [MemberData(nameof(Detections))]
    public void Query_AsOnFile_IsAccepted(string id) => AssertAccepted(id);

    [Theory]
    [MemberData(nameof(Detections))]
    public void Query_NarrowedToAnInterval_IsAccepted(string id) => AssertAccepted(Narrowed(id));

    [Theory]
    [MemberData(nameof(Detections))]
    public void Query_GivenATimeOfItsOwn_IsAccepted(string id) => AssertAccepted(Late(id));

    [Fact]
    public void Query_OfTheProductsOwnDetection_IsAccepted() => AssertAccepted(OwnDetections.SilentTables(Corpus.Catalogue)!.Id);

    [Theory]
    [MemberData(nameof(Detections))]
    public void Result_HasTheColumnsThatTheDetectionNames(string id)
    {
        var detection = Corpus.Detection(id);

        var columns = AnswerOf(id).Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);

        string?[] named =
        [
            .. detection.Identity,
            .. detection.Labels,
            .. detection.CustomDetails.Values,
            .. detection.EntityMappings.SelectMany(e => e.FieldMappings).Select(f => f.ColumnName),
            .. AlertText.ColumnsOf(detection.TitleFormat ?? "").Select(c => c.Column),
            .. AlertText.ColumnsOf(detection.DescriptionFormat ?? "").Select(c => c.Column),
            detection.SeverityColumn,
        ];
        Assert.Equal([], named.OfType<string>().Except(columns));
    }

    [Fact]
    public void Binder_UnknownColumn_IsRefused()
    {
        Assert.SkipUnless(BinderProcess.IsAvailable, "Node and npm are not installed.");
        var answer = answers.ByName["a query that is wrong"];

        var diagnostic = Assert.Single(answer.Diagnostics);
        Assert.Equal(("KS142", 2, 9), (diagnostic.Code, diagnostic.Line, diagnostic.Column));
    }

    private static string Narrowed(string id) => $"{id}, narrowed";

    private static string Late(string id) => $"{id}, late";

    private void AssertAccepted(string name)
    {
        var diagnostics = AnswerOf(name).Diagnostics.Where(d => d.Severity is "Error" or "Warning").ToArray();
        Assert.True(diagnostics.Length == 0, $"{name}:\n{string.Join('\n', diagnostics.Select(d => $"{d.Line}:{d.Column} {d.Code} {d.Message}"))}");
    }

    private BinderAnswer AnswerOf(string name)
    {
        Assert.SkipUnless(BinderProcess.IsAvailable, "Node and npm are not installed.");
        return answers.ByName[name];
    }

    /// <summary>The binder's answers about all queries, from one run of Node.</summary>
    public sealed class Answers : IAsyncLifetime
    {
        internal IReadOnlyDictionary<string, BinderAnswer> ByName { get; private set; } = new Dictionary<string, BinderAnswer>();

        public async ValueTask InitializeAsync()
        {
            if (!BinderProcess.IsAvailable)
            {
                return;
            }

            var composer = new QueryComposer(Corpus.Catalogue);
            var queries = Corpus.Catalogue.Detections.SelectMany(d => new BinderQuery[]
            {
                new(d.Id, composer.Compose(d.Query.Text)),
                new(Narrowed(d.Id), composer.Compose(d.Query.Text, Interval)),
                new(Late(d.Id), QueryClock.Set(composer.Compose(d.Query.Text, Interval), Interval.End)),
            });
            var own = OwnDetections.SilentTables(Corpus.Catalogue)!;
            var answers = await BinderProcess.BindAsync(
                Tables(), [.. queries, new(own.Id, composer.Compose(own.Query.Text)), new("a query that is wrong", "Perf\n| where Absent > 1")], TestContext.Current.CancellationToken);
            ByName = answers.ToDictionary(a => a.Name);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static IEnumerable<BinderTable> Tables()
        {
            BinderColumn[] standard =
            [
                new("TenantId", "string"), new("TimeGenerated", "datetime"), new("Type", "string"), new("SourceSystem", "string"),
                new("_ResourceId", "string"), new("_SubscriptionId", "string"),
            ];
            foreach (var path in Directory.EnumerateFiles(Corpus.SchemaFolder!, "*.json"))
            {
                using var schema = JsonDocument.Parse(File.ReadAllText(path));
                var columns = schema.RootElement.GetProperty("columns").EnumerateArray()
                    .Select(c => new BinderColumn(c.GetProperty("name").GetString()!, c.GetProperty("type").GetString()!));
                yield return new BinderTable(
                    schema.RootElement.GetProperty("table").GetString()!, [.. columns.Concat(standard).DistinctBy(c => c.Name)]);
            }
        }
    }
}
