using System.Net;

namespace AlertFunctions.Pages;

/// <summary>A form as browsers send it: <c>application/x-www-form-urlencoded</c>.</summary>
internal static class WebForm
{
    /// <summary>The last value of each name; what is no pair is left out.</summary>
    public static Dictionary<string, string> Parse(string body)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is [var name, var value])
            {
                values[WebUtility.UrlDecode(name)] = WebUtility.UrlDecode(value);
            }
        }

        return values;
    }
}
