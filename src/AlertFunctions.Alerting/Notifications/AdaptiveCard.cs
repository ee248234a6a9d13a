using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// A notification as an Adaptive Card 1.5 (adaptivecards.io/schemas/1.5.0/adaptive-card.json), the newest that Teams renders. A pure function: equal
/// notifications give equal bytes. The JSON is ASCII, so its size does not depend on who counts it, and it can be embedded anywhere.
/// </summary>
public static class AdaptiveCard
{
    /// <returns>The card's JSON, at most <see cref="CardOptions.MaxBytes"/> long; what was left out is counted in it.</returns>
    /// <exception cref="InvalidOperationException">The options allow fewer bytes than the shortest card needs.</exception>
    public static byte[] Render(Notification notification, CardOptions options)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(options);

        foreach (var limits in CardLimits.Steps)
        {
            var card = Render(notification, options, limits);
            if (card.Length <= options.MaxBytes)
            {
                return card;
            }
        }

        throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"No card fits into {options.MaxBytes} bytes; 14,000 are always enough."));
    }

    private static byte[] Render(Notification notification, CardOptions options, CardLimits limits)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            new CardLayout(new CardWriter(json), options, limits).Write(notification);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
