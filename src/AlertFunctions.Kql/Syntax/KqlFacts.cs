using System.Collections.Frozen;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// The words of the language. Which words may name a column without brackets was asked of Microsoft's own parser
/// (npm @kusto/language-service-next 12.4.1), word by word.
/// </summary>
internal static class KqlFacts
{
    /// <summary>How tightly the binary operators bind, from the loosest.</summary>
    internal enum Precedence
    {
        Or,
        And,
        Equality,
        Relational,
        Additive,
        Multiplicative,
        StringOperator,
    }

    /// <summary>The operators that are words; those with a <c>!</c> before them are <see cref="NegatedOperators"/>.</summary>
    internal static readonly FrozenDictionary<string, BinaryOperator> StringOperators = new Dictionary<string, BinaryOperator>
    {
        ["has"] = BinaryOperator.Has,
        ["has_cs"] = BinaryOperator.HasCs,
        ["hasprefix"] = BinaryOperator.HasPrefix,
        ["hasprefix_cs"] = BinaryOperator.HasPrefixCs,
        ["hassuffix"] = BinaryOperator.HasSuffix,
        ["hassuffix_cs"] = BinaryOperator.HasSuffixCs,
        ["contains"] = BinaryOperator.Contains,
        ["contains_cs"] = BinaryOperator.ContainsCs,
        ["containscs"] = BinaryOperator.ContainsCs,
        ["notcontains"] = BinaryOperator.NotContains,
        ["notcontainscs"] = BinaryOperator.NotContainsCs,
        ["startswith"] = BinaryOperator.StartsWith,
        ["startswith_cs"] = BinaryOperator.StartsWithCs,
        ["endswith"] = BinaryOperator.EndsWith,
        ["endswith_cs"] = BinaryOperator.EndsWithCs,
        ["like"] = BinaryOperator.Like,
        ["notlike"] = BinaryOperator.NotLike,
        ["likecs"] = BinaryOperator.LikeCs,
        ["notlikecs"] = BinaryOperator.NotLikeCs,
    }.ToFrozenDictionary();

    internal static readonly FrozenDictionary<string, BinaryOperator> NegatedOperators = new Dictionary<string, BinaryOperator>
    {
        ["has"] = BinaryOperator.NotHas,
        ["has_cs"] = BinaryOperator.NotHasCs,
        ["hasprefix"] = BinaryOperator.NotHasPrefix,
        ["hasprefix_cs"] = BinaryOperator.NotHasPrefixCs,
        ["hassuffix"] = BinaryOperator.NotHasSuffix,
        ["hassuffix_cs"] = BinaryOperator.NotHasSuffixCs,
        ["contains"] = BinaryOperator.NotContains,
        ["contains_cs"] = BinaryOperator.NotContainsCs,
        ["startswith"] = BinaryOperator.NotStartsWith,
        ["startswith_cs"] = BinaryOperator.NotStartsWithCs,
        ["endswith"] = BinaryOperator.NotEndsWith,
        ["endswith_cs"] = BinaryOperator.NotEndsWithCs,
    }.ToFrozenDictionary();

    /// <summary>The tabular operators, for did-you-mean.</summary>
    internal static readonly ImmutableArray<string> Operators =
    [
        "as", "consume", "count", "distinct", "evaluate", "extend", "facet", "filter", "find", "fork", "getschema", "invoke",
        "join", "limit", "lookup", "make-series", "mv-apply", "mv-expand", "order", "parse", "parse-kv", "parse-where",
        "partition", "print", "project", "project-away", "project-by-names", "project-keep", "project-rename",
        "project-reorder", "range", "reduce", "render", "sample", "sample-distinct", "scan", "search", "serialize", "sort",
        "summarize", "take", "top", "top-hitters", "top-nested", "union", "where",
    ];

    /// <summary>Operators of KQL that Log Analytics does not run, or that need the service itself.</summary>
    internal static readonly FrozenSet<string> UnsupportedOperators = new[]
    {
        "assert-schema", "execute-and-cache", "graph-mark-components", "graph-match", "graph-shortest-paths",
        "graph-to-table", "graph-where-edges", "graph-where-nodes", "macro-expand", "make-graph", "partition-by",
        "__partitionby",
    }.ToFrozenSet();

    /// <summary>Words that name nothing unless in brackets.</summary>
    internal static readonly FrozenSet<string> ReservedWords = new[]
    {
        "and", "or", "asc", "desc", "between", "boolean", "char", "contains_cs", "containscs", "dataexport", "decodeblocks",
        "dynamic", "endswith", "endswith_cs", "expandoutput", "first", "float", "has_all", "has_any", "has_cs", "hasprefix",
        "hasprefix_cs", "hassuffix", "hassuffix_cs", "isfuzzy", "last", "like", "likecs", "nooptimization", "notcontains",
        "notcontainscs", "notlike", "notlikecs", "relaxed", "rowstore", "simple", "startswith", "startswith_cs", "string",
        "uint", "ulong", "union", "uniqueid", "with_itemindex",
        "date", "datetime", "decimal", "double", "int", "int32", "int64", "long", "real", "time", "timespan",
    }.ToFrozenSet();

    /// <summary>Words that a list may give as a new name, but that an expression has only in brackets.</summary>
    internal static readonly FrozenSet<string> DeclarableWords = new[]
    {
        "accumulate", "as", "by", "contains", "datatable", "earliest", "externaldata", "find", "has", "in", "invoke",
        "materialize", "of", "print", "sample", "search", "set", "title", "to", "top-hitters", "toscalar", "where",
    }.ToFrozenSet();

    /// <summary>Whether an expression may begin with the word as a name.</summary>
    internal static bool IsExpressionName(string word) => !ReservedWords.Contains(word) && !DeclarableWords.Contains(word);
}
