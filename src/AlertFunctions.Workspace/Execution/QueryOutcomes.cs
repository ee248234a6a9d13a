using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;

namespace AlertFunctions.Workspace.Execution;

/// <summary>Runs a query for the domain, to which every fault is an outcome.</summary>
internal static class QueryOutcomes
{
    public static async Task<QueryOutcome> RunAsync(
        QueryRunner runner, string text, CompiledQuery query, CancellationToken cancellationToken)
    {
        if (!query.Succeeded)
        {
            return Refused(text, query);
        }

        try
        {
            var result = query.Results[0];
            await using var reader = await runner.ExecuteAsync(query, result, cancellationToken);
            return new QueryAnswer(await ReadAllAsync(reader, cancellationToken));
        }
        catch (QueryExecutionException fault)
        {
            return new QueryFailed(fault.Message, Retryable: false);
        }
    }

    private static QueryOutcome Refused(string text, CompiledQuery query)
    {
        var errors = query.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var detail = string.Join('\n', errors.Select(error => Describe(text, error)));
        return errors.All(error => error.Code == Diagnostic.UnknownTable)
            ? new QueryTableNotFound(detail)
            : new QueryFailed(detail, Retryable: false);
    }

    private static string Describe(string text, Diagnostic diagnostic)
    {
        var (line, column) = TextPosition.Of(text, diagnostic.Span.Start);
        var hint = diagnostic.Hint is null ? "" : $" ({diagnostic.Hint})";
        return $"{line}:{column}: error {diagnostic.Code}: {diagnostic.Message}{hint}";
    }

    private static async Task<QueryTable> ReadAllAsync(ResultReader reader, CancellationToken cancellationToken)
    {
        var columns = reader.Columns.Select(column => new QueryColumn(column.Name, ColumnTypes.Name(column.Type))).ToList();
        var rows = new List<IReadOnlyList<object?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object?[columns.Count];
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = reader.GetValue(column);
            }

            rows.Add(row);
        }

        return new QueryTable(columns, rows);
    }
}
