using System.Text;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// Puts before a detection's text what it needs to run, and leaves the text itself as it is on file: the saved functions it calls,
/// because a workspace may not have them, and for an event signal each table narrowed to the ingestion interval by a <c>let</c> of
/// the same name, which hides the table. Functions come after the tables, so that what they read is narrowed as well.
/// </summary>
public sealed class QueryComposer
{
    private readonly Dictionary<string, SavedFunction> _functions;
    private readonly HashSet<string> _tables;

    public QueryComposer(DetectionCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        _functions = catalogue.Functions.ToDictionary(f => f.Name, StringComparer.Ordinal);
        _tables = catalogue.Tables.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The known tables that a text reads by their plain names, those that its functions read included.</summary>
    public IReadOnlyCollection<string> TablesOf(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var tables = new SortedSet<string>(StringComparer.Ordinal);
        Collect(query, [], tables, []);
        return tables;
    }

    /// <summary>The text with its functions; every row of the tables is seen.</summary>
    public string Compose(string query) => Compose(query, "");

    /// <summary>The text with its functions, over the rows whose ingestion time lies in the interval.</summary>
    public string Compose(string query, TimeRange ingestion) => Compose(
        query,
        $" | where ingestion_time() >= {KqlLiteral.DateTime(ingestion.Start)} and ingestion_time() < {KqlLiteral.DateTime(ingestion.End)}");

    private string Compose(string query, string narrowing)
    {
        var functions = new List<SavedFunction>();
        var tables = new SortedSet<string>(StringComparer.Ordinal);
        Collect(query, functions, tables, []);

        var text = new StringBuilder();
        if (narrowing.Length > 0)
        {
            foreach (var table in tables)
            {
                text.Append("let ").Append(table).Append(" = table(").Append(KqlLiteral.String(table)).Append(')')
                    .Append(narrowing).Append(";\n");
            }
        }

        foreach (var function in functions)
        {
            var parameters = TakesParameters(function.Text) ? "" : "() ";
            text.Append("let ").Append(function.Name).Append(" = ").Append(parameters).Append(function.Text.Trim()).Append("\n;\n");
        }

        return text.Append(query).ToString();
    }

    /// <summary>Functions in the order in which they can be declared: one that is called comes before its caller.</summary>
    private void Collect(string text, List<SavedFunction> functions, SortedSet<string> tables, HashSet<string> open)
    {
        var names = KqlNames.In(text);
        var own = names.Where(n => n.IsDeclared).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(n => !own.Contains(n.Name)))
        {
            if (_functions.TryGetValue(name.Name, out var function))
            {
                if (!functions.Contains(function) && open.Add(function.Name))
                {
                    Collect(function.Text, functions, tables, open);
                    functions.Add(function);
                }
            }
            else if (!name.IsCall && _tables.Contains(name.Name))
            {
                tables.Add(name.Name);
            }
        }
    }

    private static bool TakesParameters(string text)
    {
        var rest = text.AsSpan().TrimStart();
        while (rest.StartsWith("//"))
        {
            var end = rest.IndexOf('\n');
            rest = end < 0 ? [] : rest[end..].TrimStart();
        }

        return rest is ['(', ..];
    }
}
