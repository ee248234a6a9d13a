namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>The line of least squares through values at x = 1, 2, 3, ... (as the page prints it); variances are those of a sample.</summary>
internal sealed record Line(double Slope, double Interception, double SquaredResiduals, double SquaredDeviation, int Count)
{
    public double RSquare => SquaredDeviation == 0 ? 1 : 1 - (SquaredResiduals / SquaredDeviation);

    public double Variance => Count < 2 ? 0 : SquaredDeviation / (Count - 1);

    public double ResidualVariance => Count < 2 ? 0 : SquaredResiduals / (Count - 1);

    /// <summary>The line's value for the element at an index, which counts from 0.</summary>
    public double At(int index) => Interception + (Slope * (index + 1));

    public static Line Through(double[] y)
    {
        var n = y.Length;
        var meanX = (n + 1) / 2.0;
        var meanY = y.Average();
        double xx = 0, xy = 0;
        for (var i = 0; i < n; i++)
        {
            var x = i + 1 - meanX;
            xx += x * x;
            xy += x * (y[i] - meanY);
        }

        var slope = xx == 0 ? 0 : xy / xx;
        var interception = meanY - (slope * meanX);
        double residuals = 0;
        for (var i = 0; i < n; i++)
        {
            var difference = y[i] - interception - (slope * (i + 1));
            residuals += difference * difference;
        }

        return new Line(slope, interception, residuals, Numbers.SquaredDeviation(y), n);
    }
}
