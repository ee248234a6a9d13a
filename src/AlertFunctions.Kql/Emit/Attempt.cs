using System.Globalization;

namespace AlertFunctions.Kql.Emit;

/// <summary>SQL that gives NULL where DuckDB would raise an error.</summary>
internal static class Attempt
{
    private static readonly string[] Names = ["o.a", "o.b", "o.c"];

    /// <summary>TRY of a template with up to three operands. DuckDB takes no subquery within it: such operands get a name first.</summary>
    public static string Of(string template, params string[] operands)
    {
        if (!operands.Any(operand => operand.Contains("(SELECT ", StringComparison.Ordinal)))
        {
            return $"TRY({Filled(operands)})";
        }

        var fields = operands.Select((operand, i) => $"'{Names[i][2..]}': {operand}");
        return $"list_transform([{{{string.Join(", ", fields)}}}], lambda o: TRY({Filled(Names[..operands.Length])}))[1]";

        string Filled(string[] values) => string.Format(CultureInfo.InvariantCulture, template, values);
    }
}
