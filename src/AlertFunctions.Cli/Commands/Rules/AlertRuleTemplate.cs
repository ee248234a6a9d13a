using System.Text.Json;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands.Rules;

/// <summary>
/// The rules as an Azure Resource Manager template for one resource group. Source:
/// learn.microsoft.com/azure/azure-resource-manager/templates/syntax.
/// </summary>
internal static class AlertRuleTemplate
{
    public static void Write(Stream stream, IReadOnlyList<AlertRule> rules)
    {
        using var json = new Utf8JsonWriter(stream, Screen.JsonOptions);
        Write(json, rules);
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<AlertRule> rules)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
        json.WriteString("contentVersion", "1.0.0.0");
        json.WriteStartObject("parameters");
        json.WriteStartObject("location");
        json.WriteString("type", "string");
        json.WriteString("defaultValue", "[resourceGroup().location]");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("resources");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("type", AlertRuleJson.Type);
            json.WriteString("apiVersion", AlertRuleJson.ApiVersion);
            json.WriteString("name", rule.Name);
            json.WriteString("location", "[parameters('location')]");
            json.WriteString("kind", "LogAlert");
            json.WriteStartObject("tags");
            foreach (var (name, value) in rule.Tags)
            {
                json.WriteString(name, Literal(value));
            }

            json.WriteEndObject();
            json.WritePropertyName("properties");
            WriteLiteral(json, rule.Properties);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLiteral(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    WriteLiteral(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteLiteral(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Literal(value.GetString()!));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>A text in brackets would be an expression of the template; a second bracket says that it is none.</summary>
    private static string Literal(string text) => text is ['[', .., ']'] ? "[" + text : text;
}
