using System.Text.Json;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>
/// The part of the Adaptive Card 1.5 schema that our cards use, strictly: an element or property that is not listed is a fault, and so is a missing one
/// that the schema requires. From adaptivecards.io/explorer.
/// </summary>
internal static class CardSchema
{
    private static readonly string[] Colors = ["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"];
    private static readonly string[] Styles = ["default", "emphasis", "good", "attention", "warning", "accent"];
    private static readonly string[] Spacings = ["None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding"];

    private static readonly Dictionary<string, (string[] Required, Dictionary<string, Func<JsonElement, bool>> Properties)> Types = new()
    {
        ["AdaptiveCard"] = (["version", "body", "actions"], new()
        {
            ["$schema"] = Is("http://adaptivecards.io/schemas/adaptive-card.json"),
            ["version"] = Is("1.5"),
            ["fallbackText"] = Text,
            ["msteams"] = value => value.GetRawText() == "{\"width\":\"Full\"}",
            ["body"] = Items,
            ["actions"] = value => Items(value) && value.GetArrayLength() <= 6,
        }),
        ["Container"] = (["items"], new()
        {
            ["items"] = Items,
            ["style"] = Is(Styles),
            ["bleed"] = Boolean,
            ["separator"] = Boolean,
            ["spacing"] = Is(Spacings),
            ["id"] = Text,
            ["isVisible"] = Boolean,
        }),
        ["ColumnSet"] = (["columns"], new()
        {
            ["columns"] = Items,
        }),
        ["Column"] = (["items"], new()
        {
            ["items"] = Items,
            ["width"] = Is("auto", "stretch"),
            ["verticalContentAlignment"] = Is("Center"),
        }),
        ["TextBlock"] = (["text"], new()
        {
            ["text"] = Text,
            ["wrap"] = Boolean,
            ["size"] = Is("Small", "Default", "Medium", "Large"),
            ["weight"] = Is("Bolder"),
            ["color"] = Is(Colors),
            ["fontType"] = Is("Monospace"),
            ["horizontalAlignment"] = Is("Right"),
            ["spacing"] = Is(Spacings),
            ["style"] = Is("heading"),
            ["isSubtle"] = Boolean,
        }),
        ["ActionSet"] = (["actions"], new()
        {
            ["actions"] = value => Items(value) && value.GetArrayLength() <= 6,
        }),
        ["FactSet"] = (["facts"], new()
        {
            ["facts"] = Facts,
        }),
        ["Table"] = (["columns", "rows"], new()
        {
            ["columns"] = value => value.EnumerateArray().All(column => column.GetProperty("width").GetInt32() > 0),
            ["rows"] = Items,
            ["firstRowAsHeader"] = Boolean,
            ["showGridLines"] = Boolean,
            ["gridStyle"] = Is(Styles),
        }),
        ["TableRow"] = (["cells"], new()
        {
            ["cells"] = Items,
        }),
        ["TableCell"] = (["items"], new()
        {
            ["items"] = Items,
        }),
        ["Action.OpenUrl"] = (["title", "url"], new()
        {
            ["title"] = Text,
            ["url"] = value => Uri.TryCreate(value.GetString(), UriKind.Absolute, out var url) && url.Scheme == "https",
        }),
        ["Action.ToggleVisibility"] = (["title", "targetElements"], new()
        {
            ["title"] = Text,
            ["targetElements"] = value => value.EnumerateArray().All(Text),
        }),
    };

    public static void AssertValid(JsonElement card)
    {
        Assert.Equal("AdaptiveCard", card.GetProperty("type").GetString());
        Check(card);
    }

    /// <summary>Every text that a client would render as Markdown.</summary>
    public static IEnumerable<string> MarkdownTexts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(MarkdownTexts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Value.ValueKind == JsonValueKind.String && property.Name is "text" or "value" || (property.Name == "title" && element.TryGetProperty("value", out _))
                ? [property.Value.GetString()!]
                : MarkdownTexts(property.Value)),
        _ => [],
    };

    private static bool Check(JsonElement element)
    {
        var type = element.GetProperty("type").GetString()!;
        Assert.True(Types.TryGetValue(type, out var schema), $"The schema has no {type}.");
        foreach (var name in schema.Required)
        {
            Assert.True(element.TryGetProperty(name, out _), $"{type} has no {name}.");
        }

        foreach (var property in element.EnumerateObject().Where(property => property.Name != "type"))
        {
            Assert.True(schema.Properties.TryGetValue(property.Name, out var isValid), $"{type} has no property {property.Name}.");
            Assert.True(isValid(property.Value), $"{type}.{property.Name} cannot be {property.Value.GetRawText()}.");
        }

        return true;
    }

    private static bool Items(JsonElement value) => value.EnumerateArray().All(Check);

    private static bool Facts(JsonElement value) => value.EnumerateArray().All(fact =>
        fact.EnumerateObject().Count() == 2 && Text(fact.GetProperty("title")) && Text(fact.GetProperty("value")));

    private static bool Text(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool Boolean(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static Func<JsonElement, bool> Is(params string[] values) => value => Text(value) && values.Contains(value.GetString());
}
