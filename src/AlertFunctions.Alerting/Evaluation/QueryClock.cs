using System.Text;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// Gives a query another time than the service's clock has: Log Analytics cannot be told what <c>now()</c> means, and a window that is evaluated
/// hours after its time must not be cut by <c>ago()</c>. The time is written in place of the calls; functions of the query's own would not be taken for a
/// table on the Basic plan.
/// </summary>
public static class QueryClock
{
    /// <summary>The text as it would have been understood at the time; the same text where it names no clock.</summary>
    public static string Set(string query, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        var names = KqlNames.In(query);
        var own = names.Where(name => name.IsDeclared).Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        var time = KqlLiteral.DateTime(now);
        var edits = new List<(int Start, int End, string Text)>();
        foreach (var name in names.Where(n => n is { IsCall: true, Name: "now" or "ago" } && !own.Contains(n.Name)))
        {
            var open = query.IndexOf('(', name.Offset);
            var close = KqlNames.EndOfParentheses(query, open);
            if (query.AsSpan(open + 1, close - open - 1).IsWhiteSpace())
            {
                edits.Add((name.Offset, close + 1, time));
            }
            else
            {
                edits.Add((name.Offset, open + 1, $"({time} {(name.Name == "ago" ? '-' : '+')} ("));
                edits.Add((close, close, ")"));
            }
        }

        var text = new StringBuilder();
        var written = 0;
        foreach (var (start, end, replacement) in edits.OrderBy(edit => edit.Start))
        {
            text.Append(query, written, start - written).Append(replacement);
            written = end;
        }

        return text.Append(query, written, query.Length - written).ToString();
    }
}
