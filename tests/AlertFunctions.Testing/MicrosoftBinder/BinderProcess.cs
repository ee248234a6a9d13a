using System.Diagnostics;
using System.Text.Json;

namespace AlertFunctions.Testing.MicrosoftBinder;

public sealed record BinderColumn(string Name, string Type);

public sealed record BinderTable(string Name, IReadOnlyList<BinderColumn> Columns);

public sealed record BinderQuery(string Name, string Text);

public sealed record BinderDiagnostic(string Code, string Severity, string Message, int Line, int Column);

/// <summary>What the binder says of a query: its faults and the columns of its results; most queries have one result.</summary>
public sealed record BinderAnswer(
    string Name, IReadOnlyList<BinderDiagnostic> Diagnostics, IReadOnlyList<IReadOnlyList<BinderColumn>> Results)
{
    public IReadOnlyList<BinderColumn> Columns => Results.Count > 0 ? Results[0] : [];

    public IEnumerable<BinderDiagnostic> Errors => Diagnostics.Where(d => d.Severity == "Error");
}

/// <summary>Microsoft's own parser and binder of KQL (npm @kusto/language-service-next), run in a process of Node.</summary>
public static class BinderProcess
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static bool IsAvailable => NodeModules.IsNodeInstalled;

    /// <summary>The answers to all queries, in their order.</summary>
    /// <exception cref="InvalidOperationException">Node failed; the message holds the end of what it printed.</exception>
    public static async Task<IReadOnlyList<BinderAnswer>> BindAsync(
        IEnumerable<BinderTable> tables, IEnumerable<BinderQuery> queries, CancellationToken cancellationToken)
    {
        var modules = await NodeModules.RequireAsync();
        var script = Path.Combine(Repository.Root, "tests", "AlertFunctions.Testing", "MicrosoftBinder", "bind.js");
        using var process = Process.Start(new ProcessStartInfo("node", [script, modules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { tables, queries }, Json).AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<List<BinderAnswer>>(await output, Json)!
            : throw new InvalidOperationException($"node failed with {process.ExitCode}: {Tail(await errors)}");
    }

    // Node prints the whole minified line that an exception came from.
    private static string Tail(string text) => text.Length <= 2000 ? text : text[^2000..];
}
