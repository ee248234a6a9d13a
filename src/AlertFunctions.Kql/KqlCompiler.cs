using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql;

/// <summary>Compiles Log Analytics query text to DuckDB SQL.</summary>
public static class KqlCompiler
{
    /// <summary>
    /// Compiles a query. Never throws for what the text says: every fault is a diagnostic. Equal arguments give equal SQL.
    /// </summary>
    /// <param name="text">The query's text.</param>
    /// <param name="catalog">The tables, saved functions and watchlists that it may name.</param>
    /// <param name="options">The clock, the time range and the parameters' values.</param>
    public static CompiledQuery Compile(string text, IKqlCatalog catalog, CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        var tree = KqlParser.Parse(text);
        var diagnostics = new Diagnostics();
        var binder = new Binder(catalog, options, diagnostics);
        var tables = binder.Bind(tree.Root);
        var all = tree.Diagnostics.Concat(diagnostics.All).OrderBy(d => d.Span.Start).ToList();
        if (all.Exists(d => d.Severity == DiagnosticSeverity.Error))
        {
            return new CompiledQuery([], all, binder.TablesRead, binder.Render);
        }

        var results = tables
            .Select(t => new CompiledResult(t.Name, [.. t.Table.Columns.Select(c => new KqlColumn(c.Name, c.Type))], SqlEmitter.Emit(t.Table)))
            .ToList();
        return new CompiledQuery(results, all, binder.TablesRead, binder.Render);
    }
}
