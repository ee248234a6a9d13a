using System.Collections.Frozen;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// How the columns of unnamed calls are called. Most scalar functions give no name; these do. Measured with Microsoft's own
/// binder (npm @kusto/language-service-next), which knows the rule of each function.
/// </summary>
internal static class ResultNames
{
    private static readonly FrozenSet<string> FirstArgument = new[]
    {
        "abs", "acos", "asin", "atan", "atan2", "bin", "floor", "bin_at", "binary_and", "binary_not", "binary_or",
        "binary_shift_left", "binary_shift_right", "binary_xor", "bitset_count_ones", "ceiling", "cos", "erf", "erfc", "exp",
        "exp10", "exp2", "format_bytes", "format_datetime", "format_timespan", "gamma", "log", "log10", "log2", "loggamma",
        "parse_csv", "parse_json", "parse_xml", "parsejson", "pow", "rand", "round",
        "series_fill_backward", "series_fill_const", "series_fill_forward", "series_fill_linear", "series_fir", "series_iir",
        "series_outliers", "sin", "split",
        "sqrt", "startofday", "tan", "tobool", "toboolean", "todatetime", "todecimal", "todouble", "todynamic", "toguid", "tohex",
        "toint", "tolong", "toobject", "toreal", "tostring", "totime", "totimespan",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Prefixes = new Dictionary<string, string>
    {
        ["dcount_hll"] = "dcount_hll",
        ["gettype"] = "type",
        ["hll_merge"] = "hll_merged_result",
        ["merge_tdigest"] = "tdigests_merge_result",
        ["tdigest_merge"] = "tdigests_merge_result",
        ["percentile_tdigest"] = "percentile_tdigest",
        ["percentiles_array_tdigest"] = "percentile_tdigest",
        ["repeat"] = "repeat",
        ["string_size"] = "string_size",
        ["strlen"] = "strlen",
        ["treepath"] = "tree",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The rule for a function as called; what its row of the table says comes first.</summary>
    public static ResultName Of(string name, ResultName declared) =>
        declared != ResultName.Default ? declared
        : FirstArgument.Contains(name) ? ResultName.FirstArgument
        : Prefixes.ContainsKey(name) ? ResultName.Prefixed
        : ResultName.None;

    public static string Prefix(string name) => Prefixes.GetValueOrDefault(name, name);
}
