using System.Text;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class ExpressionEmitter
{
    // Source: learn.microsoft.com/kusto/query/datatypes-string-operators. Operands are strings and so never NULL: a negated
    // operator is true of a missing value.
    private SqlText StringMatch(BinaryOperator match, BoundExpression left, BoundExpression right)
    {
        var text = Emit(left).Text;
        var pattern = Emit(right).Text;
        return match switch
        {
            BinaryOperator.EqualIgnoreCase => SqlText.Comparison($"lower({text}) = {Lower(right)}"),
            BinaryOperator.NotEqualIgnoreCase => SqlText.Comparison($"lower({text}) <> {Lower(right)}"),
            BinaryOperator.Contains => new SqlText($"contains(lower({text}), {Lower(right)})"),
            BinaryOperator.NotContains => SqlText.Not($"NOT contains(lower({text}), {Lower(right)})"),
            BinaryOperator.ContainsCs => new SqlText($"contains({text}, {pattern})"),
            BinaryOperator.NotContainsCs => SqlText.Not($"NOT contains({text}, {pattern})"),
            BinaryOperator.StartsWith => new SqlText($"starts_with(lower({text}), {Lower(right)})"),
            BinaryOperator.NotStartsWith => SqlText.Not($"NOT starts_with(lower({text}), {Lower(right)})"),
            BinaryOperator.StartsWithCs => new SqlText($"starts_with({text}, {pattern})"),
            BinaryOperator.NotStartsWithCs => SqlText.Not($"NOT starts_with({text}, {pattern})"),
            BinaryOperator.EndsWith => new SqlText($"ends_with(lower({text}), {Lower(right)})"),
            BinaryOperator.NotEndsWith => SqlText.Not($"NOT ends_with(lower({text}), {Lower(right)})"),
            BinaryOperator.EndsWithCs => new SqlText($"ends_with({text}, {pattern})"),
            BinaryOperator.NotEndsWithCs => SqlText.Not($"NOT ends_with({text}, {pattern})"),
            BinaryOperator.MatchesRegex => new SqlText($"regexp_matches({text}, {pattern})"),
            BinaryOperator.Has => Term(text, right, "kql_has", true),
            BinaryOperator.NotHas => Negated(Term(text, right, "kql_has", true)),
            BinaryOperator.HasCs => Term(text, right, "kql_has_cs", false),
            BinaryOperator.NotHasCs => Negated(Term(text, right, "kql_has_cs", false)),
            BinaryOperator.HasPrefix => Term(text, right, "kql_hasprefix", true),
            BinaryOperator.NotHasPrefix => Negated(Term(text, right, "kql_hasprefix", true)),
            BinaryOperator.HasPrefixCs => Term(text, right, "kql_hasprefix_cs", false),
            BinaryOperator.NotHasPrefixCs => Negated(Term(text, right, "kql_hasprefix_cs", false)),
            BinaryOperator.HasSuffix => Term(text, right, "kql_hassuffix", true),
            BinaryOperator.NotHasSuffix => Negated(Term(text, right, "kql_hassuffix", true)),
            BinaryOperator.HasSuffixCs => Term(text, right, "kql_hassuffix_cs", false),
            BinaryOperator.NotHasSuffixCs => Negated(Term(text, right, "kql_hassuffix_cs", false)),
            _ => throw new InvalidOperationException($"Unreachable: {match} is no string operator."),
        };

        static SqlText Negated(SqlText test) => SqlText.Not($"NOT {test.At(Precedence.Comparison)}");
    }

    private string Lower(BoundExpression expression) => expression is BoundLiteral { Value: string text }
        ? SqlLiteral.Text(text.ToLowerInvariant())
        : $"lower({Emit(expression).Text})";

    // A term is a run of letters and digits: the text found must not go on with one at an end of the pattern that is one. Where the
    // pattern is constant, a plain search leaves few rows to the runtime function. (A regular expression that knows all letters costs
    // more to compile than most queries cost to run.)
    private SqlText Term(string text, BoundExpression right, string function, bool ignoresCase)
    {
        if (right is not BoundLiteral { Value: string term })
        {
            return new SqlText($"{function}({text}, {Emit(right).Text})");
        }

        if (term.Length == 0)
        {
            return new SqlText($"length({text}) >= 0", Precedence.Comparison);
        }

        var test = $"{function}({text}, {SqlLiteral.Text(term)})";
        if (!Ascii.IsValid(term))
        {
            return new SqlText(test);
        }

        var found = ignoresCase
            ? $"contains(lower({text}), {SqlLiteral.Text(term.ToLowerInvariant())})"
            : $"contains({text}, {SqlLiteral.Text(term)})";
        return new SqlText($"CASE WHEN {found} THEN {test} ELSE false END");
    }
}
