using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.ResourceGraph;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.ResourceGraph;

public sealed class ResourceGraphEvidenceTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [Fact]
    public async Task Assessments_OfTheDigest_AreEvidenceWithTheirFindings()
    {
        var sent = "";

        var answer = await AskAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            sent = $"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync()}";
            await context.Response.WriteAsync($$"""{"totalRecords":1,"count":1,"resultTruncated":"false","data":[{"digest":"{{Digest}}","assessments":7,"critical":1,"high":3}]}""");
        });

        Assert.Equal((EvidenceVerdict.Scanned, new ScanFindings(1, 3)), (answer.Verdict, answer.Findings));
        Assert.StartsWith("POST /providers/Microsoft.ResourceGraph/resources {\"query\":\"securityresources", sent, StringComparison.Ordinal);
        Assert.Contains($"digest in (\\u0027{Digest}\\u0027)", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_OnTheSecondPage_AreRead()
    {
        var answer = await AskAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var isSecond = (await reader.ReadToEndAsync()).Contains("\"$skipToken\":\"t-1\"", StringComparison.Ordinal);
            await context.Response.WriteAsync(isSecond
                ? $$"""{"data":[{"digest":"{{Digest}}","assessments":1,"critical":0,"high":0}]}"""
                : """{"data":[{"digest":"other"}],"$skipToken":"t-1","resultTruncated":"true"}""");
        });

        Assert.Equal(EvidenceVerdict.Scanned, answer.Verdict);
    }

    [Fact]
    public async Task NoRow_ProvesNothing()
    {
        var answer = await AskAsync(context => context.Response.WriteAsync("""{"data":[],"resultTruncated":"false"}"""));

        Assert.Equal(EvidenceVerdict.Absent, answer.Verdict);
        Assert.Contains("proves nothing", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"data":[],"resultTruncated":"true"}""", true)]
    [InlineData(200, """{"data":[{"digest":""", true)]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"No."}}""", false)]
    [InlineData(429, """{"error":{"code":"RateLimiting","message":"Slow down."}}""", true)]
    public async Task Answer_ThatIsNotWhole_IsUnknown(int status, string body, bool isTransient)
    {
        var answer = await AskAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "90";
            return context.Response.WriteAsync(body);
        });

        Assert.Equal((EvidenceVerdict.Unknown, isTransient), (answer.Verdict, answer.IsTransient));
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(90) : null, answer.RetryAfter);
    }

    private static async Task<EvidenceAnswer> AskAsync(RequestDelegate answer)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        var options = ResourceManagerOptions.AzurePublic with { Endpoint = server.Address, MaxRetries = 0 };
        var evidence = new ResourceGraphEvidence(new ResourceGraphClient(new ResourceManagerClient(options, new NoCredential(), TimeProvider.System)));
        var scan = ImageScanLife.Pushed(null, new ImagePushed(new ImageReference("contoso.azurecr.io", "shop/api", Digest), Some.Noon), new ImageScanOptions());
        return (await evidence.FindAsync([scan], Some.Noon, TestContext.Current.CancellationToken))[0];
    }
}
