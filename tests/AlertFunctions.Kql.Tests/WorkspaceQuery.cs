using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql.Runtime;
using AlertFunctions.Workspace;

namespace AlertFunctions.Kql.Tests;

/// <summary>Runs queries without tables on an embedded workspace of the test process, at a fixed time.</summary>
public sealed class WorkspaceQuery : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

    public Task<QueryOutcome> RunAsync(string query, CancellationToken cancellationToken) =>
        _workspace.QueryAsync(new QueryRequest(query, Now), cancellationToken);

    /// <summary>The rows as text, cells separated by " | " and rows by line breaks; what is null is empty.</summary>
    public async Task<string> TextAsync(string query, CancellationToken cancellationToken) =>
        await RunAsync(query, cancellationToken) switch
        {
            QueryAnswer answer => string.Join('\n', answer.Table.Rows.Select(row => string.Join(" | ", row.Select(Text)))),
            QueryFailed failed => throw new InvalidOperationException($"{failed.Detail}: {query}"),
            var outcome => throw new InvalidOperationException($"{outcome}: {query}"),
        };

    public static string Text(object? cell) =>
        cell switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            double real => RealText.Format(real),
            DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
            JsonElement json => json.GetRawText(),
            _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
        };

    public void Dispose() => _workspace.Dispose();
}
