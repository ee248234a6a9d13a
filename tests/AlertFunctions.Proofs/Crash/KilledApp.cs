using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace AlertFunctions.Proofs.Crash;

/// <summary>A process of the app that is told the time, and may die at it.</summary>
internal sealed class KilledApp : IDisposable
{
    /// <summary>128 and SIGKILL: how .NET tells the end of a process that was killed.</summary>
    private const int Killed = 137;

    private readonly Process _process;

    private KilledApp(Process process) => _process = process;

    /// <param name="arguments">Its command line, beginning with the command.</param>
    public static KilledApp Start(IReadOnlyList<string> arguments)
    {
        // Beside a test assembly, only that assembly's own list says where native libraries lie.
        var host = Assembly.GetEntryAssembly()!.GetName().Name;
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "exec", "--depsfile", Path.Combine(AppContext.BaseDirectory, $"{host}.deps.json"),
                Path.Combine(AppContext.BaseDirectory, "AlertFunctions.Proofs.dll"), .. arguments,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new KilledApp(Process.Start(start)!);
    }

    /// <summary>Runs what is due at a time. Gives the number of operations so far; null where the process was killed over it.</summary>
    /// <exception cref="InvalidOperationException">It ended in another way.</exception>
    public async Task<int?> TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(now.ToString("O", CultureInfo.InvariantCulture));
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It ended before it read this; how is seen below.
        }

        if (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            return int.Parse(line, CultureInfo.InvariantCulture);
        }

        var error = await _process.StandardError.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode == Killed ? null : throw new InvalidOperationException($"The process ended with {_process.ExitCode}: {error}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
