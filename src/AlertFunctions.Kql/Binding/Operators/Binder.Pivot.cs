using AlertFunctions.Kql.Emit;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// Plugins whose columns the data decide: without a schema they are read before the query is bound to its end.
/// Sources: learn.microsoft.com/kusto/query/pivot-plugin and bag-unpack-plugin.
/// </summary>
internal sealed partial class Binder
{
    /// <summary>How many columns the data may make.</summary>
    private const int MaxReadColumns = 500;

    // Each aggregate of pivot as one of the rows for which a predicate holds.
    private static readonly Dictionary<string, string> Conditional = new(StringComparer.Ordinal)
    {
        ["count"] = "countif",
        ["sum"] = "sumif",
        ["min"] = "minif",
        ["max"] = "maxif",
        ["avg"] = "avgif",
        ["dcount"] = "dcountif",
        ["stdev"] = "stdevif",
        ["variance"] = "varianceif",
        ["take_any"] = "take_anyif",
        ["make_list"] = "make_list_if",
        ["make_set"] = "make_set_if",
        ["make_bag"] = "make_bag_if",
    };

    private BoundTable BindPivot(BoundTable input, EvaluateOperator evaluate)
    {
        var plugin = evaluate.Plugin;
        if (plugin.Arguments is not [var pivot, ..] || Bind(pivot.Value) is not BoundColumn { Type: not KqlType.Dynamic } column)
        {
            return PluginFault(input, plugin, "pivot takes a column first");
        }

        var aggregate = plugin.Arguments.Length > 1
            ? plugin.Arguments[1].Value as CallExpression
            : new CallExpression(plugin.Span, new Identifier(plugin.Span, "count"), []);
        if (aggregate is null || !Conditional.TryGetValue(aggregate.Name.Text, out var conditional))
        {
            return PluginFault(input, plugin, $"The aggregate of pivot is one of {string.Join(", ", Conditional.Keys)}");
        }

        var aggregated = aggregate.Arguments.SelectMany(a => NamesIn(a.Value)).Append(column.Column.Name).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<NamedExpression> by = plugin.Arguments.Length > 2
            ? [.. plugin.Arguments.Skip(2)]
            : [.. input.Columns.Where(c => !aggregated.Contains(c.Name)).Select(c => new NamedExpression(plugin.Span, [], false, new NameExpression(plugin.Span, c.Name)))];
        var groups = by.Select(b => NameOf(b.Value)).ToHashSet();
        var values = evaluate.Schema is { } schema
            ? [.. schema.Columns.Select(c => c.Name.Text).Where(name => !groups.Contains(name))]
            : ReadColumns(plugin, $"['$input'] | summarize by value = tostring({Quoted(column.Column.Name)}) | sort by value asc", input);
        if (values is null)
        {
            return input with { IsError = true };
        }

        if (values.Contains(""))
        {
            return Refused(pivot.Span, "pivot by a column with empty values is not supported: a column needs a name");
        }

        var text = new CallExpression(pivot.Span, new Identifier(pivot.Span, "tostring"), [pivot]);
        var cells = values.Select(value =>
        {
            var isValue = new BinaryExpression(
                pivot.Span, BinaryOperator.Equal, pivot.Span, text, new LiteralExpression(pivot.Span, KqlType.String, value));
            var condition = new NamedExpression(pivot.Span, [], false, isValue);
            ImmutableArray<NamedExpression> arguments = aggregate.Arguments.Length == 0
                ? [condition]
                : [aggregate.Arguments[0], condition, .. aggregate.Arguments.Skip(1)];
            var call = new CallExpression(aggregate.Span, new Identifier(aggregate.Name.Span, conditional), arguments);
            return new NamedExpression(pivot.Span, [new Identifier(pivot.Span, value)], false, call);
        });
        var pivoted = BindSummarize(input, new SummarizeOperator(evaluate.Span, evaluate.Keyword, [.. cells], by));
        return InSchema(pivoted, evaluate.Schema);
    }

    /// <summary>The columns in the order of the schema, if there is one; a type that differs is the query's fault.</summary>
    private BoundTable InSchema(BoundTable table, TableSchema? schema)
    {
        if (schema is null || table.IsError)
        {
            return table;
        }

        var columns = new List<ColumnSymbol>();
        foreach (var declared in schema.Columns)
        {
            if (table.Columns.FirstOrDefault(c => c.Name == declared.Name.Text) is not { } column || column.Type != declared.Type)
            {
                diagnostics.Semantic("KQL134", declared.Span, $"The plugin gives no column '{declared.Name.Text}' of type {TypeName(declared.Type)}");
                return table with { IsError = true };
            }

            columns.Add(column);
        }

        return Passed(table, columns);
    }

    /// <summary>The slots of a bag, each with the one type that its values have, or dynamic; null where there is a fault.</summary>
    private TableSchema? ReadSlots(BoundTable input, CallExpression plugin, ColumnSymbol bag, string prefix, IReadOnlyList<string> ignored)
    {
        var lines = ReadColumns(
            plugin,
            $"['$input'] | project bag = {Quoted(bag.Name)} | mv-expand kind=array bag | extend slot = tostring(bag[0]), type = gettype(bag[1]) | extend type = iff(type == 'int', 'long', type) "
            + "| where type != 'null' | summarize types = make_set(type) by slot | sort by slot asc "
            + "| project strcat(iff(array_length(types) == 1, tostring(types[0]), 'dynamic'), ':', slot)",
            input);
        if (lines is null)
        {
            return null;
        }

        var columns = lines
            .Select(line => line.Split(':', 2))
            .Where(parts => !ignored.Contains(parts[1]))
            .Select(parts => new ColumnDeclaration(plugin.Span, new Identifier(plugin.Span, prefix + parts[1]), SlotType(parts[0]), plugin.Span));
        return new TableSchema(plugin.Span, [.. columns], IsOpen: true);
    }

    // The values of a bag are those of JSON.
    private static KqlType SlotType(string type) => type switch
    {
        "bool" => KqlType.Bool,
        "int" or "long" => KqlType.Long,
        "double" or "real" => KqlType.Real,
        "string" => KqlType.String,
        _ => KqlType.Dynamic,
    };

    /// <summary>The first column of a query of the compiler's own over the rows that a plugin gets.</summary>
    private IReadOnlyList<string>? ReadColumns(CallExpression plugin, string query, BoundTable input)
    {
        if (options.ReadTexts is null)
        {
            diagnostics.NotSupported(
                plugin.Name.Span, $"The columns of {plugin.Name.Text} depend on the data, which are not at hand here", "Declare them: evaluate plugin(...) : (Name:string).");
            return null;
        }

        if (input.IsError || diagnostics.All.Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            return null;
        }

        var table = BindOwn(query, ("$input", new TableEntity(input)));
        var column = new KqlColumn(table.Columns[0].Name, KqlType.String);
        var texts = options.ReadTexts(new CompiledQuery([new CompiledResult("Columns", [column], SqlEmitter.Emit(table))], [], TablesRead, null));
        if (texts is { Count: <= MaxReadColumns })
        {
            return texts;
        }

        diagnostics.NotSupported(
            plugin.Span, texts is null ? "The columns of the plugin could not be read" : $"More than {MaxReadColumns} columns are not supported here");
        return null;
    }

    /// <summary>Binds a query of the compiler's own, in which the names given stand for tables and values.</summary>
    private BoundTable BindOwn(string query, params ReadOnlySpan<(string Name, Entity Meaning)> names)
    {
        var (scope, rows) = (_scope, _rows);
        (_scope, _rows) = (new Scope(null), null);
        foreach (var (name, meaning) in names)
        {
            _scope.Declare(name, meaning);
        }

        var bound = KqlParser.Parse(query).Root.Statements is [ExpressionStatement { Expression: var expression }]
            ? BindTable(expression)
            : throw new InvalidOperationException($"Unreachable: '{query}' is a query.");
        (_scope, _rows) = (scope, rows);
        return bound;
    }

    /// <summary>A column's name as a query writes it, whatever it holds.</summary>
    private static string Quoted(string name) => $"['{name.Replace("\\", "\\\\").Replace("'", "\\'")}']";

    private BoundTable PluginFault(BoundTable input, CallExpression plugin, string message)
    {
        diagnostics.Semantic("KQL134", plugin.Span, message);
        return input with { IsError = true };
    }
}
