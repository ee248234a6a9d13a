using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;

namespace AlertFunctions.Alerting.State;

/// <summary>An <see cref="AlertRecord"/> as it is stored: short names, nothing that is absent or that its pack says, times as ticks in UTC.</summary>
internal sealed record AlertDocument
{
    [JsonPropertyName("k")]
    public required string Fingerprint { get; init; }

    [JsonPropertyName("v")]
    public int Severity { get; init; }

    [JsonPropertyName("r")]
    public bool Resolved { get; init; }

    [JsonPropertyName("e")]
    public bool IsEvent { get; init; }

    [JsonPropertyName("l")]
    public required Dictionary<string, string> Labels { get; init; }

    [JsonPropertyName("t")]
    public required string Title { get; init; }

    [JsonPropertyName("d")]
    public string? Description { get; init; }

    [JsonPropertyName("b")]
    public long StartsAt { get; init; }

    [JsonPropertyName("s")]
    public long LastSeenAt { get; init; }

    [JsonPropertyName("c")]
    public long Count { get; init; }

    [JsonPropertyName("a")]
    public long RecordedAt { get; init; }

    [JsonPropertyName("z")]
    public long SeenAt { get; init; }

    [JsonPropertyName("x")]
    public long? ResolvedAt { get; init; }

    [JsonPropertyName("n")]
    public int Episode { get; init; }

    [JsonPropertyName("f")]
    public long[]? Firings { get; init; }

    [JsonPropertyName("o")]
    public Dictionary<string, DeliveryDocument>? Deliveries { get; init; }

    [JsonPropertyName("h")]
    public HeldDocument? Held { get; init; }

    [JsonPropertyName("q")]
    [JsonConverter(typeof(EvidenceJson))]
    public QueryTable? Rows { get; init; }

    [JsonPropertyName("w")]
    public Acknowledgement? Acknowledged { get; init; }

    [JsonPropertyName("m")]
    public long? MissedSince { get; init; }

    [JsonPropertyName("g")]
    public long[]? Range { get; init; }

    public static AlertDocument Of(AlertRecord record) => new()
    {
        Fingerprint = record.Fingerprint,
        Severity = (int)record.Severity,
        Resolved = record.State == AlertState.Resolved,
        IsEvent = record.IsEvent,
        Labels = record.Labels.Where(l => l.Key is not (LabelNames.Severity or LabelNames.Detection)).ToDictionary(StringComparer.Ordinal),
        Title = record.Title,
        Description = record.Description,
        StartsAt = record.StartsAt.UtcTicks,
        LastSeenAt = record.LastSeenAt.UtcTicks,
        Count = record.Count,
        RecordedAt = record.RecordedAt.UtcTicks,
        SeenAt = record.SeenAt.UtcTicks,
        ResolvedAt = record.ResolvedAt?.UtcTicks,
        Episode = record.Episode,
        Firings = record.Firings.Length > 1 ? [.. record.Firings.Select(f => f.UtcTicks)] : null,
        Deliveries = record.Deliveries.IsEmpty
            ? null
            : record.Deliveries.ToDictionary(d => d.Key, d => DeliveryDocument.Of(d.Value), StringComparer.Ordinal),
        Held = record.Held is { } held ? new HeldDocument((int)held.Reason, held.Detail, held.Since.UtcTicks) : null,
        Acknowledged = record.Acknowledged,
        Rows = record.Rows,
        MissedSince = record.MissedSince?.UtcTicks,
        Range = [record.Range.Start.UtcTicks, record.Range.End.UtcTicks],
    };

    public AlertRecord ToRecord(string detection)
    {
        Labels[LabelNames.Detection] = detection;
        Labels[LabelNames.Severity] = ((Severity)Severity).ToString();
        return new AlertRecord
        {
            Fingerprint = Fingerprint,
            Detection = detection,
            Severity = (Severity)Severity,
            State = Resolved ? AlertState.Resolved : AlertState.Firing,
            IsEvent = IsEvent,
            Labels = Labels,
            Title = Title,
            Description = Description,
            StartsAt = Time(StartsAt),
            LastSeenAt = Time(LastSeenAt),
            Count = Count,
            RecordedAt = Time(RecordedAt),
            SeenAt = Time(SeenAt),
            ResolvedAt = ResolvedAt is { } resolved ? Time(resolved) : null,
            Episode = Episode,
            Firings = Firings is { } firings ? [.. firings.Select(Time)] : [Time(RecordedAt)],
            Deliveries = Deliveries?.ToImmutableDictionary(d => d.Key, d => d.Value.ToDelivery(), StringComparer.Ordinal)
                ?? ImmutableDictionary<string, Delivery>.Empty,
            Held = Held is { } held ? new HeldBack((SuppressionReason)held.Reason, held.Detail, Time(held.Since)) : null,
            Acknowledged = Acknowledged,
            Rows = Rows,
            MissedSince = MissedSince is { } missed ? Time(missed) : null,
            Range = Range is [var start, var end] ? new TimeRange(Time(start), Time(end)) : default,
        };
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

internal sealed record DeliveryDocument(
    [property: JsonPropertyName("r")] bool Resolved,
    [property: JsonPropertyName("a")] long At,
    [property: JsonPropertyName("i")] int? Instead,
    [property: JsonPropertyName("d")] string? Detail)
{
    public static DeliveryDocument Of(Delivery delivery) => new(
        delivery.State == AlertState.Resolved, delivery.At.UtcTicks, (int?)delivery.Instead, delivery.Detail);

    public Delivery ToDelivery() => new(
        Resolved ? AlertState.Resolved : AlertState.Firing, new DateTimeOffset(At, TimeSpan.Zero), (SuppressionReason?)Instead, Detail);
}

internal sealed record HeldDocument(
    [property: JsonPropertyName("r")] int Reason, [property: JsonPropertyName("d")] string Detail, [property: JsonPropertyName("s")] long Since);
