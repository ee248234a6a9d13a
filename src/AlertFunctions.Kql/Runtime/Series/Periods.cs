namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>Periods of a series, by its autocorrelation.</summary>
internal static class Periods
{
    /// <summary>
    /// The score of one period, 0 to 1: the smaller of the autocorrelations at the period and at its double, 0 for fewer than 4
    /// points and for more than half the series.
    /// </summary>
    public static double Score(double[] values, double period)
    {
        var lag = (int)Math.Round(period);
        return lag < 4 || lag > values.Length / 2.0
            ? 0
            : Math.Clamp(Math.Min(Correlation(values, lag), Correlation(values, 2 * lag)), 0, 1);
    }

    /// <summary>
    /// Periods at the peaks of the autocorrelation, best first. A multiple of a better period is no period of its own, and what
    /// noise alone may reach (95 of 100 times) is none at all.
    /// </summary>
    public static IReadOnlyList<(int Period, double Score)> Detect(double[] values, double least, double most)
    {
        var first = Math.Max(4, (int)Math.Ceiling(Math.Clamp(least, 0, values.Length)));
        var last = (int)Math.Floor(Math.Clamp(most, 0, values.Length / 2.0));
        var noise = 1.96 / Math.Sqrt(values.Length);
        var peaks = new List<(int Period, double Score)>();
        for (var lag = first; lag <= last; lag++)
        {
            if (IsPeak(values, lag) && Score(values, lag) is var score && score > noise)
            {
                peaks.Add((lag, score));
            }
        }

        var found = new List<(int Period, double Score)>();
        foreach (var peak in peaks.OrderByDescending(p => p.Score))
        {
            if (!found.Exists(better => peak.Period % better.Period == 0))
            {
                found.Add(peak);
            }
        }

        return found;
    }

    private static bool IsPeak(double[] values, int lag)
    {
        var here = Correlation(values, lag);
        return here > 0 && here > Correlation(values, lag - 1) && here >= Correlation(values, lag + 1);
    }

    // The autocorrelation at a lag, by the mean over the points that have a partner; 0 where none has.
    private static double Correlation(double[] values, int lag)
    {
        if (lag >= values.Length)
        {
            return 0;
        }

        var mean = values.Average();
        double sum = 0, total = 0;
        for (var i = 0; i < values.Length; i++)
        {
            total += (values[i] - mean) * (values[i] - mean);
            if (i + lag < values.Length)
            {
                sum += (values[i] - mean) * (values[i + lag] - mean);
            }
        }

        return total == 0 ? 0 : sum / total * values.Length / (values.Length - lag);
    }
}
