using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlertFunctions.Kql.Runtime;

/// <summary>How JSON text of dynamic values is written: compact, with nothing escaped that JSON does not ask for.</summary>
internal static class DynamicJson
{
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };
}
