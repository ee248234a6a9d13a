using System.Globalization;

namespace AlertFunctions.Kql.Runtime;

/// <summary>Arithmetic and printing of numbers that SQL cannot do as KQL does.</summary>
internal static class ArithmeticRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, string?>("kql_decimal_product", (a, b) => Compute(a, b, (x, y) => x * y)),
        RuntimeFunction.Of<string, string, string?>("kql_decimal_quotient", (a, b) => Compute(a, b, (x, y) => x / y)),
        RuntimeFunction.Of<string, string, string?>("kql_decimal_remainder", (a, b) => Compute(a, b, Remainder)),
        RuntimeFunction.Of<double, string>("kql_print_real", RealText.Format),
        RuntimeFunction.Of<string, bool, string>("kql_path_step", PathStep),
    ];

    /// <summary>
    /// One step of a JSON path: a member by its name, or an element by its place, from the end where negative. DuckDB's paths have no
    /// member without a name; such a step leads nowhere.
    /// </summary>
    public static string PathStep(string key, bool isMember) => isMember && key.Length > 0
        ? $".\"{key.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : key.StartsWith('-') ? $"[#{key}]" : $"[{(key.Length == 0 ? "99999999" : key)}]";

    private static string? Compute(string a, string b, Func<decimal, decimal, decimal> operation)
    {
        try
        {
            return operation(Parse(a), Parse(b)).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private static decimal Parse(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    // Never negative, as for whole numbers.
    private static decimal Remainder(decimal a, decimal b) => a % b is var rest && rest < 0 ? rest + Math.Abs(b) : rest;
}
