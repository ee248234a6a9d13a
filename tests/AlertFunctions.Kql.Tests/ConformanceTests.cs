using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Kql.Tests;

/// <summary>
/// The documentation's own examples, compared by the script that lies beside them: no answer may differ from the printed one,
/// however many are refused.
/// </summary>
public sealed partial class ConformanceTests
{
    [Fact]
    public async Task DocumentedExamples_NoneIsWrong_AndNearlyAllMatch()
    {
        var folder = Repository.Shared("kql-conformance");
        var script = Path.Combine(folder, "kql_conformance.py");
        Assert.SkipUnless(File.Exists(script), "The documented examples are not beside this repository.");
        Assert.SkipUnless(await HasPythonAsync(), "There is no python3 to run the comparison.");
        using var workspace = new WorkspaceQuery();
        using var listener = Listen(out var endpoint);
        var serving = ServeAsync(listener, workspace, TestContext.Current.CancellationToken);

        var comparing = PythonAsync(
            script, endpoint, Path.Combine(folder, "dev.jsonl"), "--exclude", Path.Combine(folder, "misprinted.tsv"));

        // A fault of the compiler ends the serving, and the script would wait for its answer for ever.
        if (await Task.WhenAny(comparing, serving) == serving)
        {
            listener.Abort();
            await serving;
        }

        var report = await comparing;
        listener.Stop();
        await serving;

        var summary = Summary().Match(report);
        Assert.True(summary.Success, report);
        var (passed, counted) = (int.Parse(summary.Groups["passed"].Value, null), int.Parse(summary.Groups["counted"].Value, null));
        Assert.True(summary.Groups["wrong"].Value == "0", report);
        Assert.True(passed >= counted * Floor, report);
    }

    // What is refused needs operators that are refused too; the number may only rise.
    private const double Floor = 0.95;

    [GeneratedRegex(@"(?<passed>\d+) of (?<counted>\d+) match \(\d+ skipped; (?<wrong>\d+) wrong, \d+ errors\)")]
    private static partial Regex Summary();

    private static HttpListener Listen(out string endpoint)
    {
        // The listener takes no port 0: a free one is asked of the system first.
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        endpoint = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add(endpoint);
        listener.Start();
        return listener;
    }

    private static async Task ServeAsync(HttpListener listener, WorkspaceQuery workspace, CancellationToken cancellationToken)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var query = (string?)(await JsonNode.ParseAsync(context.Request.InputStream, cancellationToken: cancellationToken))?["query"];
            var outcome = await workspace.RunAsync(query ?? "", cancellationToken);
            context.Response.StatusCode = outcome is QueryAnswer ? 200 : 400;
            await JsonSerializer.SerializeAsync(context.Response.OutputStream, Body(outcome), cancellationToken: cancellationToken);
            context.Response.Close();
        }
    }

    private static JsonObject Body(QueryOutcome outcome) =>
        outcome is QueryAnswer { Table: var table }
            ? new JsonObject
            {
                ["tables"] = new JsonArray(new JsonObject
                {
                    ["name"] = "PrimaryResult",
                    ["columns"] = new JsonArray([.. table.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type })]),
                    ["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonArray([.. row.Select(Cell)]))]),
                }),
            }
            : new JsonObject { ["error"] = outcome.ToString() };

    // Cells as the service encodes them: whole and finite numbers and bools are JSON's own, all else is text.
    private static JsonNode? Cell(object? cell) =>
        cell switch
        {
            null => null,
            bool flag => flag,
            int whole => whole,
            long whole => whole,
            double real when double.IsFinite(real) => real,
            JsonElement { ValueKind: JsonValueKind.String } text => JsonValue.Create(text.GetString()),
            _ => WorkspaceQuery.Text(cell),
        };

    private static async Task<bool> HasPythonAsync()
    {
        try
        {
            return (await PythonAsync("--version")).Length >= 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<string> PythonAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await error;
    }
}
