using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.AzureServices.Http;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// The Log Analytics query API over Azure.Core's pipeline: token, retries, typed rows as they stream.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/overview.
/// </summary>
public sealed class LogAnalyticsClient
{
    private readonly HttpPipeline _pipeline;
    private readonly LogAnalyticsOptions _options;
    private readonly TimeProvider _time;

    public LogAnalyticsClient(LogAnalyticsOptions options, TokenCredential credential, TimeProvider time, HttpPipelineTransport? transport = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        var pipelineOptions = new LogAnalyticsClientOptions { RetryPolicy = new LogAnalyticsRetryPolicy(options) };
        if (transport is not null)
        {
            pipelineOptions.Transport = transport;
        }

        _pipeline = HttpPipelineBuilder.Build(
            pipelineOptions,
            options.Endpoint.Scheme == Uri.UriSchemeHttps
                ? new BearerTokenAuthenticationPolicy(credential, $"{options.Audience}/.default")
                : new LoopbackAuthenticationPolicy(options.Endpoint));
    }

    /// <summary>The clock by which the service is taken to go.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Sends the query. Faults of service and network are outcomes; only cancellation throws.</summary>
    public async Task<LogQueryResult> SendAsync(LogQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var message = CreateMessage(query);
        try
        {
            await _pipeline.SendAsync(message, cancellationToken);
            return await ReadAsync(message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && WorldFault.Is(exception))
        {
            return LogQueryResult.Ended(new QueryFailed(exception.Message, Retryable: true));
        }
    }

    private HttpMessage CreateMessage(LogQuery query)
    {
        var message = _pipeline.CreateMessage();
        message.BufferResponse = false;

        // Without its own time-out the pipeline gives up after 100 s, before the service does, and sends the query again.
        message.NetworkTimeout = _options.ServerTimeout + TimeSpan.FromSeconds(15);
        var request = message.Request;
        request.Method = RequestMethod.Post;
        request.Uri.Reset(new Uri(_options.Endpoint, Path(query)));
        request.Headers.Add("Content-Type", "application/json");

        // Answers are cached for two minutes unless this asks otherwise.
        request.Headers.Add("Cache-Control", "no-cache");
        request.Headers.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={(int)_options.ServerTimeout.TotalSeconds}"));
        request.Content = RequestContent.Create(Body(query));
        return message;
    }

    private static string Path(LogQuery query)
    {
        var scope = query.Scope.StartsWith('/')
            ? string.Join('/', query.Scope.Trim('/').Split('/').Select(Uri.EscapeDataString))
            : $"workspaces/{Uri.EscapeDataString(query.Scope)}";
        var path = $"/v1/{scope}/{(query.UseSearch ? "search" : "query")}";
        return query is { UseSearch: true, TimeRange: { } range } ? $"{path}?timespan={Uri.EscapeDataString(Iso(range))}" : path;
    }

    private static byte[] Body(LogQuery query)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("query", query.Text);
            if (query.TimeRange is { } range)
            {
                json.WriteString("timespan", Iso(range));
            }

            if (query.AdditionalWorkspaces.Count > 0)
            {
                json.WriteStartArray("workspaces");
                foreach (var workspace in query.AdditionalWorkspaces)
                {
                    json.WriteStringValue(workspace);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Iso(TimeRange range) =>
        string.Create(CultureInfo.InvariantCulture, $"{range.Start.UtcDateTime:O}/{range.End.UtcDateTime:O}");

    private async Task<LogQueryResult> ReadAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        var response = message.Response;
        switch (response.Status)
        {
            case 200:
                return await OpenAsync(message, cancellationToken);
            case 204:
                return LogQueryResult.Ended(new QueryTableNotFound("The workspace has no data yet."));
        }

        var error = ServiceError.Parse(response.Status, await ReadErrorBodyAsync(response, cancellationToken));
        QueryOutcome? outcome = response.Status switch
        {
            400 when error.IsTableNotFound => new QueryTableNotFound(error.Detail),
            400 when error.IsForSearch => null,
            429 => new QueryThrottled(RetryAfter.Of(response, _time), error.Detail),
            // Rights can take an hour to arrive after they were granted.
            401 or 403 or 408 or >= 500 => new QueryFailed(error.Detail, Retryable: true),
            _ => new QueryFailed(error.Detail, Retryable: false),
        };
        return outcome is null ? LogQueryResult.ForSearch(error.Detail) : LogQueryResult.Ended(outcome);
    }

    private static async Task<LogQueryResult> OpenAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        if (message.ExtractResponseContent() is not { } body)
        {
            return LogQueryResult.Ended(new QueryFailed("The service answered 200 with an empty body.", Retryable: true));
        }

        try
        {
            return await LogQueryResult.OpenAsync(body, cancellationToken);
        }
        catch (JsonException exception)
        {
            return LogQueryResult.Ended(new QueryFailed($"The answer cannot be read: {exception.Message}", Retryable: true));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadErrorBodyAsync(Azure.Response response, CancellationToken cancellationToken)
    {
        const int MaxErrorBytes = 64 * 1024;
        if (response.ContentStream is not { } stream)
        {
            return default;
        }

        var buffer = new byte[MaxErrorBytes];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, read);
    }

    private sealed class LogAnalyticsClientOptions : ClientOptions;
}
