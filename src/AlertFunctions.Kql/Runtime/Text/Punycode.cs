using System.Text;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// Punycode of a text, and of a domain label by label (xn--).
/// Sources: RFC 3492; learn.microsoft.com/kusto/query/punycode-from-string-function and the pages beside it.
/// </summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int FirstBias = 72;
    private const string Prefix = "xn--";

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_punycode_encode", Encode),
        RuntimeFunction.Of<string, string?>("kql_punycode_decode", Decode),
        RuntimeFunction.Of<string, string?>("kql_punycode_domain_encode", EncodeDomain),
        RuntimeFunction.Of<string, string?>("kql_punycode_domain_decode", DecodeDomain),
    ];

    public static string? EncodeDomain(string domain) =>
        MapLabels(domain, label => Ascii.IsValid(label) ? label : Encode(label) is { } encoded ? Prefix + encoded : null);

    public static string? DecodeDomain(string domain) =>
        MapLabels(
            domain,
            label => label.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? Decode(label[Prefix.Length..]) : label);

    public static string? Encode(string text)
    {
        var points = text.EnumerateRunes().Select(rune => rune.Value).ToList();
        var output = new StringBuilder();
        foreach (var point in points.Where(p => p < 128))
        {
            output.Append((char)point);
        }

        var basic = output.Length;
        var handled = basic;
        if (basic > 0)
        {
            output.Append('-');
        }

        long next = 128, delta = 0;
        var bias = FirstBias;
        while (handled < points.Count)
        {
            long smallest = points.Where(p => p >= next).Min();
            delta += (smallest - next) * (handled + 1);
            next = smallest;
            foreach (var point in points)
            {
                if (point < next)
                {
                    delta++;
                }
                else if (point == next)
                {
                    AppendDelta(output, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            next++;
        }

        return output.ToString();
    }

    public static string? Decode(string text)
    {
        if (!Ascii.IsValid(text))
        {
            return null;
        }

        var hyphen = text.LastIndexOf('-');
        var points = hyphen > 0 ? text[..hyphen].Select(c => (int)c).ToList() : [];
        var position = hyphen >= 0 ? hyphen + 1 : 0;
        long next = 128, index = 0;
        var bias = FirstBias;
        while (position < text.Length)
        {
            var before = index;
            long weight = 1;
            for (var k = Base; ; k += Base)
            {
                if (position == text.Length || DigitOf(text[position++]) is not { } digit)
                {
                    return null;
                }

                index += digit * weight;
                var threshold = Threshold(k, bias);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
                if (weight > int.MaxValue || index > int.MaxValue)
                {
                    return null;
                }
            }

            bias = Adapt(index - before, points.Count + 1, before == 0);
            next += index / (points.Count + 1);
            index %= points.Count + 1;
            if (!Rune.IsValid((int)Math.Min(next, int.MaxValue)))
            {
                return null;
            }

            points.Insert((int)index++, (int)next);
        }

        return string.Concat(points.Select(char.ConvertFromUtf32));
    }

    // The full stops of ideographic writing separate labels as well: RFC 3490, 3.1.
    private static string? MapLabels(string domain, Func<string, string?> map)
    {
        var labels = domain.Split(['.', '\u3002', '\uFF0E', '\uFF61']).Select(map).ToList();
        return labels.Contains(null) ? null : string.Join('.', labels);
    }

    private static void AppendDelta(StringBuilder output, long delta, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (delta < threshold)
            {
                break;
            }

            output.Append(DigitFor((int)(threshold + ((delta - threshold) % (Base - threshold)))));
            delta = (delta - threshold) / (Base - threshold);
        }

        output.Append(DigitFor((int)delta));
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, 1, 26);

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / 700 : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > 455; k += Base)
        {
            delta /= Base - 1;
        }

        return k + (int)(Base * delta / (delta + 38));
    }

    private static char DigitFor(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);

    private static int? DigitOf(char c) =>
        c switch
        {
            >= 'a' and <= 'z' => c - 'a',
            >= 'A' and <= 'Z' => c - 'A',
            >= '0' and <= '9' => c - '0' + 26,
            _ => null,
        };
}
