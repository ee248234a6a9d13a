using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AlertFunctions.Testing;

namespace AlertFunctions.Detections.Tests.MicrosoftBinder;

internal sealed record BinderColumn(string Name, string Type);

internal sealed record BinderTable(string Name, IReadOnlyList<BinderColumn> Columns);

internal sealed record BinderQuery(string Name, string Text);

internal sealed record BinderDiagnostic(string Code, string Severity, string Message, int Line, int Column);

internal sealed record BinderAnswer(string Name, IReadOnlyList<BinderDiagnostic> Diagnostics, IReadOnlyList<BinderColumn> Columns);

/// <summary>Runs npm's @kusto/language-service-next, which is installed once into this project's obj folder.</summary>
internal static class BinderProcess
{
    private const string Package = "@kusto/language-service-next@12.4.1";

    private static readonly string Project = Path.Combine(Repository.Root, "tests", "AlertFunctions.Detections.Tests");
    private static readonly string Install = Path.Combine(Project, "obj", "kusto-language-service");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<bool> Node = new(() => Exists("node") && Exists("npm"));

    public static bool IsAvailable => Node.Value;

    public static async Task<IReadOnlyList<BinderAnswer>> BindAsync(
        IEnumerable<BinderTable> tables, IEnumerable<BinderQuery> queries, CancellationToken cancellationToken)
    {
        await EnsureInstalledAsync(cancellationToken);
        var input = JsonSerializer.Serialize(new { tables, queries }, Json);
        var output = await RunAsync("node", [Path.Combine(Project, "MicrosoftBinder", "bind.js"), Install], input, cancellationToken);
        return JsonSerializer.Deserialize<List<BinderAnswer>>(output, Json)!;
    }

    private static async Task EnsureInstalledAsync(CancellationToken cancellationToken)
    {
        var package = Path.Combine(Install, "node_modules", "@kusto", "language-service-next", "package.json");
        if (File.Exists(package))
        {
            return;
        }

        Directory.CreateDirectory(Install);
        await RunAsync("npm", ["install", "--prefix", Install, "--no-audit", "--no-fund", "--no-save", Package], "", cancellationToken);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} failed with {process.ExitCode}: {Tail(await errors)}");
    }

    // Node prints the whole minified line that an exception came from.
    private static string Tail(string text) => text.Length <= 2000 ? text : text[^2000..];

    private static bool Exists(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
