using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AlertFunctions.Hosting;

namespace AlertFunctions.Tests.Published;

/// <summary>
/// Starts the published app as the Functions host of Azure's image does, and calls it as the host would: the image's ASPNETCORE_* settings are there, the port
/// comes by a variable, and a refused connection means wait. Source: the environment of azure-functions-docker's images.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = true });

    private HostProcess(Process process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    /// <summary>What the process has written to either stream so far.</summary>
    public string Log => string.Join('\n', _lines);

    public static HostProcess Start(string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(folder, "alertfunctions"))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["ASPNETCORE_URLS"] = "http://+:80";
        start.Environment["ASPNETCORE_CONTENTROOT"] = "/azure-functions-host";
        start.Environment["DOTNET_RUNNING_IN_CONTAINER"] = "true";
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "custom";
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "w";
        start.Environment[FunctionsHost.PortVariable] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var host = new HostProcess(process, port);
        process.OutputDataReceived += (_, line) => host._lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => host._lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Probes until anything answers, as the host does; a process that ended is a failure with its log.</summary>
    public async Task<HttpStatusCode> ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(Address, cancellationToken);
                return response.StatusCode;
            }
            catch (HttpRequestException exception) when (exception.InnerException is SocketException && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken);
            }
            catch (HttpRequestException) when (_process.HasExited)
            {
                throw new InvalidOperationException($"The app ended with {_process.ExitCode}:\n{Log}");
            }
        }
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(string function, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, function));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.Add("Content-Type", "application/json; charset=utf-8");
        request.Headers.Add("X-Azure-Functions-InvocationId", "d58c3606-9462-4881-9193-8bbeef831cc0");

        // As the host sends them.
        request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request, cancellationToken);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken)));
    }

    /// <summary>Forgets the most memory that the process held, so that its peak is counted from here. Gives what it holds now, in bytes. Source: proc(5), clear_refs.</summary>
    public long BeginPeakMemory()
    {
        File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");
        return Memory("VmRSS");
    }

    /// <summary>The most memory that the process held since <see cref="BeginPeakMemory"/>, in bytes.</summary>
    public long PeakMemory() => Memory("VmHWM");

    /// <summary>Sends SIGTERM and gives the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _client.Dispose();
    }

    /// <summary>A line such as <c>VmRSS:     1800 kB</c>. Source: proc(5), status.</summary>
    private long Memory(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1).Trim().TrimEnd("kB"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
