namespace AlertFunctions.Kql.Runtime;

/// <summary>Macros of conversions and arithmetic: DuckDB expands them where they stand.</summary>
internal static class ConversionPrelude
{
    public static readonly IReadOnlyList<string> Statements =
    [
        // A whole real has a decimal point in neither JSON nor KQL's text.
        Macro("kql_real_text(r)", "kql_print_real(r)"),
        Macro("kql_decimal_text(d)", "CASE WHEN d IS NOT NULL THEN CASE WHEN contains(CAST(d AS VARCHAR), '.') THEN rtrim(rtrim(CAST(d AS VARCHAR), '0'), '.') ELSE CAST(d AS VARCHAR) END END"),

        // A 128-bit number as the long of its lowest 64 bits: adding the offset first makes the mask keep the sign.
        Macro("kql_wrap(h)", "CAST((CAST(h AS HUGEINT) + 9223372036854775808 & 18446744073709551615) - 9223372036854775808 AS BIGINT)"),

        // The smallest long has no positive counterpart: it wraps around to itself.
        // Ticks that are a datetime's: of the years 1 to 9999.
        Macro("kql_instant(t)", "CASE WHEN t BETWEEN 0 AND 3155378975999999999 THEN t END"),
        Macro("kql_abs(v)", "CASE WHEN v < -9223372036854775807 THEN v ELSE abs(v) END"),

        Macro("kql_decimal_multiply(a, b)", "TRY_CAST(kql_decimal_product(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38, 18))"),
        Macro("kql_decimal_divide(a, b)", "TRY_CAST(kql_decimal_quotient(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38, 18))"),
        Macro("kql_decimal_modulo(a, b)", "TRY_CAST(kql_decimal_remainder(CAST(a AS VARCHAR), CAST(b AS VARCHAR)) AS DECIMAL(38, 18))"),
    ];

    private static string Macro(string signature, string body) => $"CREATE OR REPLACE MACRO {signature} AS ({body})";
}
