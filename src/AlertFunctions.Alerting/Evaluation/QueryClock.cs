using System.Text;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// Gives a query another time than the service's clock has: Log Analytics cannot be told what <c>now()</c> means, and a window that is evaluated
/// hours after its time must not be cut by <c>ago()</c>. The calls are renamed to functions that are declared before the text.
/// </summary>
public static class QueryClock
{
    /// <summary>The text as it would have been understood at the time; the same text where it names no clock.</summary>
    public static string Set(string query, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        var names = KqlNames.In(query);
        var own = names.Where(name => name.IsDeclared).Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        var declarations = new SortedSet<string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        var written = 0;
        foreach (var name in names.Where(n => n is { IsCall: true, Name: "now" or "ago" } && !own.Contains(n.Name)))
        {
            var (function, declaration) = FunctionOf(query, name, KqlLiteral.DateTime(now));
            declarations.Add(declaration);
            text.Append(query, written, name.Offset - written).Append(function);
            written = name.Offset + name.Name.Length;
        }

        return declarations.Count == 0 ? query : $"{string.Concat(declarations)}{text.Append(query, written, query.Length - written)}";
    }

    private static (string Function, string Declaration) FunctionOf(string query, KqlName name, string now)
    {
        if (name.Name == "ago")
        {
            return ("alertfunctions_ago", $"let alertfunctions_ago = (span: timespan) {{ {now} - span }};\n");
        }

        var open = query.IndexOf('(', name.Offset + name.Name.Length);
        return query.AsSpan(open + 1).TrimStart() is [')', ..]
            ? ("alertfunctions_now", $"let alertfunctions_now = () {{ {now} }};\n")
            : ("alertfunctions_later", $"let alertfunctions_later = (span: timespan) {{ {now} + span }};\n");
    }
}
