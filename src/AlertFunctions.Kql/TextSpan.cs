namespace AlertFunctions.Kql;

/// <summary>A half-open range of UTF-16 positions in a query's text.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}
