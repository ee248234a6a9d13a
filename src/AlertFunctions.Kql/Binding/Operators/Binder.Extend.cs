using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindExtend(BoundTable input, IReadOnlyList<NamedExpression> columns)
    {
        var added = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in columns)
        {
            Attribute(sources, added.Count, column);
            AddColumns(added, column);
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < added.Count; i++)
        {
            if (IsGiven(added[i].Name, added[i].Value, sources[Math.Min(i, sources.Count - 1)]) && !given.Add(added[i].Name!))
            {
                diagnostics.Semantic("KQL121", sources[Math.Min(i, sources.Count - 1)].Span, $"There is already a column '{added[i].Name}' in this list");
                return input with { IsError = true };
            }
        }

        return Extended(input, added);
    }

    private void AddColumns(List<(string? Name, BoundExpression Value)> added, NamedExpression column)
    {
        var value = Bind(column.Value);
        if (value is BoundTypeLiteral)
        {
            value = Expected(column.Value, "A scalar is expected here");
        }

        // Functions that give several columns, such as series_stats().
        if (value is BoundCall bound && column.Value is CallExpression call
            && FunctionTable.Scalars.TryGetValue(call.Name.Text, out var function)
            && function.Parts?.Invoke(SeriesNames(call, bound)) is { Count: > 0 } parts)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var name = i < column.Names.Length ? column.Names[i].Text : parts[i].Name;
                var part = new BoundTemplate($"CAST(nullif(json_extract({{0}}, '{parts[i].Path}'), 'null') AS VARCHAR)", [value], KqlType.Dynamic, true);
                added.Add((name, Conversion.To(part, parts[i].Type)));
            }

            return;
        }

        if (column.IsTuple && column.Names.Length > 1)
        {
            diagnostics.Semantic("KQL122", column.Span, "This value does not have several parts");
            value = new BoundError();
        }

        added.Add((column.Names.Length > 0 ? column.Names[0].Text : NameOf(column.Value), value));
    }

    // The names of the arguments that are arrays: array_sort_asc(a, b, false) gives a column for a and b.
    private List<string> SeriesNames(CallExpression call, BoundCall bound) =>
        [.. call.Arguments.Where((_, i) => bound.Arguments[i].Type == KqlType.Dynamic).Select(a => NameOf(a.Value) ?? "")];

    // Each source stands for the columns of its list from its own place on.
    private static void Attribute(List<NamedExpression> sources, int count, NamedExpression next)
    {
        while (sources.Count < count)
        {
            sources.Add(sources[^1]);
        }

        sources.Add(next);
    }

    /// <summary>Gives the columns of a list their names; null, with a fault, where the text gives one of them twice.</summary>
    private List<Output>? Keys(
        List<(string? Name, BoundExpression Value)> list, List<NamedExpression> sources, ColumnNames names)
    {
        var outputs = new List<Output>();
        for (var i = 0; i < list.Count; i++)
        {
            var (given, value) = list[i];
            var source = sources[Math.Min(i, sources.Count - 1)];
            if (names.Next(given, IsGiven(given, value, source)) is not { } name)
            {
                diagnostics.Semantic("KQL121", source.Span, $"There is already a column '{given}' in this list");
                return null;
            }

            outputs.Add(new Output(names.Add(name, value.Type, value.CanBeNull), value));
        }

        return outputs;
    }

    // A column keeps its own name, also behind a conversion that changes nothing: tostring() of a string.
    private static bool IsGiven(string? name, BoundExpression value, NamedExpression source) =>
        name is not null && (source.Names.Any(n => n.Text == name) || (value is BoundColumn column && column.Column.Name == name));
}
