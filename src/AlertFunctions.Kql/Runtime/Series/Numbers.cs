using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>Series, dynamic arrays of numbers, as the series functions read and write them.</summary>
internal static class Numbers
{
    /// <summary>The elements, null where one is no number; null where the value is no array.</summary>
    public static double?[]? ReadSparse(string series) =>
        JsonReader.Read(series) is List<object?> items ? [.. items.Select(ToReal)] : null;

    /// <summary>The elements; null where the value is no array or an element is no finite number.</summary>
    public static double[]? Read(string series)
    {
        if (ReadSparse(series) is not { } sparse)
        {
            return null;
        }

        var values = new double[sparse.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (sparse[i] is not { } value || !double.IsFinite(value))
            {
                return null;
            }

            values[i] = value;
        }

        return values;
    }

    /// <summary>The number that an element is: of a datetime, as it stands in an array, its ticks. Source: series-fit-poly-function.</summary>
    public static double? ToReal(object? item) =>
        item switch
        {
            long whole => whole,
            double real => real,
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            string { Length: 28 } text when text[10] == 'T' && text[^1] == 'Z' => Time.DateTimeText.Parse(text),
            _ => null,
        };

    public static List<object?> ToItems(IEnumerable<double> values) => [.. values.Select(value => (object?)value)];

    public static string? Write(IEnumerable<double> values) => JsonText.Write(ToItems(values));

    /// <summary>The p-quantile (0 to 1) by linear interpolation between the nearest ranks.</summary>
    public static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Quantile(sorted, 0.5);
    }

    /// <summary>The sum of squared differences from the mean.</summary>
    public static double SquaredDeviation(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    /// <summary>The sample variance; 0 for fewer than two values.</summary>
    public static double Variance(IReadOnlyCollection<double> values) =>
        values.Count < 2 ? 0 : SquaredDeviation(values) / (values.Count - 1);
}
