using System.Globalization;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// Functions of strings. Regular expressions come translated (see <see cref="RegexDialect"/>). Lengths and positions count code points.
/// </summary>
internal static class StringFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        Text("strlen", "(source: StringOrDynamic): long", "length({0})"),
        Text("string_size", "(source: StringOrDynamic): long", "strlen({0})") with { Page = "string-size-function" },
        Text("tolower", "(value: Scalar): string", "lower({0})"),
        Text("toupper", "(value: Scalar): string", "upper({0})"),
        Text("reverse", "(value: Scalar): string", "reverse({0})"),
        Text("isascii", "(value: Scalar): bool", "kql_isascii({0})") with { Page = "isascii" },
        Text("isutf8", "(value: Scalar): bool", "(length({0}) >= 0)") with { Page = "isutf8" },
        Text("strcat", "(arg: Scalar*): string", "concat({*})"),
        Text("strcat_delim", "(delimiter: Scalar, first: Scalar, arg: Scalar*): string", "concat_ws({*})") with { Page = "strcat-delim-function" },
        new("strcmp", "strcmp-function",
            new Overload("(s1: string, s2: string): long",
                "CASE WHEN {0} = {1} THEN 0::BIGINT WHEN {0} < {1} THEN -1::BIGINT ELSE 1::BIGINT END")),
        new("strrep", "strrep-function",
            new Overload("(value: Scalar, multiplier: long): string", site =>
                new($"repeat({site.Sql(0, KqlType.String)}, least(greatest({site.Sql(1)}, 0), 1024))")),
            new Overload("(value: Scalar, multiplier: long, delimiter: Scalar): string", site =>
                new($"kql_strrep({site.Sql(0, KqlType.String)}, {site.Sql(1)}, {site.Sql(2, KqlType.String)})"))
            {
                Nulls = NullRule.Maybe,
            }),
        new("substring", "substring-function",
            new Overload("(source: Scalar, startingIndex: long): string", EmitSubstring),
            new Overload("(source: Scalar, startingIndex: long, length: long): string", EmitSubstring)),
        new("indexof", "indexof-function",
            new Overload("(string: Scalar, match: Scalar): long", Template.OfText("instr({0}, {1}) - 1", Precedence.Additive)),
            new Overload("(string: Scalar, match: Scalar, start: long, length: long = -1, occurrence: fixed long = 1): long", site =>
                new($"kql_indexof({site.Sql(0, KqlType.String)}, {site.Sql(1, KqlType.String)}, {Numbers(site, 2)})"))
            {
                Nulls = NullRule.Maybe,
            }),
        new("indexof_regex", "indexof-regex-function",
            new Overload("(string: Scalar, match: const string, start: const long = 0, length: const long = -1, occurrence: const long = 1): long",
                EmitIndexOfRegex)
            {
                Regex = 1,
                Nulls = NullRule.Maybe,
            }),
        new("countof", "countof-function",
            new Overload("(source: string, search: string): long", "kql_countof({0}, {1})"),
            new Overload("(source: string, search: string, kind: const string): long", EmitCountOf)
            {
                Regex = 1,
                Refuse = arguments => arguments[2] is BoundLiteral { Value: "normal" or "regex" }
                    ? null
                    : "the kind of search is 'normal' or 'regex'",
            }),
        new("split", "split-function",
            new Overload("(source: Scalar, delimiter: string): dynamic", site =>
                new($"CAST(to_json({Split(site)}) AS VARCHAR)")),
            new Overload("(source: Scalar, delimiter: string, requestedIndex: long): dynamic", site =>
                new($"CAST(to_json(list_filter([{Split(site)}[least({site.Sql(2)}, 4000000000) + 1]], lambda part: part IS NOT NULL)) AS VARCHAR)"))),
        new("replace_string", "replace-string-function",
            new Overload("(text: string, lookup: string, rewrite: string): string", "replace({0}, {1}, {2})")),
        new("replace_strings", "replace-strings-function",
            new Overload("(text: string, lookups: dynamic, rewrites: dynamic): string", "kql_replace_strings({0}, {1}, {2})")
            {
                Nulls = NullRule.Maybe,
            }),
        new("replace_regex", "replace-regex-function",
            new Overload("(source: string, lookup_regex: fixed string, rewrite_pattern: fixed string): string", "regexp_replace({0}, {1}, {2}, 'g')") { Regex = 1 }),
        new("replace", "replace-regex-function",
            new Overload("(regex: fixed string, rewrite: fixed string, source: string): string", "regexp_replace({2}, {0}, {1}, 'g')") { Regex = 0 }),
        new("trim", "trim-function",
            new Overload("(regex: string, source: string): string", site =>
                new($"regexp_replace(regexp_replace({site.Sql(1)}, {Anchored(site, "^(?:", ")+")}, ''), {Anchored(site, "(?:", ")+$")}, '')")) { Regex = 0 }),
        new("trim_start", "trim-start-function",
            new Overload("(regex: string, source: string): string", site =>
                new($"regexp_replace({site.Sql(1)}, {Anchored(site, "^(?:", ")+")}, '')")) { Regex = 0 }),
        new("trim_end", "trim-end-function",
            new Overload("(regex: string, source: string): string", site =>
                new($"regexp_replace({site.Sql(1)}, {Anchored(site, "(?:", ")+$")}, '')")) { Regex = 0 }),
        new("extract", "extract-function",
            new Overload("(regex: const string, captureGroup: const long, source: string): string", EmitExtract) { Regex = 0, Refuse = RefuseGroup },
            new Overload("(regex: const string, captureGroup: const long, source: string, typeLiteral: type): ParameterNLiteral",
                site => EmitTyped(site, EmitExtract(site).Text)) { Regex = 0, Refuse = RefuseGroup, Nulls = NullRule.Maybe }),
        new("extract_all", "extract-all-function",
            new Overload("(regex: const string, source: string): dynamic", site => EmitExtractAll(site, null, site.Sql(1)))
            {
                Nulls = NullRule.Maybe,
                Regex = 0,
                Refuse = RefuseExtractAll,
            },
            new Overload("(regex: const string, captureGroups: const dynamic, source: string): dynamic",
                site => EmitExtractAll(site, site.Constant(1) as string, site.Sql(2)))
            {
                Nulls = NullRule.Maybe,
                Regex = 0,
                Refuse = RefuseExtractAll,
            })
        {
            Deprecated = ["extractall"],
        },
        new("regex_quote", "regex-quote-function",
            new Overload("(string: Scalar): string", Template.OfText("regexp_replace({0}, '([^A-Za-z0-9_\\s])', '\\\\\\1', 'g')"))),
        new("translate", "translate-function",
            new Overload("(searchList: string, replacementList: string, source: string): string", "kql_translate({0}, {1}, {2})")),
        new("url_encode", "url-encode-function", new Overload("(url: string): string", "kql_url_encode({0})")),
        new("url_encode_component", "url-encode-component-function", new Overload("(url: string): string", "kql_url_encode_component({0})")),
        new("url_decode", "url-decode-function", new Overload("(encoded_url: string): string", "kql_url_decode({0})")),
        Runtime("punycode_from_string", "(string: string): string", "kql_punycode_encode"),
        Runtime("punycode_to_string", "(string: string): string", "kql_punycode_decode"),

        // Of domains the page has it the other way round: from_string decodes, to_string encodes.
        Runtime("punycode_domain_from_string", "(encoded_string: string): string", "kql_punycode_domain_decode"),
        Runtime("punycode_domain_to_string", "(string: string): string", "kql_punycode_domain_encode"),
        Runtime("base64_encode_tostring", "(string: string): string", "kql_base64_encode") with { Deprecated = ["base64_encodestring"] },
        Runtime("base64_decode_tostring", "(base64_string: string): string", "kql_base64_decode") with { Deprecated = ["base64_decodestring"] },
        Runtime("base64_decode_toarray", "(base64_string: string): dynamic", "kql_base64_decode_array"),
        Runtime("base64_encode_fromarray", "(base64_string_decoded_as_array: dynamic): string", "kql_base64_encode_array"),
        new("base64_encode_fromguid", "base64-encode-fromguid-function",
            new Overload("(guid: guid): string", "kql_base64_encode_guid(CAST({0} AS VARCHAR))")),
        new("base64_decode_toguid", "base64-decode-toguid-function",
            new Overload("(base64_string: string): guid", "CAST(kql_base64_decode_guid({0}) AS UUID)") { Nulls = NullRule.Maybe }),
        Runtime("gzip_compress_to_base64_string", "(string: string): string", "kql_gzip_compress") with { Page = "gzip-base64-compress" },
        Runtime("gzip_decompress_from_base64_string", "(string: string): string", "kql_gzip_decompress") with { Page = "gzip-base64-decompress" },
        Runtime("zlib_compress_to_base64_string", "(string: string): string", "kql_zlib_compress") with { Page = "zlib-base64-compress-function" },
        Runtime("zlib_decompress_from_base64_string", "(string: string): string", "kql_zlib_decompress") with { Page = "zlib-base64-decompress-function" },
        new("unicode_codepoints_to_string", "unicode-codepoints-to-string-function",
            new Overload("(value: IntegerOrArray*): string", Template.OfJsonArray("kql_codepoints_to_string")) { Nulls = NullRule.Maybe })
        {
            Deprecated = ["make_string"],
        },
        new("unicode_codepoints_from_string", "unicode-codepoints-from-string-function",
            new Overload("(value: Scalar): dynamic", Template.OfText("kql_codepoints_from_string({0})")))
        {
            Deprecated = ["to_utf8"],
        },
        new("format_bytes", "format-bytes-function",
            new Overload("(size: real, precision: fixed long = 0, units: fixed string = ''): string", "kql_format_bytes({0}, {1}, {2})")
            {
                Nulls = NullRule.Maybe,
            }),
        new("has_any_index", "has-any-index-function",
            new Overload("(source: StringOrDynamic, values: dynamic): long", site =>
                new($"kql_has_any_index({site.Sql(0, KqlType.String)}, {site.Sql(1)})"))),
        Hash("hash", "hash-function"),
        Hash("hash_xxhash64", "hash-xxhash64-function"),
        Digest("hash_md5", "md5"),
        Digest("hash_sha1", "sha1"),
        Digest("hash_sha256", "sha256"),
    ];

    private static ScalarFunction Text(string name, string signature, string template) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload(signature, Template.OfText(template)));

    private static ScalarFunction Runtime(string name, string signature, string function) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload(signature, function + "({0})") { Nulls = NullRule.Maybe });

    private static ScalarFunction Digest(string name, string function) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload("(source: NotDynamic): string", Template.OfText(function + "({0})")));

    private static ScalarFunction Hash(string name, string page) =>
        new(name, page,
            new Overload("(source: NotDynamic): long", HashOf),
            new Overload("(source: NotDynamic, mod: long): long", site => new(Template.Fill("CAST((({0}::HUGEINT % {1}) + {1}) % {1} AS BIGINT)", i => i == 0 ? HashOf(site).Text : site.Operand(1)))));

    // The page prints the hashes of strings and datetimes only; other types are hashed as the 64 bits that hold them.
    private static SqlText HashOf(CallSite site) =>
        site.TypeOf(0) switch
        {
            KqlType.String or KqlType.Guid or KqlType.Decimal => new($"kql_hash_text({site.Sql(0, KqlType.String)})"),
            KqlType.Real => new($"kql_hash_text(CAST({site.Sql(0)} AS VARCHAR))"),
            _ => new($"kql_hash_long(CAST({site.Sql(0)} AS BIGINT))"),
        };

    // Zero-based; a negative start counts from the end.
    // As far as DuckDB counts within a text.
    private const long LongestText = 4_000_000_000;

    private static SqlText EmitSubstring(CallSite site)
    {
        var text = site.Sql(0, KqlType.String);
        var length = site.Count > 2 ? $", least(greatest({site.Sql(2)}, 0), {LongestText})" : "";
        return site.Constant(1) switch
        {
            long start and >= 0 and < LongestText => new($"substring({text}, {start + 1}{length})"),
            int start and >= 0 => new($"substring({text}, {start + 1}{length})"),
            _ => new(
                $"substring({text}, CASE WHEN {site.Operand(1)} >= 0 THEN least({site.Sql(1)}, {LongestText}) + 1 "
                + $"ELSE greatest(length({text}) + {site.Operand(1)}, 0) + 1 END{length})"),
        };
    }

    private static string Numbers(CallSite site, int first) =>
        Template.JsonArray(Enumerable.Range(first, site.Count - first).Select(i => Template.JsonOrNull(site, i)));

    private static SqlText EmitCountOf(CallSite site) =>
        site.Constant(2) is "regex"
            ? new($"CAST(len(regexp_extract_all({site.Sql(0)}, {site.Sql(1)})) AS BIGINT)")
            : new($"kql_countof({site.Sql(0)}, {site.Sql(1)})");

    private static string Split(CallSite site) =>
        $"string_split({site.Sql(0, KqlType.String)}, {site.Sql(1)})";

    private static string Anchored(CallSite site, string before, string after) =>
        site.Constant(0) is string regex
            ? SqlLiteral.Text(before + regex + after)
            : $"concat({SqlLiteral.Text(before)}, {site.Sql(0)}, {SqlLiteral.Text(after)})";

    private static SqlText EmitExtract(CallSite site) =>
        new($"regexp_extract({site.Sql(2)}, {Group(site, (int)Convert.ToInt64(site.Constant(1), CultureInfo.InvariantCulture))})");

    // The expression and the number of the group: DuckDB counts to nine only, so that one behind is made the only one.
    private static string Group(CallSite site, int number) => number < 10
        ? $"{site.Sql(0)}, {number}"
        : $"{SqlLiteral.Text(RegexGroups.OnlyCapture((string)site.Constant(0)!, number))}, 1";

    // Text that is not there converts to null, whatever the type.
    private static SqlText EmitTyped(CallSite site, string text) =>
        site.Emit(Conversion.To(new BoundSql(KqlType.String, text), site.ResultType));

    private static string? RefuseGroup(IReadOnlyList<BoundExpression> arguments) =>
        arguments[0] is BoundLiteral { Value: string regex } && arguments[1] is BoundLiteral { Value: not null } group
        && Convert.ToInt64(group.Value, CultureInfo.InvariantCulture) is var number && (number < 0 || number > RegexGroups.Count(regex))
            ? $"the regular expression has {RegexGroups.Count(regex)} capture groups"
            : null;

    private static string? RefuseExtractAll(IReadOnlyList<BoundExpression> arguments)
    {
        if (arguments[0] is not BoundLiteral { Value: string regex })
        {
            return null;
        }

        if (RegexGroups.Count(regex) is < 1 or > 16)
        {
            return "the regular expression must have 1 to 16 capture groups";
        }

        return arguments.Count > 2 && arguments[1] is BoundLiteral { Value: string chosen } && RegexGroups.Choose(regex, chosen) is null
            ? "a chosen capture group is not there"
            : null;
    }

    // One group gives an array of texts, several an array of arrays; no match gives null.
    private static SqlText EmitExtractAll(CallSite site, string? chosen, string source)
    {
        var regex = (string)site.Constant(0)!;
        var groups = chosen is null ? [.. Enumerable.Range(1, RegexGroups.Count(regex))] : RegexGroups.Choose(regex, chosen)!;
        var matches = groups.Select(group => $"regexp_extract_all({source}, {Group(site, group)})").ToList();
        var list = matches.Count == 1
            ? matches[0]
            : $"list_transform(list_zip({string.Join(", ", matches)}), lambda m: [{string.Join(", ", Enumerable.Range(1, matches.Count).Select(i => $"m[{i}]"))}])";
        return new($"nullif(CAST(to_json({list}) AS VARCHAR), '[]')");
    }

    private static SqlText EmitIndexOfRegex(CallSite site)
    {
        var (start, length, occurrence) = (Whole(2), Whole(3), Whole(4));
        if (start < 0 || length < -1 || occurrence < 1)
        {
            return new("NULL::BIGINT");
        }

        // The text in question is cut out; the matches before the one sought are taken away with what stands before them.
        var text = $"substring({site.Sql(0, KqlType.String)}, {start + 1}{(length < 0 ? "" : $", {length}")})";
        var skipped = occurrence == 1 ? "" : $"(?:.*?(?-s:{site.Constant(1)})){{{occurrence - 1}}}";
        var pattern = SqlLiteral.Text($"^(?s:({skipped}.*?)(?-s:{site.Constant(1)}))");
        return new(
            $"CASE WHEN regexp_matches({text}, {pattern}) THEN length(regexp_extract({text}, {pattern}, 1)) + {start} ELSE -1 END");

        long Whole(int index) => Convert.ToInt64(site.Constant(index), CultureInfo.InvariantCulture);
    }
}
