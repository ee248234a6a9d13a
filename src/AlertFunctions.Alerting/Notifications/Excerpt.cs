namespace AlertFunctions.Alerting.Notifications;

/// <summary>The beginning of a text where all of it does not fit.</summary>
public static class Excerpt
{
    /// <summary>The text, or its first characters and an ellipsis, together at most <paramref name="length"/>; no character is cut in two.</summary>
    public static string Of(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= length)
        {
            return text;
        }

        var end = length - 1;
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }
}
