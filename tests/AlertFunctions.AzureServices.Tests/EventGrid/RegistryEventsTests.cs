using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.AzureServices.Tests.EventGrid;

public sealed class RegistryEventsTests
{
    private const string Digest = "sha256:57a94fc99816c6aa225678b738ac40d85422e75dbb96115f1bb9b6ed77176166";

    // The documented example, with what else the schema allows: MicrosoftDocs/azure-docs, event-grid/event-schema-container-registry.md.
    private const string Push = $$"""
        {"id":"831e1650-001e-001b-66ab-eeb76e069631",
        "topic":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/Contoso",
        "subject":"shop/api:1.4","eventType":"Microsoft.ContainerRegistry.ImagePushed","eventTime":"2026-03-02T11:59:00.5Z",
        "data":{"id":"c25f","timestamp":"2026-03-02T11:58:00.4681009Z","action":"push","location":"westus",
        "target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":1153,"digest":"{{Digest}}","length":1153,"repository":"shop/api","tag":"1.4"},
        "request":{"id":"9f8f","host":"contoso-a1b2.azurecr.io","method":"PUT","useragent":"docker/27.0","addr":"203.0.113.7:4711"},
        "actor":{"name":"ci-pipeline"} },"dataVersion":"1.0","metadataVersion":"1"}
        """;

    private readonly RegistryEvents _events = new(".azurecr.io", new FakeTimeProvider(Some.Noon));

    [Fact]
    public void Read_Push_SaysWhichImageWhenAndByWhom()
    {
        var push = Assert.IsType<ImagePushed>(Assert.Single(Good(Push)));

        Assert.Equal(new ImageReference("contoso-a1b2.azurecr.io", "shop/api", Digest), push.Image);
        Assert.Equal(("1.4", "ci-pipeline", "203.0.113.7:4711", "docker/27.0"), (push.Tag, push.PushedBy, push.CallerIpAddress, push.UserAgent));
        Assert.Equal(DateTimeOffset.Parse("2026-03-02T11:58:00.4681009Z", System.Globalization.CultureInfo.InvariantCulture), push.At);
    }

    [Fact]
    public void Read_CloudEvent_IsTheSame()
    {
        var cloud = JsonNode.Parse(Push)!.AsObject();
        cloud["specversion"] = "1.0";
        foreach (var (was, becomes) in new[] { ("eventType", "type"), ("topic", "source"), ("eventTime", "time") })
        {
            cloud[becomes] = cloud[was]!.DeepClone();
            cloud.Remove(was);
        }

        Assert.Equal(Good(Push).AsEnumerable(), Good(cloud.ToJsonString()));
    }

    [Fact]
    public void Read_WithoutOptionalFields_TakesTheTopicsNameAndTheEventsTime()
    {
        var push = Changed(json =>
        {
            json["data"]!.AsObject().Remove("request");
            json["data"]!.AsObject().Remove("actor");
            json["data"]!.AsObject().Remove("timestamp");
            json["data"]!["target"] = new JsonObject { ["digest"] = Digest, ["repository"] = "shop/api" };
        });

        var read = Assert.IsType<ImagePushed>(Assert.Single(Good(push)));

        Assert.Equal(new ImageReference("contoso.azurecr.io", "shop/api", Digest), read.Image);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 11, 59, 0, 500, TimeSpan.Zero), read.At);
        Assert.Null(read.Tag);
    }

    [Fact]
    public void Read_WithoutAnyTime_IsOfNow() => Assert.Equal(Some.Noon, Assert.Single(Good(Changed(json =>
    {
        json.Remove("eventTime");
        json["data"]!.AsObject().Remove("timestamp");
    }))).At);

    [Fact]
    public void Read_Deletion_NeedsNoTag()
    {
        var deletion = Changed(json =>
        {
            json["eventType"] = "Microsoft.ContainerRegistry.ImageDeleted";
            json["data"]!["target"] = new JsonObject { ["digest"] = Digest, ["repository"] = "shop/api" };
        });

        Assert.Equal(Digest, Assert.IsType<ImageDeleted>(Assert.Single(Good(deletion))).Digest);
    }

    [Fact]
    public void Read_Chart_IsNoImage()
    {
        var chart = Changed(json =>
        {
            json["eventType"] = "Microsoft.ContainerRegistry.ChartPushed";
            json["data"]!["timestamp"] = "2026-03-02T04:58:00-07:00";
            json["data"]!["target"] = new JsonObject
            {
                ["mediaType"] = "application/vnd.acr.helm.chart",
                ["digest"] = Digest,
                ["repository"] = "mychart",
                ["tag"] = "mychart-1.0.0.tgz",
                ["name"] = "mychart",
            };
        });

        var push = Assert.IsType<ImagePushed>(Assert.Single(Good(chart)));

        Assert.Equal(PushedKind.Chart, PushedKinds.Of(push.MediaType, push.Tag));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 11, 58, 0, TimeSpan.Zero), push.At);
    }

    [Theory]
    [InlineData("[]", "an object")]
    [InlineData("7", "an object")]
    [InlineData("{}", "no type")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed"}""", "no data")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed","data":{}}""", "which registry")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed","data":{"request":{"host":"a.azurecr.io"}}}""", "no repository")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed","data":{"request":{"host":"a.azurecr.io"},"target":{"repository":"r","digest":"<b>"}}}""", "no digest")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed","data":{"target":{"size":"many"}}}""", "cannot be read")]
    [InlineData("""{"eventType":"Microsoft.ContainerRegistry.ImagePushed","data":{"timestamp":"yesterday","target":{}}}""", "cannot be read")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated","data":{}}""", "Microsoft.Storage.BlobCreated")]
    public void Read_WhatIsNoEventOfARegistry_IsAFaultBesideTheGoodOnes(string json, string detail)
    {
        var batch = _events.Read([JsonElement.Parse(json), JsonElement.Parse(Push)]);

        Assert.Single(batch.Events);
        Assert.Contains(detail, Assert.Single(batch.Faults).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AMegabyteOfTag_LosesTheTagAndNotTheImage()
    {
        var read = Assert.IsType<ImagePushed>(Assert.Single(Good(Changed(json => json["data"]!["target"]!["tag"] = new string('x', 1_000_000)))));

        Assert.Null(read.Tag);
        Assert.Equal(Digest, read.Image.Digest);
    }

    [Fact]
    public void Read_ARepositoryWithAMegabyteOfName_IsAFaultThatDoesNotRepeatIt()
    {
        var batch = _events.Read([JsonElement.Parse(Changed(json => json["data"]!["target"]!["repository"] = new string('x', 1_000_000)))]);

        Assert.InRange(Assert.Single(batch.Faults).Detail.Length, 1, 200);
    }

    [Fact]
    public void Read_HostileNames_AreKeptAsTheyAre()
    {
        const string Hostile = "'; T | where true\n<script>alert(1)</script>[x](http://evil.example) {{Digest}}";

        var read = Assert.IsType<ImagePushed>(Assert.Single(Good(Changed(json => json["data"]!["target"]!["repository"] = Hostile))));

        Assert.Equal(Hostile, read.Image.Repository);
        Assert.False(ImageReference.IsRepository(Hostile));
    }

    [Fact]
    public void Read_TheSamples_GivesAPushInBothSchemasAndADeletion()
    {
        var folder = Repository.Shared("samples", "event-grid");
        Assert.SkipUnless(System.IO.Directory.Exists(folder), "There is no ../shared beside the repository.");

        var read = new[] { "image-pushed.json", "image-pushed.cloudevent.json", "image-deleted.json" }
            .Select(file => JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, file))))
            .SelectMany(json => _events.Read(json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [json]).Events)
            .ToArray();

        Assert.Equal(["ImagePushed", "ImagePushed", "ImageDeleted"], read.Select(e => e.GetType().Name));
        Assert.Equal(((ImagePushed)read[0]).Image, ((ImagePushed)read[1]).Image);
    }

    private ImmutableArray<RegistryEvent> Good(string json)
    {
        var batch = _events.Read([JsonElement.Parse(json)]);
        Assert.Empty(batch.Faults);
        return batch.Events;
    }

    private static string Changed(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Push)!.AsObject();
        change(json);
        return json.ToJsonString();
    }
}
