using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Testing;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Http;

namespace AlertFunctions.Tests.Published;

/// <summary>
/// What infra/README.md says to try on one machine, with its own records and settings: the deployed executable runs every shipped detection over the embedded
/// workspace's query API, and the first card comes. Azure Functions Core Tools are the one thing that is stood in for.
/// </summary>
[Collection(EmulatedHost.Collection)]
public sealed class TryItTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readme_RecordsAndSettings_EndInTheFirstCard()
    {
        var app = await PublishedApp.RequireAsync();
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra", "README.md"), Token);
        var folder = Directory.CreateTempSubdirectory("alertfn-try-");
        try
        {
            await RunAsync(Block(readme, "sh", "out/records"), folder.FullName);
            await using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { SchemaFolder = Path.Combine(Repository.Kql, "schemas") });
            Assert.Empty((await workspace.IngestAsync([Path.Combine(folder.FullName, "out", "records")], null, Token)).Faults);
            await using var logs = await WorkspaceServer.StartAsync(workspace, new WorkspaceServerOptions(), Token);
            var cards = new ConcurrentQueue<string>();
            await using var channel = await LoopbackServer.StartAsync(async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                cards.Enqueue(await body.ReadToEndAsync(context.RequestAborted));
                context.Response.StatusCode = 202;
            });
            var storage = await EmulatedHost.CreateAsync(azurite);
            var settings = Settings(readme, storage.Connection, logs.Address, channel.Address);
            settings["AlertFunctions__Catalogue"] = CatalogueWithoutWait(folder.FullName);
            await using var host = HostProcess.Start(app, settings);
            await host.ReadyAsync(Token);

            await storage.TickAsync(host);

            Assert.Contains("node-1", Assert.Single(cards), StringComparison.Ordinal);
            Assert.DoesNotContain("could not be evaluated", host.Log, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The settings as they stand there, but for the addresses of what takes the place of the world here.</summary>
    private static Dictionary<string, string> Settings(string readme, string storage, Uri logs, Uri channel)
    {
        var settings = JsonElement.Parse(Block(readme, "json", "local")).GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!, StringComparer.Ordinal);
        Assert.Equal("UseDevelopmentStorage=true", settings["AzureWebJobsStorage"]);
        settings["AzureWebJobsStorage"] = storage;
        settings["AlertFunctions__LogAnalyticsEndpoint"] = logs.ToString();
        foreach (var receiver in settings.Keys.Where(name => name.StartsWith("AlertFunctions__Receivers__", StringComparison.Ordinal)).ToArray())
        {
            settings[receiver] = new Uri(channel, "workflows/address").ToString();
        }

        settings["AlertFunctions__AllowedHosts"] = "127.0.0.1";
        return settings;
    }

    /// <summary>The shipped catalogue, whose groups do not wait for what else may come.</summary>
    private static string CatalogueWithoutWait(string folder)
    {
        var catalogue = Path.Combine(folder, "kql");
        foreach (var file in Directory.EnumerateFiles(Repository.Kql, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(catalogue, Path.GetRelativePath(Repository.Kql, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var routes = Path.Combine(catalogue, "routes.yaml");
        File.WriteAllText(routes, File.ReadAllText(routes).Replace("groupWait: 30s", "groupWait: 0s", StringComparison.Ordinal));
        return catalogue;
    }

    private static string Block(string readme, string language, string part) => Regex
        .Matches(readme, $"^ *```{language}\n(?<text>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)
        .Select(block => block.Groups["text"].Value)
        .Single(text => text.Contains(part, StringComparison.Ordinal));

    private static async Task RunAsync(string script, string folder)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", script]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync(Token);
        Assert.Equal(0, shell.ExitCode);
    }
}
