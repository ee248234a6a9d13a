using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using AlertFunctions.Settings;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Infrastructure;

/// <summary>The deployment compiles without a warning, and names what the app names.</summary>
public sealed class BicepTests
{
    private static readonly Lazy<Task<(int ExitCode, string Output, string Messages)>> Compiled = new(CompileAsync);

    private static string Infra => Path.Combine(Repository.Root, "infra");

    [Fact]
    public async Task Deployment_Compiles_WithoutAWarning()
    {
        SkipElsewhere();

        var (exitCode, _, messages) = await Compiled.Value;

        // What bicep cannot check it warns of, and ends with 0. Its messages cover the modules too.
        Assert.Equal((0, ""), (exitCode, messages.Trim()));
    }

    [Fact]
    public void Modules_OnFile_AreAllPartOfTheDeployment()
    {
        var main = File.ReadAllText(Path.Combine(Infra, "main.bicep"));

        var modules = Directory.EnumerateFiles(Path.Combine(Infra, "modules")).Select(path => $"'modules/{Path.GetFileName(path)}'");

        Assert.All(modules, module => Assert.Contains(module, main, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_OfTheDeployment_AreThoseThatTheAppKnowsAndTheReadmeDescribes()
    {
        SkipElsewhere();
        var readme = await File.ReadAllTextAsync(Path.Combine(Infra, "README.md"), TestContext.Current.CancellationToken);

        var names = Names((await Compiled.Value).Output).Select(name => name.Split("__")[1]).Distinct().ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, SettingsReader.KnownNames));
        Assert.All(SettingsReader.KnownNames, name => Assert.Contains($"`AlertFunctions__{name}", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parameters_FromTheEnvironmentOfAzd_AreThoseOfTheDeployment()
    {
        SkipElsewhere();

        var (exitCode, output, messages) = await RunAsync(
            ["build-params", Path.Combine(Infra, "main.bicepparam"), "--stdout"],
            ("AZURE_ENV_NAME", "prod"), ("AZURE_LOCATION", "westeurope"), ("ALERTFUNCTIONS_WORKSPACES", "/a;/b"),
            ("ALERTFUNCTIONS_OPERATORS", "ops@contoso.com"), ("ALERTFUNCTIONS_MANAGE_ALERT_RULES", "true"),
            ("ALERTFUNCTIONS_REGISTRIES", """[{"id":"/r","location":"westeurope"}]"""));

        Assert.Equal((0, ""), (exitCode, messages.Trim()));
        var parameters = JsonElement.Parse(JsonElement.Parse(output).GetProperty("parametersJson").GetString()!).GetProperty("parameters");
        Assert.Equal("prod", parameters.GetProperty("environmentName").GetProperty("value").GetString());
        Assert.Equal(["/a", "/b"], parameters.GetProperty("workspaceIds").GetProperty("value").EnumerateArray().Select(id => id.GetString()));
        Assert.True(parameters.GetProperty("manageAlertRules").GetProperty("value").GetBoolean());
        Assert.Equal("/r", parameters.GetProperty("registries").GetProperty("value")[0].GetProperty("id").GetString());
        Assert.False(parameters.GetProperty("connectEvents").GetProperty("value").GetBoolean());
    }

    [Fact]
    public async Task Azd_AfterProvisioning_UsesWhatIsThere()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Infra, "azure.yaml"), TestContext.Current.CancellationToken);
        var main = await File.ReadAllTextAsync(Path.Combine(Infra, "main.bicep"), TestContext.Current.CancellationToken);

        // azd hands the deployment's outputs to its hooks as variables of the same names.
        var variables = script.Split('"').Where(text => text.StartsWith('$')).Select(text => text[1..]).ToArray();
        Assert.Equal(["resourceGroupName", "functionAppName"], variables);
        Assert.All(variables, name => Assert.Contains($"output {name} string", main, StringComparison.Ordinal));
        var projects = script.Split(' ').Select(word => word.Trim()).Where(word => word.StartsWith("src/", StringComparison.Ordinal));
        Assert.All(projects, project => Assert.True(Directory.Exists(Path.Combine(Repository.Root, project)), project));
    }

    private static IEnumerable<string> Names(string template) => template.Split('\'', '"')
        .Where(text => text.StartsWith("AlertFunctions__", StringComparison.Ordinal));

    private static void SkipElsewhere() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "The bicep binary of the package is for linux-x64.");

    private static Task<(int ExitCode, string Output, string Messages)> CompileAsync() => RunAsync(["build", Path.Combine(Infra, "main.bicep"), "--stdout"]);

    private static async Task<(int ExitCode, string Output, string Messages)> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var bicep = typeof(BicepTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!;
        var start = new ProcessStartInfo(bicep, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var messages = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await messages);
    }
}
