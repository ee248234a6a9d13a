namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>Positions in a text as Kusto and DuckDB count them, in code points, and as .NET does, in UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> text)
    {
        var pairs = 0;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                pairs++;
                i++;
            }
        }

        return text.Length - pairs;
    }

    /// <summary>The UTF-16 offset of the n-th code point; the length of the text where it has fewer.</summary>
    public static int OffsetOf(string text, int count)
    {
        var offset = 0;
        for (; count > 0 && offset < text.Length; count--)
        {
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        }

        return offset;
    }
}
