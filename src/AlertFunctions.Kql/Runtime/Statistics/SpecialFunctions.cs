namespace AlertFunctions.Kql.Runtime.Statistics;

/// <summary>
/// The error function, the beta distribution and what they need, to about fourteen digits.
/// Source of the formulas: NIST Digital Library of Mathematical Functions, dlmf.nist.gov, chapters 5, 7 and 8.
/// </summary>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>Of positive x.</summary>
    public static double LogGamma(double x)
    {
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i - 1);
        }

        var t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    public static double Erf(double x) => Math.Abs(x) < 2 ? ErfSeries(x) : x > 0 ? 1 - ErfcFraction(x) : ErfcFraction(-x) - 1;

    public static double Erfc(double x) => Math.Abs(x) < 2 ? 1 - ErfSeries(x) : x > 0 ? ErfcFraction(x) : 2 - ErfcFraction(-x);

    /// <summary>The regularised incomplete beta function I_x(a, b) for x in [0, 1] and positive a, b.</summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x is 0 or 1)
        {
            return x;
        }

        var factor = Math.Exp(
            (a * Math.Log(x)) + (b * double.LogP1(-x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));
        return x < (a + 1) / (a + b + 2)
            ? factor * BetaFraction(x, a, b) / a
            : 1 - (factor * BetaFraction(1 - x, b, a) / b);
    }

    // The sum of 2/sqrt(pi) (-1)^n x^(2n+1) / (n! (2n+1)), with all terms of one sign (DLMF 7.6.2).
    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17 && n < 200; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // The continued fraction of erfc for x >= 2, from its tail forwards (DLMF 7.9.1).
    private static double ErfcFraction(double x)
    {
        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }

        var tail = x;
        for (var n = 120; n >= 1; n--)
        {
            tail = x + (n / 2.0 / tail);
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }

    // The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
    private static double BetaFraction(double x, double a, double b)
    {
        double c = 1, d = Guard(1 - ((a + b) * x / (a + 1)));
        d = 1 / d;
        var fraction = d;
        for (var m = 1; m <= 1000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Guard(1 + (even * d));
            c = Guard(1 + (even / c));
            fraction *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Guard(1 + (odd * d));
            c = Guard(1 + (odd / c));
            var step = d * c;
            fraction *= step;
            if (Math.Abs(step - 1) < 1e-16)
            {
                break;
            }
        }

        return fraction;
    }

    private static double Guard(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
