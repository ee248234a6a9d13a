using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Cli.Results;

/// <summary>The JSON form of a cell. Cells are as <c>QueryTable</c> documents them.</summary>
internal static class JsonCell
{
    /// <summary>Writes a cell as the query API does: numbers and booleans as such, dynamic values as JSON, the rest as text.</summary>
    public static void WriteTo(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case JsonElement value:
                value.WriteTo(json);
                break;
            default:
                json.WriteStringValue(CellText.Of(cell));
                break;
        }
    }
}
