using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;

namespace AlertFunctions.Alerting.State;

/// <summary>An <see cref="AlertRecord"/> as it is stored: short names, nothing that is absent, times as ticks in UTC.</summary>
internal sealed record AlertDocument
{
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
    public JsonElement? Rows { get; init; }

    [JsonPropertyName("g")]
    public long[]? Range { get; init; }

    public static byte[] Write(AlertRecord record) => JsonSerializer.SerializeToUtf8Bytes(
        new AlertDocument
        {
            Severity = (int)record.Severity,
            Resolved = record.State == AlertState.Resolved,
            IsEvent = record.IsEvent,
            Labels = record.Labels.Where(l => l.Key != LabelNames.Severity).ToDictionary(StringComparer.Ordinal),
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
            Rows = record.Rows is { } rows ? EvidenceJson.Write(rows) : null,
            Range = [record.Range.Start.UtcTicks, record.Range.End.UtcTicks],
        },
        StateJson.Default.AlertDocument);

    public static AlertRecord Read(string fingerprint, ReadOnlySpan<byte> content)
    {
        var document = JsonSerializer.Deserialize(content, StateJson.Default.AlertDocument)
            ?? throw new InvalidOperationException($"The stored alert {fingerprint} is empty.");
        var labels = document.Labels;
        labels[LabelNames.Severity] = ((Severity)document.Severity).ToString();
        return new AlertRecord
        {
            Fingerprint = fingerprint,
            Detection = labels[LabelNames.Detection],
            Severity = (Severity)document.Severity,
            State = document.Resolved ? AlertState.Resolved : AlertState.Firing,
            IsEvent = document.IsEvent,
            Labels = labels,
            Title = document.Title,
            Description = document.Description,
            StartsAt = Time(document.StartsAt),
            LastSeenAt = Time(document.LastSeenAt),
            Count = document.Count,
            RecordedAt = Time(document.RecordedAt),
            SeenAt = Time(document.SeenAt),
            ResolvedAt = document.ResolvedAt is { } resolved ? Time(resolved) : null,
            Episode = document.Episode,
            Firings = document.Firings is { } firings ? [.. firings.Select(Time)] : [Time(document.RecordedAt)],
            Deliveries = document.Deliveries?.ToImmutableDictionary(d => d.Key, d => d.Value.ToDelivery(), StringComparer.Ordinal)
                ?? ImmutableDictionary<string, Delivery>.Empty,
            Held = document.Held is { } held ? new HeldBack((SuppressionReason)held.Reason, held.Detail, Time(held.Since)) : null,
            Rows = document.Rows is { } rows ? EvidenceJson.Read(rows) : null,
            Range = document.Range is [var start, var end] ? new TimeRange(Time(start), Time(end)) : default,
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
