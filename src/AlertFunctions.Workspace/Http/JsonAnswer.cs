using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlertFunctions.Workspace.Http;

/// <summary>How answers are written.</summary>
internal static class JsonAnswer
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
