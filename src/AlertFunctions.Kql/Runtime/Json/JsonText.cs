using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// Writes values as the compact JSON that a dynamic column holds: no blanks, a real keeps a decimal point (1.0 stays 1.0),
/// only quotes, backslashes and control characters are escaped. JSON has no NaN or infinity: they become text.
/// </summary>
internal static class JsonText
{
    /// <summary>The JSON of a value, or null for KQL's null, which is how a dynamic column holds it.</summary>
    public static string? Write(object? value)
    {
        if (value is null)
        {
            return null;
        }

        var built = new StringBuilder();
        Append(built, value);
        return built.ToString();
    }

    /// <summary>The text that tostring() gives for a value inside a dynamic: a string without its quotes, null as empty.</summary>
    public static string ToPlainText(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            _ => Write(value)!,
        };

    public static void Append(StringBuilder built, object? value)
    {
        switch (value)
        {
            case null:
                built.Append("null");
                break;
            case bool flag:
                built.Append(flag ? "true" : "false");
                break;
            case long whole:
                built.Append(CultureInfo.InvariantCulture, $"{whole}");
                break;
            case double real when double.IsFinite(real):
                built.Append(RealText.Format(real));
                break;
            case double real:
                AppendString(built, RealText.Format(real));
                break;
            case string text:
                AppendString(built, text);
                break;
            case List<object?> items:
                AppendArray(built, items);
                break;
            case JsonBag bag:
                AppendBag(built, bag);
                break;
            default:
                throw new UnreachableException($"A dynamic value cannot hold {value.GetType()}.");
        }
    }

    private static void AppendArray(StringBuilder built, List<object?> items)
    {
        built.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                built.Append(',');
            }

            Append(built, items[i]);
        }

        built.Append(']');
    }

    private static void AppendBag(StringBuilder built, JsonBag bag)
    {
        built.Append('{');
        var isFirst = true;
        foreach (var (key, item) in bag)
        {
            if (!isFirst)
            {
                built.Append(',');
            }

            isFirst = false;
            AppendString(built, key);
            built.Append(':');
            Append(built, item);
        }

        built.Append('}');
    }

    private static void AppendString(StringBuilder built, string text)
    {
        built.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"':
                    built.Append("\\\"");
                    break;
                case '\\':
                    built.Append("\\\\");
                    break;
                case '\n':
                    built.Append("\\n");
                    break;
                case '\r':
                    built.Append("\\r");
                    break;
                case '\t':
                    built.Append("\\t");
                    break;
                case '\b':
                    built.Append("\\b");
                    break;
                case '\f':
                    built.Append("\\f");
                    break;
                case < ' ':
                    built.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    built.Append(c);
                    break;
            }
        }

        built.Append('"');
    }
}
