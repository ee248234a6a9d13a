using AlertFunctions.Settings;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AlertFunctions.Telemetry;

/// <summary>
/// OpenTelemetry for the app: Azure Monitor where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is,
/// nothing where neither. Source: learn.microsoft.com/azure/azure-functions/opentelemetry-howto for the settings' names.
/// </summary>
internal static partial class AppTelemetry
{
    public static void Add(WebApplicationBuilder builder)
    {
        var insights = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        var collector = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrEmpty(insights) && string.IsNullOrEmpty(collector))
        {
            return;
        }

        var credential = Credential(builder.Configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
            {
                metrics.AddMeter($"{AppMetrics.Source}*");
                if (!string.IsNullOrEmpty(insights))
                {
                    metrics.AddAzureMonitorMetricExporter(options => options.ConnectionString = insights, credential);
                }

                if (!string.IsNullOrEmpty(collector))
                {
                    metrics.AddOtlpExporter();
                }
            })
            .WithTracing(tracing =>
            {
                tracing.AddSource($"{AppMetrics.Source}*");
                if (!string.IsNullOrEmpty(insights))
                {
                    tracing.AddAzureMonitorTraceExporter(options => options.ConnectionString = insights, credential);
                }

                if (!string.IsNullOrEmpty(collector))
                {
                    tracing.AddOtlpExporter();
                }
            });
    }

    /// <summary>Sends what meters and traces hold, each within five seconds; nothing where they are not collected.</summary>
    public static Action Flush(WebApplication application)
    {
        var (meters, traces) = (application.Services.GetService<MeterProvider>(), application.Services.GetService<TracerProvider>());
        return () =>
        {
            meters?.ForceFlush(5000);
            traces?.ForceFlush(5000);
        };
    }

    /// <summary>Says every fault of the settings in one message.</summary>
    public static void ReportSettings(WebApplication application, AppSettings settings)
    {
        if (settings.Problem is { } problem)
        {
            NotConfigured(application.Services.GetRequiredService<ILoggerFactory>().CreateLogger(AppMetrics.Source), problem);
        }
    }

    /// <summary><c>Authorization=AAD;ClientId=...</c>, as the host reads it too; null where the connection string alone is enough.</summary>
    private static ManagedIdentityCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!parts.Contains("Authorization=AAD", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var client = parts.FirstOrDefault(part => part.StartsWith("ClientId=", StringComparison.OrdinalIgnoreCase))?["ClientId=".Length..];
        return new ManagedIdentityCredential(client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client));
    }

    [LoggerMessage(1, LogLevel.Error, "{Problem}")]
    private static partial void NotConfigured(ILogger log, string problem);
}
