using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.Registry;

/// <summary>
/// Debian's docker-registry on this machine, pushed to over HTTP. Its notifications are put into the envelope in which Azure Container Registry's reach
/// a function: the data of both are the same, since ACR took them over.
/// </summary>
internal sealed class OciRegistry : IAsyncDisposable
{
    public const string Executable = "/usr/bin/docker-registry";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";

    private readonly string _folder;
    private readonly Process _process;
    private readonly LoopbackServer _listener;
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<JsonNode> _notifications;

    private OciRegistry(string folder, Process process, LoopbackServer listener, ConcurrentQueue<JsonNode> notifications, int port)
    {
        (_folder, _process, _listener, _notifications) = (folder, process, listener, notifications);
        Host = $"127.0.0.1:{port}";
        _http.BaseAddress = new Uri($"http://{Host}/");
    }

    public string Host { get; }

    public static async Task<OciRegistry> StartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(File.Exists(Executable), "docker-registry is not installed: apt-get install docker-registry.");
        var notifications = new ConcurrentQueue<JsonNode>();
        var listener = await LoopbackServer.StartAsync(async context =>
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            foreach (var happened in body!["events"]!.AsArray())
            {
                notifications.Enqueue(happened!.DeepClone());
            }

            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        var folder = System.IO.Directory.CreateTempSubdirectory("alertfn-registry-").FullName;
        var port = FreePort();
        var configuration = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            version: 0.1
            log: { level: error }
            storage:
              filesystem: { rootdirectory: {{folder}}/data }
              delete: { enabled: true }
            http: { addr: 127.0.0.1:{{port}} }
            notifications:
              endpoints:
                - { name: app, url: "{{listener.Address}}", timeout: 5s, threshold: 10, backoff: 1s }

            """,
            cancellationToken);
        var process = Process.Start(new ProcessStartInfo(Executable, ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var registry = new OciRegistry(folder, process, listener, notifications, port);
        await registry.ReadyAsync(cancellationToken);
        return registry;
    }

    /// <summary>Pushes an image of one layer that holds the text, under a tag; or by digest only.</summary>
    /// <returns>The manifest's digest.</returns>
    public async Task<string> PushImageAsync(string repository, string? tag, string text)
    {
        var configuration = await PushBlobAsync(repository, """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        var layer = await PushBlobAsync(repository, text);
        return await PushManifestAsync(repository, tag, Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", configuration),
            ["layers"] = new JsonArray(Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
        });
    }

    /// <summary>Pushes a Helm chart as Helm does it: an image manifest with a configuration of its own.</summary>
    public async Task PushChartAsync(string repository, string tag)
    {
        var configuration = await PushBlobAsync(repository, """{"name":"shop","version":"1.0.0","apiVersion":"v2"}""");
        var layer = await PushBlobAsync(repository, "chart");
        await PushManifestAsync(repository, tag, Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor("application/vnd.cncf.helm.config.v1+json", configuration),
            ["layers"] = new JsonArray(Descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", layer)),
        });
    }

    /// <summary>Pushes an index over manifests that are there.</summary>
    public Task<string> PushIndexAsync(string repository, string tag, params string[] digests) => PushManifestAsync(repository, tag, Index, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = Index,
        ["manifests"] = new JsonArray([.. digests.Select((digest, i) =>
        {
            var descriptor = Descriptor(Manifest, (digest, 500));
            descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = i == 0 ? "amd64" : "arm64" };
            return (JsonNode)descriptor;
        })]),
    });

    /// <summary>Attaches an artifact to a manifest as clients do it where a registry lists no referrers: by digest, and in the index under the tag that stands for them.</summary>
    public async Task AttachAsync(string repository, string digest, string artifactType, string content)
    {
        var empty = await PushBlobAsync(repository, "{}");
        var blob = await PushBlobAsync(repository, content);
        var artifact = await PushManifestAsync(repository, null, Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["artifactType"] = artifactType,
            ["config"] = Descriptor("application/vnd.oci.empty.v1+json", empty),
            ["layers"] = new JsonArray(Descriptor(artifactType, blob)),
            ["subject"] = Descriptor(Manifest, (digest, 500)),
        });
        var attached = Descriptor(Manifest, (artifact, 500));
        attached["artifactType"] = artifactType;
        await PushManifestAsync(repository, digest.Replace(':', '-'), Index, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Index,
            ["manifests"] = new JsonArray(attached),
        });
    }

    public async Task DeleteAsync(string repository, string digest)
    {
        using var response = await _http.DeleteAsync(new Uri($"v2/{repository}/manifests/{digest}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>The notifications about manifests that have come since the last call, at least as many as are awaited, in Event Grid's envelope.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(int awaited, CancellationToken cancellationToken)
    {
        var events = new List<JsonElement>();
        while (events.Count < awaited)
        {
            if (!_notifications.TryDequeue(out var notification))
            {
                await Task.Delay(10, cancellationToken);
                continue;
            }

            var isDeletion = notification["action"]!.GetValue<string>() == "delete";

            // Blobs are told of as well; Azure tells of manifests only.
            if (isDeletion || (notification["action"]!.GetValue<string>() == "push" && notification["target"]!["url"]!.GetValue<string>().Contains("/manifests/", StringComparison.Ordinal)))
            {
                events.Add(Envelope(notification, isDeletion ? "ImageDeleted" : "ImagePushed"));
            }
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        await _listener.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static JsonElement Envelope(JsonNode notification, string type)
    {
        var envelope = new JsonObject
        {
            ["id"] = notification["id"]!.DeepClone(),
            ["topic"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/local",
            ["subject"] = notification["target"]!["repository"]!.DeepClone(),
            ["eventType"] = $"Microsoft.ContainerRegistry.{type}",
            ["eventTime"] = notification["timestamp"]!.DeepClone(),
            ["data"] = notification.DeepClone(),
            ["dataVersion"] = "1.0",
            ["metadataVersion"] = "1",
        };
        return JsonElement.Parse(envelope.ToJsonString());
    }

    private async Task<(string Digest, int Size)> PushBlobAsync(string repository, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = DigestOf(bytes);
        using var started = await _http.PostAsync(new Uri($"v2/{repository}/blobs/uploads/", UriKind.Relative), null);
        var location = started.Headers.Location!;
        var address = location + (location.Query.Length > 0 ? "&" : "?") + $"digest={Uri.EscapeDataString(digest)}";
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var done = await _http.PutAsync(new Uri(address), body);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        return (digest, bytes.Length);
    }

    private async Task<string> PushManifestAsync(string repository, string? tag, string mediaType, JsonObject manifest)
    {
        var bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var done = await _http.PutAsync(new Uri($"v2/{repository}/manifests/{tag ?? DigestOf(bytes)}", UriKind.Relative), body);
        Assert.True(done.StatusCode == HttpStatusCode.Created, await done.Content.ReadAsStringAsync());
        return DigestOf(bytes);
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri("v2/", UriKind.Relative), cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                Assert.False(_process.HasExited, _process.HasExited ? await _process.StandardError.ReadToEndAsync(cancellationToken) : "");
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private static JsonObject Descriptor(string mediaType, (string Digest, int Size) content) =>
        new() { ["mediaType"] = mediaType, ["digest"] = content.Digest, ["size"] = content.Size };

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
