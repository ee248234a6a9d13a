using System.Text.Json;

namespace AlertFunctions.Hosting;

/// <summary>
/// A request as the host's envelope holds it: <c>{"Url","Method","Query":{},"Headers":{name:[values]},"Params":{},"Body"}</c>. Every value is outside text.
/// </summary>
internal sealed record HttpCall(
    Uri Url,
    string Method,
    IReadOnlyDictionary<string, string> Query,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> RouteValues,
    string Body)
{
    /// <exception cref="InvocationException">It is no request.</exception>
    public static HttpCall Parse(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object
            || !request.TryGetProperty("Url", out var url) || !Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address)
            || !request.TryGetProperty("Method", out var method))
        {
            throw new InvocationException("The request has no Url or Method.");
        }

        return new HttpCall(
            address,
            method.GetString() ?? "GET",
            Texts(request, "Query"),
            Texts(request, "Headers"),
            Texts(request, "Params"),
            request.TryGetProperty("Body", out var body) && body.ValueKind == JsonValueKind.String ? body.GetString()! : "");
    }

    private static Dictionary<string, string> Texts(JsonElement request, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (request.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in members.EnumerateObject())
            {
                texts[member.Name] = member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString()!,
                    JsonValueKind.Array => string.Join(',', member.Value.EnumerateArray().Select(value => value.ToString())),
                    _ => member.Value.ToString(),
                };
            }
        }

        return texts;
    }
}
