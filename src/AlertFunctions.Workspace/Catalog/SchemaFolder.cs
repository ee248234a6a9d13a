using System.Text.Json;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>Table definitions from <c>&lt;Table&gt;.json</c> files: <c>{"table": "...", "columns": [{"name": "...", "type": "..."}]}</c>.</summary>
internal static class SchemaFolder
{
    /// <summary>Every definition of a folder, by table name.</summary>
    /// <exception cref="WorkspaceException">A file is no schema; the message tells all files that are not.</exception>
    public static Dictionary<string, TableDefinition> Load(string folder)
    {
        var definitions = new Dictionary<string, TableDefinition>();
        var faults = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                var definition = Read(path);
                if (!definitions.TryAdd(definition.Name, definition))
                {
                    faults.Add($"{path}: another file describes {definition.Name} already");
                }
            }
            catch (Exception fault) when (fault is JsonException or FormatException or IOException or UnauthorizedAccessException)
            {
                faults.Add($"{path}: {fault.Message}");
            }
        }

        return faults.Count == 0 ? definitions : throw new WorkspaceException(string.Join(Environment.NewLine, faults));
    }

    private static TableDefinition Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        if (Text(root, "table") is not { Length: > 0 } name)
        {
            throw new FormatException("the field \"table\" is missing");
        }

        if (!root.TryGetProperty("columns", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("the list \"columns\" is missing");
        }

        var columns = new List<KqlColumn>();
        foreach (var item in list.EnumerateArray())
        {
            if (Text(item, "name") is not { Length: > 0 } column)
            {
                throw new FormatException($"column {columns.Count + 1} has no \"name\"");
            }

            if (ColumnTypes.Parse(Text(item, "type") ?? "") is not { } type)
            {
                throw new FormatException($"column {column} has no \"type\" of KQL");
            }

            if (columns.Any(earlier => earlier.Name == column))
            {
                throw new FormatException($"column {column} is there twice");
            }

            columns.Add(new KqlColumn(column, type));
        }

        return TableDefinition.Of(name, columns);
    }

    private static string? Text(JsonElement element, string field) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
