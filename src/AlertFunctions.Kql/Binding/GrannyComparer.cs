using System.Numerics;

namespace AlertFunctions.Kql.Binding;

/// <summary>Orders names, in any case, so that runs of digits count as numbers: Page2 before Page10.</summary>
internal sealed class GrannyComparer : IComparer<string>
{
    public static readonly GrannyComparer Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = ((x ?? "").ToUpperInvariant(), (y ?? "").ToUpperInvariant());
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var order = Number(a, ref i).CompareTo(Number(b, ref j));
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                i++;
                j++;
            }
        }

        return (a.Length - i).CompareTo(b.Length - j);
    }

    private static BigInteger Number(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return BigInteger.Parse(text.AsSpan(start, position - start), provider: System.Globalization.CultureInfo.InvariantCulture);
    }
}
