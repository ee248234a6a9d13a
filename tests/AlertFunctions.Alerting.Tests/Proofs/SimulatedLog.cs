using System.Globalization;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Proofs;

/// <summary>A record of something that happened: when, the ingestion time that it bears, and when queries begin to see it.</summary>
internal sealed record SimulatedRecord(string Name, DateTimeOffset Happened, DateTimeOffset Ingested, DateTimeOffset Visible);

/// <summary>
/// A log service that holds a simulated day's records and reads of a query what matters here: the ingestion interval that the
/// evaluator puts in front of it, or the time range of the request.
/// </summary>
internal sealed partial class SimulatedLog(IReadOnlyList<SimulatedRecord> records) : IQueryEngine
{
    public static Detection Detection { get; } = Some.Detection("sim/happened") with
    {
        QueryPeriod = TimeSpan.FromHours(2),
        Query = Some.Detection().Query with { Text = "Events | where TimeGenerated > ago(2h)" },
    };

    public static DetectionCatalogue Catalogue { get; } = new([Detection], [], ["Events"], []);

    /// <summary>Every so often the service fails instead of answering; null for never.</summary>
    public Func<QueryOutcome?> Trouble { get; set; } = () => null;

    /// <summary>A seeded day of events: each late by up to so much, every third twice, and seen up to five minutes after the ingestion time it bears.</summary>
    public static SimulatedLog Day(int seed, int events, TimeSpan length, TimeSpan lateness)
    {
        var random = new Random(seed);
        var records = new List<SimulatedRecord>();
        for (var i = 0; i < events; i++)
        {
            var happened = Some.Noon + (length * random.NextDouble());
            for (var copy = 0; copy < (i % 3 == 0 ? 2 : 1); copy++)
            {
                var ingested = happened + (lateness * random.NextDouble());
                records.Add(new SimulatedRecord($"e{i:0000}", happened, ingested, ingested + TimeSpan.FromSeconds(random.Next(0, 300))));
            }
        }

        return new SimulatedLog(records);
    }

    public IReadOnlyList<SimulatedRecord> Records => records;

    public Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Trouble() is { } trouble)
        {
            return Task.FromResult(trouble);
        }

        var interval = Interval().Match(request.Query);
        var from = Time(interval.Groups["from"].Value);
        var to = Time(interval.Groups["to"].Value);
        return Task.FromResult<QueryOutcome>(new QueryAnswer(Some.Table(
            ["TimeGenerated:datetime", "Name"],
            [.. Seen(request.VisibleAt ?? request.Now)
                .Where(r => r.Ingested >= from && r.Ingested < to && r.Happened > request.Now.AddHours(-2))
                .Select(r => new object?[] { r.Happened, r.Name })])));
    }

    public IEnumerable<SimulatedRecord> Seen(DateTimeOffset at) => records.Where(r => r.Visible <= at);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex(@"ingestion_time\(\) >= datetime\((?<from>[^)]+)\) and ingestion_time\(\) < datetime\((?<to>[^)]+)\)")]
    private static partial Regex Interval();
}
