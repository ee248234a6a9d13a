using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AlertFunctions.Benchmarks;

/// <summary>
/// A contender in a process of its own, so that its memory is its own: a line of input is a command, a line of output its answer.
/// While one contender works the other waits.
/// </summary>
internal sealed class ContenderProcess : IDisposable
{
    /// <summary>The first argument of such a process; its contender's name and the number of records follow.</summary>
    public const string Argument = "contender";

    private readonly Process _process;

    public ContenderProcess(string name, int rows)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Argument, name, rows.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The contender does not start.");
    }

    /// <summary>Loads the file and gives the seconds that it took.</summary>
    public double Load(string file) => Ask<double>(["load", file]);

    public Timing Run(int query) => Ask<Timing>(["run", query.ToString(CultureInfo.InvariantCulture)]);

    public Digest Digest(int query, IReadOnlyList<string>? columns) =>
        Ask<Digest>(["digest", query.ToString(CultureInfo.InvariantCulture), .. columns ?? []]);

    /// <summary>The most memory that the process has held, in bytes.</summary>
    public long PeakMemory() => Ask<long>(["memory"]);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The other end: what the process does.</summary>
    public static async Task ServeAsync(string name, int rows)
    {
        using var contender = Contender.Create(name, rows);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            object answer = JsonSerializer.Deserialize<string[]>(line) switch
            {
                ["load", var file] => await LoadAsync(contender, file),
                ["run", var query] => await contender.RunAsync(int.Parse(query, CultureInfo.InvariantCulture)),
                ["digest", var query, .. var columns] =>
                    await contender.DigestAsync(int.Parse(query, CultureInfo.InvariantCulture), columns.Length > 0 ? columns : null),
                ["memory"] => Process.GetCurrentProcess().PeakWorkingSet64,
                _ => throw new InvalidOperationException($"Unreachable: {line} is no command."),
            };
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer));
        }
    }

    private static async Task<double> LoadAsync(Contender contender, string file)
    {
        var watch = Stopwatch.StartNew();
        await contender.LoadAsync(file);
        return watch.Elapsed.TotalSeconds;
    }

    private T Ask<T>(string[] command)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The contender failed at: {string.Join(' ', command)}");
        return JsonSerializer.Deserialize<T>(answer)!;
    }
}
