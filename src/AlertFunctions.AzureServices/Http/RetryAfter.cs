using System.Globalization;
using Azure;

namespace AlertFunctions.AzureServices.Http;

/// <summary>The header Retry-After in either form: seconds, or a date. Source: RFC 9110, 10.2.3.</summary>
internal static class RetryAfter
{
    /// <summary>How long to wait from now, never less than nothing; null where the header is absent or means nothing.</summary>
    public static TimeSpan? Of(Response response, TimeProvider time)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks))
            : null;
    }
}
