namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>A polynomial of least squares, by Householder's reduction of the matrix of powers.</summary>
internal static class Polynomial
{
    /// <summary>The coefficients from the highest power down; null where the points do not determine them.</summary>
    public static double[]? Fit(double[] x, double[] y, int degree)
    {
        var (rows, columns) = (x.Length, degree + 1);
        if (rows < columns)
        {
            return null;
        }

        var matrix = new double[rows, columns];
        for (var r = 0; r < rows; r++)
        {
            var power = 1.0;
            for (var c = columns - 1; c >= 0; c--)
            {
                matrix[r, c] = power;
                power *= x[r];
            }
        }

        double[] right = [.. y];
        for (var c = 0; c < columns; c++)
        {
            if (!Reflect(matrix, right, c))
            {
                return null;
            }
        }

        var coefficients = new double[columns];
        for (var c = columns - 1; c >= 0; c--)
        {
            var sum = right[c];
            for (var k = c + 1; k < columns; k++)
            {
                sum -= matrix[c, k] * coefficients[k];
            }

            coefficients[c] = sum / matrix[c, c];
        }

        return coefficients;
    }

    // Clears a column below its diagonal.
    private static bool Reflect(double[,] matrix, double[] right, int column)
    {
        var (rows, columns) = (matrix.GetLength(0), matrix.GetLength(1));
        double norm = 0;
        for (var r = column; r < rows; r++)
        {
            norm = double.Hypot(norm, matrix[r, column]);
        }

        if (norm == 0)
        {
            return false;
        }

        if (matrix[column, column] > 0)
        {
            norm = -norm;
        }

        var vector = new double[rows];
        for (var r = column; r < rows; r++)
        {
            vector[r] = matrix[r, column];
        }

        vector[column] -= norm;
        var length = vector.Sum(v => v * v);
        for (var c = column; c < columns; c++)
        {
            double dot = 0;
            for (var r = column; r < rows; r++)
            {
                dot += vector[r] * matrix[r, c];
            }

            for (var r = column; r < rows; r++)
            {
                matrix[r, c] -= 2 * dot / length * vector[r];
            }
        }

        double product = 0;
        for (var r = column; r < rows; r++)
        {
            product += vector[r] * right[r];
        }

        for (var r = column; r < rows; r++)
        {
            right[r] -= 2 * product / length * vector[r];
        }

        return true;
    }
}
