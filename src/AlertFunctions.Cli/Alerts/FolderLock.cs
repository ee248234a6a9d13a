using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Alerts;

/// <summary>One run at a time writes into a folder: two would send what the other has sent. It ends with the process, however that ends.</summary>
internal static class FolderLock
{
    /// <returns>What holds the folder until it is disposed.</returns>
    /// <exception cref="CommandFault">Another run holds it, or it cannot be written into.</exception>
    public static IDisposable Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new CommandFault($"The folder {folder} cannot be written into: {fault.Message} Name another with --out.");
        }
        catch (IOException fault)
        {
            throw new CommandFault($"The folder {folder} cannot be used: {fault.Message} Wait for the other `alertfn run` to end, or name another folder with --out.");
        }
    }
}
