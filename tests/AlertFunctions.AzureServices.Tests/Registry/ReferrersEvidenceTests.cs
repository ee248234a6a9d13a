using System.Globalization;
using System.Text;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Registry;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.Registry;

/// <summary>The registry client against a server that answers as the distribution specification documents it, and as the world does.</summary>
public sealed class ReferrersEvidenceTests
{
    private const string Image = """{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:c"},"layers":[]}""";
    private const string Report = """{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.empty.v1+json"},"layers":[{"mediaType":"x","digest":"sha256:blob"}]}""";
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [Theory]
    [InlineData("application/sarif+json", """{"runs":[{"tool":{"driver":{"rules":[{"id":"A","properties":{"security-severity":"9.8"}},{"id":"B","properties":{"security-severity":"7.0"}}]}},"results":[{"ruleId":"A"},{"ruleId":"A"},{"ruleId":"B"}]}]}""", 1, 1)]
    [InlineData("application/vnd.cyclonedx+json", """{"bomFormat":"CycloneDX","vulnerabilities":[{"ratings":[{"severity":"high"},{"severity":"critical"}]},{"ratings":[{"severity":"low"}]}]}""", 1, 0)]
    [InlineData("application/vnd.cyclonedx+json", """{"bomFormat":"CycloneDX","vulnerabilities":[]}""", 0, 0)]
    [InlineData("application/spdx+json", """{"spdxVersion":"SPDX-2.3","packages":[{"externalRefs":[{"referenceCategory":"SECURITY","referenceType":"advisory"}]}]}""", 0, 0)]
    [InlineData("application/vnd.in-toto+json", """{"predicateType":"https://in-toto.io/attestation/vulns/v0.1","predicate":{"scanner":{"result":[{"id":"A","severity":[{"method":"nvd","score":"HIGH"}]}]}}}""", 0, 1)]
    public async Task Report_OfVulnerabilities_IsEvidenceWithItsFindings(string type, string content, int critical, int high)
    {
        var answer = await AskAsync(Attached(type, content));

        Assert.Equal(EvidenceVerdict.Scanned, answer.Verdict);
        Assert.Equal(new ScanFindings(critical, high), answer.Findings);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), answer.EvidenceAt);
    }

    [Theory]
    [InlineData("application/vnd.cncf.notary.signature", "{}")]
    [InlineData("application/vnd.dev.cosign.artifact.sig.v1+json", "{}")]
    [InlineData("application/vnd.cyclonedx+json", """{"bomFormat":"CycloneDX","components":[]}""")]
    [InlineData("application/spdx+json", """{"spdxVersion":"SPDX-2.3","packages":[]}""")]
    [InlineData("application/vnd.in-toto+json", """{"predicateType":"https://slsa.dev/provenance/v1","predicate":{}}""")]
    [InlineData("application/vnd.example.readme", "{}")]
    public async Task Artifact_ThatIsNoReport_IsNoEvidence(string type, string content) =>
        Assert.Equal(EvidenceVerdict.Absent, (await AskAsync(Attached(type, content))).Verdict);

    [Fact]
    public async Task Defender_WhoseTypeIsNotDocumented_IsRecognisedByPattern() =>
        Assert.Equal(EvidenceVerdict.Scanned, (await AskAsync(Attached("application/vnd.microsoft.security.vulnerability.findings.v1", "{}"))).Verdict);

    [Fact]
    public async Task Referrers_OnSeveralPages_AreAllRead()
    {
        var answer = await AskAsync(async context =>
        {
            if (context.Request.Path.Value!.Contains("/referrers/", StringComparison.Ordinal) && !context.Request.Query.ContainsKey("n"))
            {
                context.Response.Headers.Link = "</v2/shop/api/referrers/next?n=2>; rel=\"next\"";
                await context.Response.WriteAsync("""{"manifests":[{"digest":"sha256:s","artifactType":"application/vnd.cncf.notary.signature"}]}""");
                return;
            }

            await Attached("application/sarif+json", """{"runs":[]}""")(context);
        });

        Assert.Equal(EvidenceVerdict.Scanned, answer.Verdict);
    }

    [Fact]
    public async Task Attestation_UnderCosignsTag_IsReadFromItsEnvelope()
    {
        var statement = """{"predicateType":"https://cosign.sigstore.dev/attestation/vuln/v1","predicate":{"scanner":{"result":{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Vulnerabilities":[{"Severity":"CRITICAL"}]}]}}}}""";
        var answer = await AskAsync(async context => await context.Response.WriteAsync(context.Request.Path.Value! switch
        {
            var path when path.Contains("/referrers/", StringComparison.Ordinal) => """{"manifests":[]}""",
            var path when path.EndsWith(".att", StringComparison.Ordinal) => """{"layers":[{"mediaType":"application/vnd.dsse.envelope.v1+json","digest":"sha256:l","annotations":{"predicateType":"https://cosign.sigstore.dev/attestation/vuln/v1"}}]}""",
            var path when path.Contains("/blobs/", StringComparison.Ordinal) => $$"""{"payloadType":"application/vnd.in-toto+json","payload":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(statement))}}"}""",
            _ => Image,
        }));

        Assert.Equal((EvidenceVerdict.Scanned, new ScanFindings(1, 0)), (answer.Verdict, answer.Findings));
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(401, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task Registry_ThatDoesNotAnswer_IsUnknown(int status, bool isTransient)
    {
        var answer = await AskAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        });

        Assert.Equal((EvidenceVerdict.Unknown, isTransient), (answer.Verdict, answer.IsTransient));
        Assert.Equal(isTransient ? TimeSpan.FromSeconds(120) : null, answer.RetryAfter);
    }

    [Fact]
    public async Task Answer_CutShort_IsUnknownAndNotAbsent() => Assert.Equal(EvidenceVerdict.Unknown, (await AskAsync(
        context => context.Response.WriteAsync(context.Request.Path.Value!.Contains("/referrers/", StringComparison.Ordinal) ? """{"manifests":[{"digest":""" : Image))).Verdict);

    [Fact]
    public async Task Page_AtAnotherHost_IsNotFollowed() => Assert.Equal(EvidenceVerdict.Unknown, (await AskAsync(context =>
    {
        context.Response.Headers.Link = "<https://evil.example/v2/>; rel=\"next\"";
        return context.Response.WriteAsync(context.Request.Path.Value!.Contains("/referrers/", StringComparison.Ordinal) ? """{"manifests":[]}""" : Image);
    })).Verdict);

    [Fact]
    public async Task Image_ThatIsNotThere_IsGone()
    {
        var answer = await AskAsync(context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"errors":[{"code":"MANIFEST_UNKNOWN"}]}""");
        });

        Assert.Equal(EvidenceVerdict.Gone, answer.Verdict);
    }

    [Theory]
    [InlineData("evil.example", "shop/api")]
    [InlineData("other.azurecr.io", "shop/api")]
    [InlineData("contoso-x.y.azurecr.io", "shop/api")]
    [InlineData("contoso.azurecr.io.evil.example", "shop/api")]
    [InlineData("evil.example/contoso.azurecr.io", "shop/api")]
    [InlineData("contoso.azurecr.io", "../../oauth2/token")]
    [InlineData("contoso.azurecr.io", "Shop'; drop")]
    public async Task Event_ThatNamesAnotherRegistry_MakesNobodyAskIt(string registry, string repository)
    {
        var options = new RegistryOptions { Names = ["contoso"] };
        var evidence = new ReferrersEvidence(new RegistryClient(options, new NoCredential(), TimeProvider.System), options);

        var answer = await evidence.FindAsync([Scan(registry, repository)], Some.Noon, TestContext.Current.CancellationToken);

        Assert.Equal(EvidenceVerdict.Unknown, answer[0].Verdict);
    }

    [Fact]
    public async Task Quarantine_ThatPassedOrFailed_IsEvidence()
    {
        var answer = await AskAsync(
            context => context.Response.WriteAsync("""{"manifest":{"digest":"x","quarantineState":"Failed","quarantineDetails":"{\"result\":{\"summary\":[{\"severity\":\"High\",\"count\":\"2\"}]}}"}}"""),
            (client, _) => new QuarantineEvidence(client));

        Assert.Equal((EvidenceVerdict.Scanned, new ScanFindings(0, 2)), (answer.Verdict, answer.Findings));
    }

    private static RequestDelegate Attached(string type, string content) => context => context.Response.WriteAsync(context.Request.Path.Value! switch
    {
        var path when path.Contains("/referrers/", StringComparison.Ordinal) => string.Create(
            CultureInfo.InvariantCulture, $$$"""{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:report","artifactType":"{{{type}}}","annotations":{"org.opencontainers.image.created":"2026-03-02T09:00:00Z"}}]}"""),
        var path when path.EndsWith("/manifests/sha256%3Areport", StringComparison.Ordinal) || path.EndsWith("/manifests/sha256:report", StringComparison.Ordinal) => Report,
        var path when path.Contains("/blobs/", StringComparison.Ordinal) => content,
        var path when path.EndsWith(".att", StringComparison.Ordinal) => """{"layers":[]}""",
        _ => Image,
    });

    private static async Task<EvidenceAnswer> AskAsync(RequestDelegate answer, Func<RegistryClient, RegistryOptions, IImageScanEvidence>? source = null)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        var options = new RegistryOptions { Names = [], AllowLoopback = true, MaxRetries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) };
        var client = new RegistryClient(options, new NoCredential(), TimeProvider.System);
        var evidence = source?.Invoke(client, options) ?? new ReferrersEvidence(client, options);
        return (await evidence.FindAsync([Scan(server.Address.Authority, "shop/api")], Some.Noon, TestContext.Current.CancellationToken))[0];
    }

    private static ImageScan Scan(string registry, string repository) =>
        ImageScanLife.Pushed(null, new ImagePushed(new ImageReference(registry, repository, Digest), Some.Noon) { Tag = "1.4" }, new ImageScanOptions());
}
