namespace AlertFunctions.Kql;

/// <summary>How a query asks for its result to be drawn: the <c>render</c> operator, which changes no row.</summary>
public sealed record RenderHint(string Visualization, IReadOnlyDictionary<string, string> Properties);

/// <summary>One result table of a query: its name (PrimaryResult unless the query gives several), columns and SQL.</summary>
public sealed record CompiledResult(string Name, IReadOnlyList<KqlColumn> Columns, string Sql);

/// <summary>What the compiler made of a query's text.</summary>
/// <param name="Results">One per result table; empty where there is an error among the diagnostics.</param>
/// <param name="Diagnostics">Every fault found, in the order of the text.</param>
/// <param name="Tables">The catalogue's tables that the query reads, by name.</param>
/// <param name="Render">The drawing hint, if the query has one.</param>
public sealed record CompiledQuery(
    IReadOnlyList<CompiledResult> Results,
    IReadOnlyList<Diagnostic> Diagnostics,
    IReadOnlyList<string> Tables,
    RenderHint? Render)
{
    public bool Succeeded => Diagnostics.All(d => d.Severity != DiagnosticSeverity.Error);
}

/// <summary>What a compilation needs besides text and catalogue.</summary>
public sealed record CompileOptions
{
    /// <summary>The instant that <c>now()</c> gives, the same for the whole query.</summary>
    public required DateTime Now { get; init; }

    /// <summary>
    /// Limits every table of the query to rows whose TimeGenerated lies in [start, end), as the API's <c>timespan</c> does.
    /// </summary>
    public (DateTime Start, DateTime End)? TimeRange { get; init; }

    /// <summary>Rows ingested after this instant are not seen: a simulated clock's view of a table. Null sees all.</summary>
    public DateTime? VisibleAt { get; init; }

    /// <summary>
    /// Runs a query of the compiler's own and gives the texts of its only column, or null where it fails: the columns of pivot and
    /// bag_unpack depend on the data. Where this is null, such plugins need a schema.
    /// </summary>
    public Func<CompiledQuery, IReadOnlyList<string>?>? ReadTexts { get; init; }

    /// <summary>Values for <c>declare query_parameters</c>, as KQL literals, by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
