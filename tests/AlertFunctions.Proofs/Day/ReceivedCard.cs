using System.Text.Json;

namespace AlertFunctions.Proofs.Day;

/// <summary>What a person reads on a card that was posted: each alert's title, and whether it is over.</summary>
/// <param name="Alerts">As <c>RESOLVED pod-0001 was killed</c>; the first word is the card's word for severity or state.</param>
internal sealed record ReceivedCard(IReadOnlyList<string> Alerts)
{
    /// <exception cref="InvalidDataException">It is no card, or leaves alerts out.</exception>
    public static ReceivedCard Read(ReadOnlyMemory<byte> body)
    {
        using var message = JsonDocument.Parse(body);
        var card = message.RootElement.GetProperty("attachments")[0].GetProperty("content");
        var elements = card.GetProperty("body").EnumerateArray().ToArray();
        var texts = Texts(card.GetProperty("body")).ToArray();
        if (texts.Any(text => text.EndsWith("are not listed.", StringComparison.Ordinal) || text.EndsWith("is not listed.", StringComparison.Ordinal)))
        {
            throw new InvalidDataException("The card leaves alerts out: the proof's groups are too large to read.");
        }

        var overview = elements.Where(element => element.GetProperty("type").ValueEquals("Table"))
            .Select(table => table.GetProperty("rows").EnumerateArray().Select(row => Texts(row).ToArray()).ToArray())
            .FirstOrDefault(rows => rows is [["Severity", "What", ..], ..]);
        return overview is not null
            ? new ReceivedCard([.. overview.Skip(1).Select(row => $"{row[0]} {row[1]}")])
            : texts is [var header, _, var title, ..]
                ? new ReceivedCard([$"{header.Split(' ')[0]} {title}"])
                : throw new InvalidDataException("What was posted is no card.");
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property switch
        {
            { Name: "text", Value.ValueKind: JsonValueKind.String } => [property.Value.GetString()!],
            _ => Texts(property.Value),
        }),
        _ => [],
    };
}
