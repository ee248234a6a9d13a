using System.IO.Compression;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Commands;

public sealed class PackageCommandTests : IDisposable
{
    private readonly CatalogueFolder _folder = new();

    public PackageCommandTests()
    {
        _folder
            .With("host.json", """{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"app"}}}""")
            .With("Heartbeat/function.json", """{"bindings":[]}""")
            .With("kql/detections/pods/x.yaml", CatalogueFolder.Detection("pods/x"))
            .With("kql/detections/pods/x.tests.yaml", "tests: []\n");
        File.WriteAllBytes(Path.Combine(_folder.Path, "app"), [.. "\u007fELF\u0002"u8, .. new byte[13], 0x3E, 0, .. new byte[1000]]);
    }

    public void Dispose()
    {
        _folder.Dispose();
        File.Delete(Output("a.zip"));
        File.Delete(Output("b.zip"));
    }

    [Fact]
    public async Task Package_OfAPublishedFolder_HasTheHostAtItsRootAndOneExecutable()
    {
        _folder.With("app.dbg", "symbols").With("local.settings.json", "{}");
        using var zip = await ReadAsync("a.zip");

        Assert.Equal(
            ["Heartbeat/function.json", "app", "host.json", "kql/detections/pods/x.tests.yaml", "kql/detections/pods/x.yaml"],
            zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.FullName == "app" ? "100755" : "100644", Convert.ToString((entry.ExternalAttributes >> 16) & 0xFFFF, 8)));
    }

    [Fact]
    public async Task Package_OfTheSameFilesAtAnotherTime_IsTheSameByteForByte()
    {
        using (await ReadAsync("a.zip"))
        {
        }

        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "host.json"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using (await ReadAsync("b.zip"))
        {
        }

        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.Equal(
            await File.ReadAllBytesAsync(Output("a.zip"), cancellationToken), await File.ReadAllBytesAsync(Output("b.zip"), cancellationToken));
    }

    [Fact]
    public async Task Package_OfAFolderWithFaults_SaysAllOfThemAndWritesNothing()
    {
        _folder.With("app", "#!/bin/sh").With("appsettings.json", "{}").With("Heartbeat/function.json", "[]").With("kql/detections/pods/y.yaml", "id: pods/y\n");

        var result = await Alertfn.RunAsync("package", _folder.Path, "--out", Output("a.zip"));

        Assert.Equal(1, result.ExitCode);
        Assert.All(
            ["app: is no linux-x64 executable", "appsettings.json: is neither", "Heartbeat/function.json: is no function", "There is no function", "y.yaml"],
            part => Assert.Contains(part, result.Error, StringComparison.Ordinal));
        Assert.False(File.Exists(Output("a.zip")));
    }

    [Fact]
    public async Task Package_WithoutHostJson_SaysWhatToGive()
    {
        File.Delete(Path.Combine(_folder.Path, "host.json"));

        var result = await Alertfn.RunAsync("package", _folder.Path, "--out", Output("a.zip"));

        Assert.Contains("host.json: is not there", result.Error, StringComparison.Ordinal);
    }

    private string Output(string name) => $"{_folder.Path}-{name}";

    private async Task<ZipArchive> ReadAsync(string name)
    {
        var result = await Alertfn.RunAsync("package", _folder.Path, "--out", Output(name));
        Assert.True(result.ExitCode == 0, result.Error);
        return await ZipFile.OpenReadAsync(Output(name), TestContext.Current.CancellationToken);
    }
}
