using System.Text.RegularExpressions;

namespace AlertFunctions.Kql.Binding;

/// <summary>Finds faults of constant regular expressions, which DuckDB would raise as errors while the query runs.</summary>
internal static class RegexFault
{
    /// <summary>What is wrong, or null. RE2, which runs it, has neither look-around nor back-references.</summary>
    public static string? Of(string pattern)
    {
        try
        {
            // RE2 writes named groups as (?P<name>...), its flags may include U and it knows \pL, \z, \Q...\E and \C.
            _ = new Regex(
                pattern.Replace("(?P<", "(?<", StringComparison.Ordinal).Replace("(?U", "(?s", StringComparison.Ordinal),
                RegexOptions.CultureInvariant,
                TimeSpan.FromSeconds(1));
        }
        catch (RegexParseException fault) when (fault.Error is RegexParseError.InsufficientClosingParentheses
            or RegexParseError.InsufficientOpeningParentheses
            or RegexParseError.UnterminatedBracket
            or RegexParseError.QuantifierAfterNothing
            or RegexParseError.UnescapedEndingBackslash)
        {
            return fault.Error.ToString();
        }
        catch (ArgumentException)
        {
            // A form of RE2's that .NET does not have.
            return null;
        }

        return pattern.Contains("(?=", StringComparison.Ordinal) || pattern.Contains("(?!", StringComparison.Ordinal)
            || pattern.Contains("(?<=", StringComparison.Ordinal) || pattern.Contains("(?<!", StringComparison.Ordinal)
            ? "look-around is not part of RE2"
            : null;
    }
}
