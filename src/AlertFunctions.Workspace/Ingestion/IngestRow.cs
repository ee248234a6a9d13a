using System.Text.Json.Nodes;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// A record from memory. A value is null, a string, a bool, a number, a <see cref="DateTimeOffset"/> or <see cref="DateTime"/> (UTC),
/// a <see cref="TimeSpan"/>, a <see cref="Guid"/> or JSON (<see cref="JsonNode"/> or JsonElement); a list or dictionary becomes JSON.
/// Text is converted to the column's type as in files.
/// </summary>
/// <param name="Fields">The values by column name, which is case-sensitive.</param>
/// <param name="IngestedAt">When the record became visible; null takes <c>_TimeReceived</c> or else TimeGenerated.</param>
public sealed record IngestRow(IReadOnlyDictionary<string, object?> Fields, DateTimeOffset? IngestedAt = null)
{
    public static IngestRow From(JsonObject record, DateTimeOffset? ingestedAt = null) =>
        new(record.ToDictionary(field => field.Key, object? (field) => field.Value), ingestedAt);
}
