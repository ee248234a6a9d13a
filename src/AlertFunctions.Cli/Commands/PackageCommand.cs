using System.CommandLine;
using System.Security.Cryptography;
using AlertFunctions.Cli.Packaging;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Makes the deployment zip of what <c>dotnet publish</c> wrote.</summary>
internal static class PackageCommand
{
    public static Command Create(CommandHost host)
    {
        var folder = new Argument<string>("FOLDER") { Description = "What dotnet publish src/AlertFunctions wrote." };
        var output = new Option<string>("--out")
        {
            Description = "The zip to write.",
            HelpName = "FILE",
            DefaultValueFactory = _ => Path.Combine("out", "alertfunctions.zip"),
        };
        var command = new Command("package", "Make the zip that the Functions app is deployed from: the same files give the same bytes.") { folder, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(folder)!, parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, string folder, string output, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandFault($"There is no folder {folder}. Run dotnet publish src/AlertFunctions -c Release -o {folder} first.", ExitCode.Usage);
        }

        var (entries, faults) = DeploymentPackage.Plan(folder);
        if (!faults.IsEmpty)
        {
            foreach (var fault in faults)
            {
                host.Error.WriteLine($"error: {fault}");
            }

            return ExitCode.Failed;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } parent)
        {
            Directory.CreateDirectory(parent);
        }

        using var zip = new MemoryStream();
        DeploymentPackage.Write(folder, entries, zip);
        await File.WriteAllBytesAsync(output, zip.ToArray(), cancellationToken);
        zip.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(zip, cancellationToken));
        host.Output.WriteLine($"{output}: {Plural.Of(entries.Length, "file")}, {zip.Length / 1048576.0:0.0} MiB, sha256 {hash}");
        return ExitCode.Clean;
    }
}
