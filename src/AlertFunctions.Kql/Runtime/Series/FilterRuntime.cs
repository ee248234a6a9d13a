using System.Numerics;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>
/// Filters and the Fourier transform.
/// Sources: learn.microsoft.com/kusto/query/series-fir-function, .../series-iir-function, .../series-fft-function.
/// </summary>
internal static class FilterRuntime
{
    private const int LongestTransform = 1 << 20;

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, string, bool, string?>("kql_series_fir", FiniteImpulse),
        RuntimeFunction.Of<string, string, string, string?>("kql_series_iir", InfiniteImpulse),
        RuntimeFunction.Of<string, string, string?>("kql_series_fft", (real, imaginary) => Transform(real, imaginary, isInverse: false)),
        RuntimeFunction.Of<string, string, string?>("kql_series_ifft", (real, imaginary) => Transform(real, imaginary, isInverse: true)),
    ];

    /// <summary>
    /// The filter over each value and those before it, or around it where centred. "normalize" is 'true', 'false' or '' for
    /// what is usual: by the sum of the coefficients unless one is negative, which cannot be normalised.
    /// </summary>
    public static string? FiniteImpulse(string series, string filter, string normalize, bool isCentered)
    {
        if (Numbers.Read(series) is not { } values || Numbers.Read(filter) is not { Length: > 0 } coefficients)
        {
            return null;
        }

        var hasNegative = coefficients.Any(c => c < 0);
        if (normalize == "true" && hasNegative)
        {
            return null;
        }

        var scale = normalize == "true" || (normalize.Length == 0 && !hasNegative) ? coefficients.Sum() : 1;
        var shift = isCentered ? coefficients.Length / 2 : 0;
        return Numbers.Write(Enumerable.Range(0, values.Length).Select(i =>
        {
            double sum = 0;
            for (var k = 0; k < coefficients.Length; k++)
            {
                var at = i + shift - k;
                sum += at >= 0 && at < values.Length ? coefficients[k] * values[at] : 0;
            }

            return sum / scale;
        }));
    }

    /// <summary>y[i] = (sum b[k] x[i-k] - sum a[k] y[i-k], k from 1) / a[0].</summary>
    public static string? InfiniteImpulse(string series, string numerators, string denominators)
    {
        if (Numbers.Read(series) is not { } x || Numbers.Read(numerators) is not { } b
            || Numbers.Read(denominators) is not { Length: > 0 } a || a[0] == 0)
        {
            return null;
        }

        var y = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < b.Length && k <= i; k++)
            {
                y[i] += b[k] * x[i - k];
            }

            for (var k = 1; k < a.Length && k <= i; k++)
            {
                y[i] -= a[k] * y[i - k];
            }

            y[i] /= a[0];
        }

        return Numbers.Write(y);
    }

    /// <summary>A bag of the real and the imaginary part; the imaginary input may be the empty text for none.</summary>
    public static string? Transform(string real, string imaginary, bool isInverse)
    {
        if (Numbers.Read(real) is not { Length: > 0 and <= LongestTransform } re)
        {
            return null;
        }

        var im = imaginary.Length == 0 ? new double[re.Length] : Numbers.Read(imaginary);
        if (im is null || im.Length != re.Length)
        {
            return null;
        }

        var values = re.Zip(im, (a, b) => new Complex(a, b)).ToArray();
        var result = Fourier(values, isInverse ? 1 : -1);
        var scale = isInverse ? re.Length : 1;
        return JsonText.Write(new JsonBag
        {
            ["real"] = Numbers.ToItems(result.Select(c => c.Real / scale)),
            ["imag"] = Numbers.ToItems(result.Select(c => c.Imaginary / scale)),
        });
    }

    // Cooley and Tukey's halving where the length is even, the plain sum where it is odd.
    private static Complex[] Fourier(Complex[] values, int sign)
    {
        var n = values.Length;
        if (n == 1)
        {
            return values;
        }

        var result = new Complex[n];
        if (n % 2 == 1)
        {
            for (var k = 0; k < n; k++)
            {
                for (var i = 0; i < n; i++)
                {
                    result[k] += values[i] * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * ((long)i * k % n) / n);
                }
            }

            return result;
        }

        var even = Fourier([.. values.Where((_, i) => i % 2 == 0)], sign);
        var odd = Fourier([.. values.Where((_, i) => i % 2 == 1)], sign);
        for (var k = 0; k < n / 2; k++)
        {
            var turned = odd[k] * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * k / n);
            result[k] = even[k] + turned;
            result[k + (n / 2)] = even[k] - turned;
        }

        return result;
    }
}
