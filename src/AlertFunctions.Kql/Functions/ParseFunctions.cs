namespace AlertFunctions.Kql.Functions;

/// <summary>Functions that take apart URLs, paths, records and addresses.</summary>
internal static class ParseFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        Of("parse_url", "(url: string): dynamic", "kql_parse_url({0})") with { Deprecated = ["parseurl"] },
        Of("parse_urlquery", "(query: string): dynamic", "kql_parse_urlquery({0})") with { Page = "parse-url-query-function", Deprecated = ["parseurlquery"] },
        Of("parse_path", "(path: string): dynamic", "kql_parse_path({0})"),
        Of("parse_csv", "(csv_text: string): dynamic", "kql_parse_csv({0})"),

        // Up to 32 digits before the point are more than other decimals have here: what mixes both fails rather than loses digits.
        Of("parse_version", "(version: string): decimal", "CAST(kql_parse_version({0}) AS DECIMAL(38, 0))"),
        Of("parse_xml", "(xml_text: string): dynamic", "kql_parse_xml({0})"),
        new("parse_command_line", "parse-command-line-function",
            new Overload("(command: string, parser: const string): dynamic", "kql_parse_command_line({0})")
            {
                Nulls = NullRule.Maybe,
                Refuse = arguments => arguments[1] is Binding.BoundLiteral { Value: "windows" or "Windows" }
                    ? null
                    : "the only parser is 'windows'",
            }),
        Of("parse_ipv4", "(ip: string): long", "kql_parse_ipv4({0})"),
        Of("parse_ipv4_mask", "(ip: string, prefix: long): long", "kql_parse_ipv4_mask({0}, {1})"),
        Of("parse_ipv6", "(ip: string): string", "kql_parse_ipv6({0})"),
        Of("parse_ipv6_mask", "(ip: string, prefix: long): string", "kql_parse_ipv6_mask({0}, {1})"),
        Of("ipv4_compare", "(ip1: string, ip2: string, prefix: long = 32): long", "kql_ipv4_compare({0}, {1}, {2})"),
        Of("ipv4_is_match", "(ip1: string, ip2: string, prefix: long = 32): bool", "(kql_ipv4_compare({0}, {1}, {2}) = 0)"),
        Of("ipv4_is_in_range", "(ip: string, ip_range: string): bool", "kql_ipv4_is_in_range({0}, {1})"),
        InAnyRange("ipv4_is_in_any_range", "kql_ipv4_is_in_any_range"),
        Of("ipv4_is_private", "(ip: string): bool", "kql_ipv4_is_private({0})"),
        Of("ipv4_netmask_suffix", "(ip: string): long", "kql_ipv4_netmask_suffix({0})"),
        Of("ipv4_range_to_cidr_list", "(start_ip: string, end_ip: string): dynamic", "kql_ipv4_range_to_cidr_list({0}, {1})"),
        new("format_ipv4", "format-ipv4-function",
            new Overload("(ip: string, prefix: long = 32): string", "kql_format_ipv4({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(ip: long, prefix: long = 32): string", "kql_format_ipv4(CAST({0} AS VARCHAR), {1})") { Nulls = NullRule.Maybe }),
        new("format_ipv4_mask", "format-ipv4-mask-function",
            new Overload("(ip: string, prefix: long = 32): string", "kql_format_ipv4_mask({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(ip: long, prefix: long = 32): string", "kql_format_ipv4_mask(CAST({0} AS VARCHAR), {1})") { Nulls = NullRule.Maybe }),
        Of("ipv6_compare", "(ip1: string, ip2: string, prefix: long = 128): long", "kql_ipv6_compare({0}, {1}, {2})"),
        Of("ipv6_is_match", "(ip1: string, ip2: string, prefix: long = 128): bool", "(kql_ipv6_compare({0}, {1}, {2}) = 0)"),
        Of("ipv6_is_in_range", "(ip: string, ip_range: string): bool", "kql_ipv6_is_in_range({0}, {1})"),
        InAnyRange("ipv6_is_in_any_range", "kql_ipv6_is_in_any_range"),
        HasAny("has_ipv4", "kql_has_any_ipv4", single: true),
        HasAny("has_any_ipv4", "kql_has_any_ipv4", single: false),
        HasAny("has_ipv4_prefix", "kql_has_any_ipv4_prefix", single: true),
        HasAny("has_any_ipv4_prefix", "kql_has_any_ipv4_prefix", single: false),
    ];

    private static ScalarFunction Of(string name, string signature, string template) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload(signature, template) { Nulls = NullRule.Maybe });

    private static ScalarFunction InAnyRange(string name, string function) =>
        new(name, $"{name.Replace('_', '-')}-function",
            new Overload("(ip: string, ranges: dynamic): bool", function + "({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(ip: string, ranges: string*): bool", site => new($"{function}({site.Sql(0)}, {Rest(site)})")) { Nulls = NullRule.Maybe });

    private static ScalarFunction HasAny(string name, string function, bool single) =>
        single
            ? new(name, $"{name.Replace('_', '-')}-function",
                new Overload("(source: string, ip: string): bool", site => new($"{function}({site.Sql(0)}, {Rest(site)})")))
            : new(name, $"{name.Replace('_', '-')}-function",
                new Overload("(source: string, ips: dynamic): bool", function + "({0}, {1})"),
                new Overload("(source: string, ips: string*): bool", site => new($"{function}({site.Sql(0)}, {Rest(site)})")));

    // The arguments behind the first as a JSON array.
    private static string Rest(CallSite site) =>
        Template.JsonArray(Enumerable.Range(1, site.Count - 1).Select(i => Template.JsonOrNull(site, i)));
}
