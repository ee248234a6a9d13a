using System.Text.Json;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// Writes Adaptive Card 1.5 elements (adaptivecards.io/explorer). Text passes through <see cref="CardText"/> here and nowhere else, so no caller
/// can forget it; only <see cref="Markdown"/> takes text that is already Markdown.
/// </summary>
internal sealed class CardWriter(Utf8JsonWriter json)
{
    public void StartCard(string fallbackText)
    {
        json.WriteStartObject();
        json.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json"u8);
        json.WriteString("type"u8, "AdaptiveCard"u8);
        json.WriteString("version"u8, "1.5"u8);
        json.WriteString("fallbackText"u8, fallbackText);
        json.WriteStartObject("msteams"u8);
        json.WriteString("width"u8, "Full"u8);
        json.WriteEndObject();
        json.WriteStartArray("body"u8);
    }

    public void StartActions()
    {
        json.WriteEndArray();
        json.WriteStartArray("actions"u8);
    }

    public void EndCard()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void StartContainer(string? style = null, bool bleed = false, bool separator = false, string? hiddenId = null)
    {
        Element("Container");
        Optional("style"u8, style);
        if (bleed)
        {
            json.WriteBoolean("bleed"u8, true);
        }

        if (separator)
        {
            json.WriteBoolean("separator"u8, true);
            json.WriteString("spacing"u8, "Medium"u8);
        }

        if (hiddenId is not null)
        {
            json.WriteString("id"u8, hiddenId);
            json.WriteBoolean("isVisible"u8, false);
        }

        json.WriteStartArray("items"u8);
    }

    public void StartColumns()
    {
        Element("ColumnSet");
        json.WriteStartArray("columns"u8);
    }

    public void StartColumn(string width)
    {
        Element("Column");
        json.WriteString("width"u8, width);
        json.WriteString("verticalContentAlignment"u8, "Center"u8);
        json.WriteStartArray("items"u8);
    }

    public void Text(string plain, TextLook look = default) => Markdown(CardText.Escape(CardText.Clean(plain)), look);

    public void Markdown(string text, TextLook look = default)
    {
        Element("TextBlock");
        json.WriteString("text"u8, text);
        json.WriteBoolean("wrap"u8, true);
        Optional("size"u8, look.Size);
        Optional("weight"u8, look.Bold ? "Bolder" : null);
        Optional("color"u8, look.Color);
        Optional("fontType"u8, look.Monospace ? "Monospace" : null);
        Optional("horizontalAlignment"u8, look.Right ? "Right" : null);
        Optional("spacing"u8, look.Spacing);
        Optional("style"u8, look.Heading ? "heading" : null);
        if (look.Subtle)
        {
            json.WriteBoolean("isSubtle"u8, true);
        }

        json.WriteEndObject();
    }

    public void Facts(IEnumerable<(string Title, string Value)> facts)
    {
        Element("FactSet");
        json.WriteStartArray("facts"u8);
        foreach (var (title, value) in facts)
        {
            json.WriteStartObject();
            json.WriteString("title"u8, CardText.Escape(CardText.Clean(title)));
            json.WriteString("value"u8, CardText.Escape(CardText.Clean(value)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="header">The columns' names.</param>
    /// <param name="widths">Weights of the columns, as many as there are names.</param>
    /// <param name="rows">Plain text, as many cells a row as there are columns.</param>
    public void Table(IReadOnlyList<string> header, IReadOnlyList<int> widths, IEnumerable<IReadOnlyList<string>> rows)
    {
        Element("Table");
        json.WriteBoolean("firstRowAsHeader"u8, true);
        json.WriteBoolean("showGridLines"u8, true);
        json.WriteString("gridStyle"u8, "default"u8);
        json.WriteStartArray("columns"u8);
        foreach (var width in widths)
        {
            json.WriteStartObject();
            json.WriteNumber("width"u8, width);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows"u8);
        Row(header, new TextLook(Bold: true, Size: "Small"));
        foreach (var row in rows)
        {
            Row(row, new TextLook(Size: "Small"));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void StartActionSet()
    {
        Element("ActionSet");
        json.WriteStartArray("actions"u8);
    }

    public void OpenUrl(string title, string url)
    {
        Element("Action.OpenUrl");
        json.WriteString("title"u8, title);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
    }

    public void Toggle(string title, string targetId)
    {
        Element("Action.ToggleVisibility");
        json.WriteString("title"u8, title);
        json.WriteStartArray("targetElements"u8);
        json.WriteStringValue(targetId);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Closes what the latest Start method opened.</summary>
    public void End()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Row(IReadOnlyList<string> cells, TextLook look)
    {
        Element("TableRow");
        json.WriteStartArray("cells"u8);
        foreach (var cell in cells)
        {
            Element("TableCell");
            json.WriteStartArray("items"u8);
            Text(cell, look);
            End();
        }

        End();
    }

    private void Element(string type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
    }

    private void Optional(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}

/// <summary>How a TextBlock looks; the names are those of the schema.</summary>
internal readonly record struct TextLook(
    string? Size = null,
    string? Color = null,
    string? Spacing = null,
    bool Bold = false,
    bool Subtle = false,
    bool Monospace = false,
    bool Right = false,
    bool Heading = false);
