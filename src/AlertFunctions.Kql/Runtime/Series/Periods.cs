namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>Periods of a series, by its autocorrelation.</summary>
internal static class Periods
{
    /// <summary>
    /// The score of one period, 0 to 1: 0 for fewer than 4 points, for more than half the series, and where the
    /// autocorrelation has no peak.
    /// </summary>
    public static double Score(double[] values, double period)
    {
        var lag = (int)Math.Round(period);
        return lag < 4 || lag > values.Length / 2.0 || !IsPeak(values, lag) ? 0 : Damped(values, lag);
    }

    /// <summary>Periods at the peaks of the autocorrelation, best first; a multiple of a better period is no period of its own.</summary>
    public static IReadOnlyList<(int Period, double Score)> Detect(double[] values, double least, double most)
    {
        var first = Math.Max(4, (int)Math.Ceiling(least));

        // A period needs more than two cycles to be told from chance.
        var last = Math.Min((int)Math.Floor(most), (values.Length - 1) / 2);
        var peaks = new List<(int Period, double Score)>();
        for (var lag = first; lag <= last; lag++)
        {
            if (IsPeak(values, lag) && Damped(values, lag) is var score and > 0)
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

    private static double Damped(double[] values, int lag) =>
        Math.Clamp(Correlation(values, lag) * Math.Sqrt((double)(values.Length - lag) / values.Length), 0, 1);

    private static bool IsPeak(double[] values, int lag)
    {
        var here = Correlation(values, lag);
        return here > 0 && here > Correlation(values, lag - 1) && (lag + 1 >= values.Length || here >= Correlation(values, lag + 1));
    }

    // The autocorrelation at a lag, over the points that have a partner.
    private static double Correlation(double[] values, int lag)
    {
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
