namespace AlertFunctions.Kql.Runtime.Statistics;

/// <summary>
/// Distributions, tests and shifts. Source: learn.microsoft.com/kusto/query/beta-cdf-function and the pages named below.
/// </summary>
internal static class StatisticsRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<double, double>("kql_erf", SpecialFunctions.Erf),
        RuntimeFunction.Of<double, double>("kql_erfc", SpecialFunctions.Erfc),
        RuntimeFunction.Of<double, double, double, double>("kql_beta_cdf", BetaCdf),
        RuntimeFunction.Of<double, double, double, double?>("kql_beta_inv", BetaInverse),
        RuntimeFunction.Of<double, double, double, double>("kql_beta_pdf", BetaPdf),
        RuntimeFunction.Of<double, double, double, double, double?>("kql_welch_test", WelchTest),
        RuntimeFunction.Of<long, long, long?>("kql_shift_left", (value, shift) => shift < 0 ? null : value << (int)(shift % 64)),
        RuntimeFunction.Of<long, long, long?>("kql_shift_right", (value, shift) => shift < 0 ? null : value >> (int)(shift % 64)),

    ];

    /// <summary>NaN outside the distribution's domain.</summary>
    public static double BetaCdf(double x, double alpha, double beta) =>
        x is >= 0 and <= 1 && alpha > 0 && beta > 0 ? SpecialFunctions.RegularizedBeta(x, alpha, beta) : double.NaN;

    /// <summary>The x whose probability is given: null for no probability, NaN for parameters that are not positive.</summary>
    public static double? BetaInverse(double probability, double alpha, double beta)
    {
        if (probability is not (>= 0 and <= 1))
        {
            return null;
        }

        if (!(alpha > 0 && beta > 0))
        {
            return double.NaN;
        }

        double low = 0, high = 1;
        for (var i = 0; i < 200 && high - low > double.BitIncrement(low) - low; i++)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.RegularizedBeta(middle, alpha, beta) < probability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    public static double BetaPdf(double x, double alpha, double beta) =>
        x is >= 0 and <= 1 && alpha > 0 && beta > 0
            ? Math.Exp(
                ((alpha - 1) * Math.Log(x)) + ((beta - 1) * Math.Log(1 - x))
                + SpecialFunctions.LogGamma(alpha + beta) - SpecialFunctions.LogGamma(alpha) - SpecialFunctions.LogGamma(beta))
            : double.NaN;

    /// <summary>
    /// The two-sided p-value of Welch's test from the difference of the means, both variances by their counts, and the
    /// denominator of the degrees of freedom. Source: learn.microsoft.com/kusto/query/welch-test-function.
    /// </summary>
    public static double? WelchTest(double difference, double first, double second, double denominator)
    {
        var error = first + second;
        var t = difference / Math.Sqrt(error);
        var freedom = error * error / denominator;
        return double.IsFinite(t) && freedom > 0
            ? SpecialFunctions.RegularizedBeta(freedom / (freedom + (t * t)), freedom / 2, 0.5)
            : null;
    }
}
