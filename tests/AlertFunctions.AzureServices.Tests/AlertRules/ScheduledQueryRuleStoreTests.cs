using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.AzureServices.AlertRules;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.AlertRules;

public sealed class ScheduledQueryRuleStoreTests : AlertRuleStoreContract, IAsyncLifetime
{
    private LoopbackRules _service = null!;

    protected override IAlertRuleStore Store => new ScheduledQueryRuleStore(
        new ResourceManagerClient(
            ResourceManagerOptions.AzurePublic with { Endpoint = _service.Address, MaxRetries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) },
            new NoCredential(), TimeProvider.System),
        Target);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await LoopbackRules.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task ListAsync_SeveralPagesOfOthersRules_CountsThemAll()
    {
        var store = Store;
        for (var i = 0; i < 7; i++)
        {
            await store.PutAsync(Rule() with { Name = $"rule-{i}" }, null, Token);
        }

        Assert.Equal(7, Assert.IsType<RulesListed>(await store.ListAsync(Token)).Rules.Length);
        Assert.Equal(3, _service.Requests.Count(request => request == $"GET /subscriptions/11111111-1111-1111-1111-111111111111/providers/{AlertRuleJson.Type}"));
        Assert.Single(_service.Requests, request => request.EndsWith("/workspaces/law-prod", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PutAsync_QueryThatTheServiceRefuses_IsRefusedWithItsReason()
    {
        _service.Instead = async context =>
        {
            if (context.Request.Method != "PUT")
            {
                return false;
            }

            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":{"code":"BadRequest","message":"The query could not be parsed: table KubeNodeInventory was not found."}}""");
            return true;
        };

        var refused = Assert.IsType<RuleRefused>(await Store.PutAsync(Rule(), null, Token));

        Assert.Equal("HTTP 400: BadRequest: The query could not be parsed: table KubeNodeInventory was not found.", refused.Detail);
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"The client does not have authorization to perform action."}}""")]
    [InlineData(429, """{"error":{"code":"TooManyRequests","message":"Slow down."}}""")]
    public async Task PutAsync_NoRightOrThrottled_IsNotWritten(int status, string body)
    {
        _service.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "60";
            await context.Response.WriteAsync(body);
            return true;
        };

        var notWritten = Assert.IsType<RuleNotWritten>(await Store.PutAsync(Rule(), null, Token));

        Assert.Contains($"HTTP {status}", notWritten.Detail, StringComparison.Ordinal);
        Assert.Equal(status == 429 ? TimeSpan.FromMinutes(1) : null, notWritten.RetryAfter);
    }

    [Fact]
    public async Task ListAsync_NoRight_IsUnavailableAndNothingIsPlanned()
    {
        _service.Instead = async context =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("""{"error":{"code":"AuthorizationFailed","message":"No."}}""");
            return true;
        };

        var (plan, unavailable) = await Sync(Catalogue()).PlanAsync(Token);

        Assert.Null(plan);
        Assert.Contains("AuthorizationFailed", unavailable!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_FromNothingToNothing_WritesOnceAndTakesBackOnlyItsOwn()
    {
        var store = Store;
        await store.PutAsync(Rule() with { Name = "theirs", Tags = Rule().Tags.Clear() }, null, Token);

        var first = await ApplyAsync(Catalogue());
        _service.Requests.Clear();
        var second = await ApplyAsync(Catalogue());
        var writes = _service.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal));
        var third = await ApplyAsync(Catalogue() with { Detections = [] });

        Assert.IsType<CreateRule>(Assert.Single(first.Done));
        Assert.Empty(second.Done);
        Assert.Equal(0, writes);
        Assert.IsType<DeleteRule>(Assert.Single(third.Done));
        Assert.EndsWith("/theirs", Assert.Single(_service.Rules).Key, StringComparison.Ordinal);
    }

    private static DetectionCatalogue Catalogue() => Some.EmptyCatalogue with
    {
        Detections = [Some.Detection("aks/node-not-ready", SignalKind.Condition, "ClusterId", "Node") with { Delivery = DeliveryKind.AlertRule }],
    };

    private AlertRuleSync Sync(DetectionCatalogue catalogue) => new(Store, catalogue, [Workspace], Target);

    private async Task<AlertRuleReport> ApplyAsync(DetectionCatalogue catalogue)
    {
        var sync = Sync(catalogue);
        var (plan, _) = await sync.PlanAsync(Token);
        return await sync.ApplyAsync(plan!, Token);
    }
}
