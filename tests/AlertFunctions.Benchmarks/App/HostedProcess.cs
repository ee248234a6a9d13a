using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AlertFunctions.Benchmarks.App;

/// <summary>A program that is started, probed, called and killed as the Functions host does it.</summary>
internal sealed class HostedProcess : IAsyncDisposable
{
    /// <summary>What the host sends when a timer ticks.</summary>
    public const string Tick = """{"Data":{"timer":{}},"Metadata":{}}""";

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly HttpClient _client;

    private HostedProcess(ProcessStartInfo start, int port)
    {
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>How long ago it was started.</summary>
    public TimeSpan Age => _clock.Elapsed;

    /// <summary>The most memory that it held so far, in MB.</summary>
    public double PeakMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000;
        }
    }

    /// <summary>The processor time that it used from its start on, to 10 ms.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the program and waits for its first answer.</summary>
    public static async Task<HostedProcess> StartAsync(string program, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetDirectoryName(program)!, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var hosted = new HostedProcess(start, port);
        await hosted.ReadyAsync(port, cancellationToken);
        return hosted;
    }

    /// <summary>The settings of an app that was deployed to watch so many workspaces.</summary>
    public static Dictionary<string, string> Settings(string storage, int workspaces, Uri logAnalytics) => new()
    {
        ["AzureWebJobsStorage"] = storage,
        ["AlertFunctions__Workspaces"] = string.Join(';', Enumerable.Range(0, workspaces).Select(i =>
            $"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-{i}")),
        ["AlertFunctions__Receivers__platform__Url"] = "https://example.logic.azure.com/workflows/1",
        ["AlertFunctions__Receivers__security__Url"] = "https://example.logic.azure.com/workflows/2",
        ["AlertFunctions__LogAnalyticsEndpoint"] = logAnalytics.ToString(),
    };

    /// <summary>Calls a function.</summary>
    /// <exception cref="HttpRequestException">It failed.</exception>
    public async Task CallAsync(string function, string envelope, CancellationToken cancellationToken)
    {
        using var content = new StringContent(envelope, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(function, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
        _client.Dispose();
    }

    private async Task ReadyAsync(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                break;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(1, cancellationToken);
            }
        }

        using (await _client.GetAsync("/", cancellationToken))
        {
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
