using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>Functions of strings.</summary>
internal static class StringFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        new("strlen", "strlen-function", new Overload("(source: string): long", "length({0})")),
        new("tolower", "tolower-function", new Overload("(string: string): string", "lower({0})")),
        new("toupper", "toupper-function", new Overload("(string: string): string", "upper({0})")),
        new("isempty", "isempty-function",
            new Overload("(value: string): bool", "{0} = ''", Precedence.Comparison) { Nulls = NullRule.Never },
            new Overload("(value: Scalar): bool", "{0} IS NULL", Precedence.Comparison) { Nulls = NullRule.Never }),
        new("strcat", "strcat-function", new Overload("(string: Scalar*): string", EmitStrcat) { Nulls = NullRule.Never }),
    ];

    private static SqlText EmitStrcat(CallSite site) =>
        new($"concat({string.Join(", ", Enumerable.Range(0, site.Count).Select(i => site.Sql(i, KqlType.String)))})");
}
