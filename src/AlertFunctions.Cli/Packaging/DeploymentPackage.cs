using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Cli.Packaging;

/// <summary>
/// The zip that a Functions app on Flex Consumption is deployed from: host.json at its root, the executable that host.json names, the functions' folders and
/// the catalogue, nothing else. The same files give the same bytes. Only the executable's entry has the executable bit, as Azure Functions Core Tools does it;
/// the package is mounted read-only, so that nobody can set it later.
/// </summary>
internal static class DeploymentPackage
{
    private const int Executable = 0x81ED; // A regular file, rwxr-xr-x.
    private const int Plain = 0x81A4; // A regular file, rw-r--r--.

    // What a build or a developer leaves beside the app. Local settings hold secrets.
    private static readonly string[] LeftOut = [".pdb", ".dbg", ".xml", ".stamp", "local.settings.json"];

    // The earliest time that a zip can hold: no clock shows in the package.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The entries' names with forward slashes, in their order; or every fault of the folder.</summary>
    public static (ImmutableArray<string> Entries, ImmutableArray<string> Faults) Plan(string folder)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        var executable = ExecutableOf(folder, faults);
        var entries = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal))
        {
            if (entry == "host.json" || entry == executable || entry.StartsWith("kql/", StringComparison.Ordinal)
                || (entry.Split('/') is [_, "function.json"] && IsObject(Path.Combine(folder, entry), faults, entry)))
            {
                entries.Add(entry);
            }
            else if (!LeftOut.Any(ending => entry.EndsWith(ending, StringComparison.Ordinal)) && !entry.EndsWith("/function.json", StringComparison.Ordinal))
            {
                faults.Add($"{entry}: is neither host.json, its executable, a function.json nor of the catalogue; publish into an empty folder.");
            }
        }

        if (!entries.Any(entry => entry.EndsWith("/function.json", StringComparison.Ordinal)))
        {
            faults.Add("There is no function: no folder holds a function.json.");
        }

        var catalogue = DetectionLoader.Load(Path.Combine(folder, "kql"));
        faults.AddRange(catalogue.Diagnostics.Where(diagnostic => diagnostic.IsError).Select(diagnostic => diagnostic.ToString()));
        return (entries.ToImmutable(), faults.ToImmutable());
    }

    /// <summary>Writes the entries of <see cref="Plan"/>.</summary>
    public static void Write(string folder, ImmutableArray<string> entries, Stream stream)
    {
        var executable = ExecutableOf(folder, ImmutableArray.CreateBuilder<string>());
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var name in entries)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Epoch;
            entry.ExternalAttributes = (name == executable ? Executable : Plain) << 16;
            using var content = entry.Open();
            using var file = File.OpenRead(Path.Combine(folder, name));
            file.CopyTo(content);
        }
    }

    private static string? ExecutableOf(string folder, ImmutableArray<string>.Builder faults)
    {
        var path = Path.Combine(folder, "host.json");
        if (!File.Exists(path))
        {
            faults.Add("host.json: is not there; give the folder that dotnet publish wrote.");
            return null;
        }

        try
        {
            var name = JsonElement.Parse(File.ReadAllBytes(path))
                .GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString();
            if (name is null || !File.Exists(Path.Combine(folder, name)))
            {
                faults.Add($"{name ?? "null"}: host.json names it as the executable, and it is not there.");
                return null;
            }

            using var file = File.OpenRead(Path.Combine(folder, name));
            Span<byte> header = stackalloc byte[20];
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
                || !header.StartsWith("\u007fELF\u0002"u8) || header[18] != 0x3E)
            {
                faults.Add($"{name}: is no linux-x64 executable; publish on Linux with -r linux-x64.");
            }

            return name;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            faults.Add("host.json: has no customHandler.description.defaultExecutablePath.");
            return null;
        }
    }

    private static bool IsObject(string path, ImmutableArray<string>.Builder faults, string entry)
    {
        try
        {
            if (JsonElement.Parse(File.ReadAllBytes(path)) is { ValueKind: JsonValueKind.Object } function && function.TryGetProperty("bindings", out _))
            {
                return true;
            }
        }
        catch (JsonException)
        {
            // Told below.
        }

        faults.Add($"{entry}: is no function's description.");
        return false;
    }
}
