using System.Text;
using System.Text.Json;

namespace AlertFunctions.Hosting;

/// <summary>What a function answers: nothing, unless it is an HTTP function.</summary>
internal abstract record FunctionResult
{
    public static FunctionResult Done { get; } = new DoneResult();

    private sealed record DoneResult : FunctionResult;
}

/// <summary>The answer of an HTTP function. The body is JSON or HTML text; it never is Base64 by chance, which the host would decode.</summary>
internal sealed record HttpResult(int Status, string ContentType, string Body) : FunctionResult
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer whose body is one JSON object.</summary>
    public static HttpResult Json(int status, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return new HttpResult(status, "application/json", Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
