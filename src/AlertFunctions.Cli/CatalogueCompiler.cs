using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Kql.Syntax;
using AlertFunctions.Workspace;

namespace AlertFunctions.Cli;

/// <summary>The domain's compiler port over a workspace's schemas and functions.</summary>
internal sealed class CatalogueCompiler(EmbeddedWorkspace workspace) : IQueryCompiler
{
    public QueryAnalysis Analyse(string query, DateTimeOffset now)
    {
        var compiled = workspace.Compile(query, new CompileOptions { Now = now.UtcDateTime });
        return new(
            compiled.Results.Count == 0
                ? []
                : [.. compiled.Results[0].Columns.Select(column => new QueryColumn(column.Name, column.Type.ToString().ToLowerInvariant()))],
            [.. compiled.Tables],
            [.. compiled.Diagnostics.Select(diagnostic => Fault(query, diagnostic))]);
    }

    private static QueryFault Fault(string query, Diagnostic diagnostic)
    {
        var (line, column) = DiagnosticFormatter.Locate(query, diagnostic.Span.Start);
        return new(
            line,
            column,
            diagnostic.Severity == DiagnosticSeverity.Error ? CatalogueSeverity.Error : CatalogueSeverity.Warning,
            diagnostic.Code,
            diagnostic.Message,
            diagnostic.Hint);
    }
}
