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
        var refused = new Diagnostic(
            "KQL000", DiagnosticSeverity.Error, DiagnosticKind.NotSupported, new TextSpan(0, 0), "Binding is not in place yet.");
        return new CompiledQuery([], [refused], [], null);
    }
}
