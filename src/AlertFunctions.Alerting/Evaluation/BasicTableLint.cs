namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// What a query over a table on the Basic or Auxiliary plan may not use: it reads that table, may look rows up in Analytics tables, and nothing else.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/basic-logs-query, limitations.
/// </summary>
public static class BasicTableLint
{
    /// <summary>Tables on the Analytics plan that such a query may add with <c>union</c> and <c>lookup</c>.</summary>
    public const int MaxAnalyticsTables = 5;

    private static readonly string[] Operators = ["join", "find", "search", "externaldata"];
    private static readonly string[] Elsewhere = ["workspace", "app", "resource", "adx", "arg", "cluster"];

    /// <summary>Each thing once, in words, in the order of the text; empty where the query has none of them.</summary>
    public static IReadOnlyList<string> Check(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return [.. KqlNames.In(query).Select(name => Refusal(query, name)).OfType<string>().Distinct()];
    }

    private static string? Refusal(string query, KqlName name) => name switch
    {
        { IsDeclared: true } when IsFunction(query, name) => $"a function of its own ({name.Name})",
        { IsDeclared: false, Before: '\0' or '|' or ';' or '(' or '{' or '=' } when Operators.Contains(name.Name) => $"'{name.Name}'",
        { IsCall: true, Before: not '.' } when Elsewhere.Contains(name.Name) => $"'{name.Name}', which reads elsewhere",
        _ => null,
    };

    /// <summary>Whether a <c>let</c> binds <c>(parameters) { body }</c>; parentheses alone are an expression's.</summary>
    private static bool IsFunction(string query, KqlName name)
    {
        var equals = query.IndexOf('=', name.Offset);
        var value = equals < 0 ? query.Length : KqlNames.SkipBlanks(query, equals + 1);
        if (value >= query.Length || query[value] != '(')
        {
            return false;
        }

        var body = KqlNames.SkipBlanks(query, KqlNames.EndOfParentheses(query, value) + 1);
        return body < query.Length && query[body] == '{';
    }
}
