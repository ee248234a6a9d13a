using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Runtime;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class ExpressionEmitter
{
    private SqlText Path(BoundPath path)
    {
        var (root, steps, isSafe) = Root(path);
        var text = isSafe ? $"json_extract({root}, {steps})" : Attempt.Of("json_extract({0}, {1})", root, steps);
        return new SqlText($"kql_json_value({text}::VARCHAR)");
    }

    /// <summary>The text of what the path leads to: of a string its characters, of all else its JSON; NULL for nothing.</summary>
    private string PathText(BoundPath path)
    {
        var (root, steps, isSafe) = Root(path);
        return path.Steps.All(step => step is not PathStep.Computed) && Paths?.Place(root, steps) is var (paths, place)
            ? $"{Text(paths)}[{place}]"
            : Text(steps);

        string Text(string where) => isSafe ? $"json_extract_string({root}, {where})" : Attempt.Of("json_extract_string({0}, {1})", root, where);
    }

    /// <summary>A dynamic for a function that reads JSON itself: parse_json(text) is the text, which need not be parsed twice.</summary>
    public SqlText JsonSource(BoundExpression value) => Emit(ParsedText(value) ?? value);

    private static BoundExpression? ParsedText(BoundExpression value) =>
        value is BoundCall { Arguments: [{ Type: KqlType.String } text] } call && JsonParsing.Is(call.Overload) ? text : null;

    // parse_json(text).a.b need not parse the text twice, nor make it compact. Text that is no JSON makes DuckDB raise an error,
    // which TRY turns into NULL: a dynamic string has no members.
    private (string Root, string Steps, bool IsSafe) Root(BoundPath path) =>
        (JsonSource(path.Root).Text, Steps(path.Steps), ParsedText(path.Root) is null);

    private string Steps(IReadOnlyList<PathStep> steps)
    {
        // DuckDB's paths take a * for all members, quoted or not; its pointers do not.
        if (steps.Any(step => step is PathStep.Member { Name: "*" }) && steps.All(step => step is PathStep.Member or PathStep.Element { Index: >= 0 }))
        {
            return SqlLiteral.Text(string.Concat(steps.Select(Pointer)));
        }

        var constant = new StringBuilder("$");
        var parts = new List<string>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case PathStep.Member { Name: "" }:
                    constant.Append(ArithmeticRuntime.PathStep("", true));
                    break;
                case PathStep.Member member:
                    constant.Append(CultureInfo.InvariantCulture, $".\"{member.Name.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
                    break;
                case PathStep.Element { Index: < 0 } element:
                    constant.Append(CultureInfo.InvariantCulture, $"[#{element.Index}]");
                    break;
                case PathStep.Element element:
                    constant.Append(CultureInfo.InvariantCulture, $"[{element.Index}]");
                    break;
                case PathStep.Computed computed:
                    parts.Add(SqlLiteral.Text(constant.ToString()));
                    constant.Clear();
                    parts.Add($"kql_path_step({Emit(Conversion.To(computed.Key, KqlType.String)).Text}, {(computed.Key.Type == KqlType.String ? "true" : "false")})");
                    break;
            }
        }

        if (constant.Length > 0)
        {
            parts.Add(SqlLiteral.Text(constant.ToString()));
        }

        return parts.Count == 1 ? parts[0] : $"concat({string.Join(", ", parts)})";
    }

    /// <summary>A step as a JSON pointer has it. Source: RFC 6901, section 3.</summary>
    private static string Pointer(PathStep step) => step switch
    {
        PathStep.Member member => $"/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}",
        PathStep.Element element => string.Create(CultureInfo.InvariantCulture, $"/{element.Index}"),
        _ => throw new InvalidOperationException("Unreachable: a pointer has no computed steps."),
    };
}
