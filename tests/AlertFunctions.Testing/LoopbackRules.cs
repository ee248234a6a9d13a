using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Testing;

/// <summary>
/// Stands for Azure Resource Manager where rules are concerned: it keeps what it is sent and gives it back as the service does, with other spellings of
/// the same durations, ids in lower case, defaults filled in and properties that only it knows, three rules a page.
/// Source: the examples of scheduledQueryRule_API 2023-12-01 in azure-rest-api-specs.
/// </summary>
public sealed class LoopbackRules : IAsyncDisposable
{
    private const int PageSize = 3;

    private LoopbackServer? _server;

    public ConcurrentDictionary<string, JsonObject> Rules { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Method and path of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers instead of the service where it returns true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public Uri Address => _server!.Address;

    public static async Task<LoopbackRules> StartAsync()
    {
        var rules = new LoopbackRules();
        rules._server = await LoopbackServer.StartAsync(rules.AnswerAsync);
        return rules;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue($"{context.Request.Method} {path}");
        if (await Instead(context))
        {
            return;
        }

        if (context.Request.Query["api-version"] != (path.Contains("/workspaces/", StringComparison.OrdinalIgnoreCase) ? "2023-09-01" : "2023-12-01"))
        {
            await Json(context, 400, new JsonObject { ["error"] = new JsonObject { ["code"] = "InvalidApiVersionParameter", ["message"] = "No such version." } });
            return;
        }

        if (path.Contains("/workspaces/", StringComparison.OrdinalIgnoreCase))
        {
            await Json(context, 200, new JsonObject { ["id"] = path, ["location"] = "westeurope", ["name"] = "law-prod" });
            return;
        }

        switch (context.Request.Method)
        {
            case "GET":
                await ListAsync(context);
                break;
            case "PUT":
                var isNew = !Rules.ContainsKey(path);
                var resource = AsTheServiceHasIt(path, (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!);
                Rules[path] = resource;
                await Json(context, isNew ? 201 : 200, resource);
                break;
            case "DELETE":
                context.Response.StatusCode = Rules.TryRemove(path, out _) ? 200 : 204;
                break;
            default:
                context.Response.StatusCode = 405;
                break;
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        var skip = int.TryParse(context.Request.Query["$skipToken"], NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;
        var all = Rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => rule.Value).ToArray();
        var page = new JsonArray([.. all.Skip(skip).Take(PageSize).Select(rule => rule.DeepClone())]);
        var answer = new JsonObject { ["value"] = page };
        if (skip + PageSize < all.Length)
        {
            answer["nextLink"] = $"http://{context.Request.Host}{context.Request.Path}?api-version=2023-12-01&$skipToken={skip + PageSize}";
        }

        await Json(context, 200, answer);
    }

    private static JsonObject AsTheServiceHasIt(string path, JsonObject sent)
    {
        var properties = (JsonObject)sent["properties"]!.DeepClone();
        properties["evaluationFrequency"] = properties["evaluationFrequency"]!.GetValue<string>() == "PT5M" ? "PT300S" : properties["evaluationFrequency"]!.DeepClone();
        properties["windowSize"] = properties["windowSize"]!.GetValue<string>() == "PT1H" ? "PT60M" : properties["windowSize"]!.DeepClone();
        if (properties["ruleResolveConfiguration"] is JsonObject resolve && resolve["timeToResolve"]!.GetValue<string>() == "PT10M")
        {
            resolve["timeToResolve"] = "PT600S";
        }

        foreach (var (holder, name) in new[] { (properties, "scopes"), ((JsonObject)properties["actions"]!, "actionGroups") })
        {
            holder[name] = new JsonArray([.. ((JsonArray)holder[name]!).Select(id => JsonValue.Create(id!.GetValue<string>().ToLowerInvariant()))]);
        }

        var condition = (JsonObject)properties["criteria"]!["allOf"]![0]!;
        condition["threshold"] = 0.0;
        condition["metricMeasureColumn"] = null;
        condition["criterionType"] = "StaticThresholdCriterion";
        properties["targetResourceTypes"] = new JsonArray("Microsoft.OperationalInsights/workspaces");
        properties["createdWithApiVersion"] = "2023-12-01";
        properties["isLegacyLogAnalyticsRule"] = false;
        properties["isWorkspaceAlertsStorageConfigured"] = false;
        properties["muteActionsDuration"] = null;
        return new JsonObject
        {
            ["id"] = path,
            ["name"] = path[(path.LastIndexOf('/') + 1)..],
            ["type"] = "microsoft.insights/scheduledqueryrules",
            ["location"] = sent["location"]!.DeepClone(),
            ["kind"] = sent["kind"]!.DeepClone(),
            ["tags"] = sent["tags"]!.DeepClone(),
            ["etag"] = "\"00000000-0000-0000-0000-000000000000\"",
            ["systemData"] = new JsonObject { ["createdBy"] = "app", ["createdByType"] = "Application" },
            ["properties"] = properties,
        };
    }

    private static async Task Json(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
