using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// ContainerRegistryRepositoryEvents and ContainerRegistryLoginEvents. The pipeline pushes through the day, and what it pushes is pulled by the scanner
/// minutes later; one image was pushed by hand and never scanned, another too recently for anyone to expect it.
/// </summary>
internal static class RegistryRecords
{
    private const string Manifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string Artifact = "application/vnd.oci.image.manifest.v1+json";

    public static void Write(Recorder recorder, ClusterStory story, DateTimeOffset now, Random random)
    {
        string[] repositories = ["shop/frontend", "shop/cart", "shop/catalog", "shop/orders", "payments/gateway"];
        var build = 4100;
        for (var time = now.AddDays(-1).AddMinutes(41); time < now; time = time.AddMinutes(random.Next(70, 160)))
        {
            build++;
            PipelinePush(time, repositories[build % repositories.Length], string.Create(CultureInfo.InvariantCulture, $"build-{build}"));
        }

        // By hand, from another address, and nothing has looked at it since.
        Login(now.AddHours(-9).AddMinutes(-1), Names.Kai, Names.KaiAddress, "docker/28.2.2 go/go1.24.3 os/linux arch/amd64");
        Event(now.AddHours(-9), "Push", "shop/recommender", "2.14.0", Digest(), Manifest, Names.Kai, Names.KaiAddress, "docker/28.2.2 go/go1.24.3 os/linux arch/amd64");

        // Its grace period is not over.
        Event(now.AddHours(-2), "Push", "shop/search", "1.3.0-rc1", Digest(), Manifest, Names.Kai, Names.KaiAddress, "docker/28.2.2 go/go1.24.3 os/linux arch/amd64");

        foreach (var pod in story.Pods.Where(pod => pod.Controller.Name == ClusterStory.LeakingController))
        {
            Login(pod.Created, Names.Kubelet, "20.50.2.9", "containerd/1.7.27");
        }

        void PipelinePush(DateTimeOffset time, string repository, string tag)
        {
            const string Agent = "buildkit/v0.22.0 go/go1.24.3 os/linux arch/amd64";
            var index = Digest();
            Login(time.AddSeconds(-5), Names.Pipeline, Names.PipelineAddress, Agent);
            Event(time, "Push", repository, "", Digest(), Manifest, Names.Pipeline, Names.PipelineAddress, Agent);
            Event(time.AddSeconds(1), "Push", repository, "", Digest(), Manifest, Names.Pipeline, Names.PipelineAddress, Agent);
            Event(time.AddSeconds(2), "Push", repository, tag, index, Index, Names.Pipeline, Names.PipelineAddress, Agent);
            Event(time.AddSeconds(9), "Push", repository, $"sha256-{index[7..]}.sig", Digest(), Artifact, Names.Pipeline, Names.PipelineAddress, "cosign/v2.5.0");
            Event(time.AddMinutes(random.Next(4, 25)), "Pull", repository, "", index, Index, Names.Scanner, "20.50.2.31", "Defender for Containers");
        }

        string Digest() => "sha256:" + story.Hex(64);

        void Event(
            DateTimeOffset time, string operation, string repository, string tag, string digest, string mediaType, string identity, string address, string agent) =>
            recorder.Add("ContainerRegistryRepositoryEvents", Source.ResourceLog, time, Names.RegistryId, new()
            {
                ["OperationName"] = operation,
                ["LoginServer"] = Names.LoginServer,
                ["Identity"] = identity,
                ["Repository"] = repository,
                ["Tag"] = tag,
                ["Digest"] = digest,
                ["MediaType"] = mediaType,
                ["Size"] = random.Next(700, 4000),
                ["ArtifactType"] = "",
                ["CorrelationId"] = story.Guid(),
                ["Region"] = "westeurope",
                ["ResultType"] = "HttpStatusCode",
                ["ResultDescription"] = operation == "Push" ? "201" : "200",
                ["Category"] = "ContainerRegistryRepositoryEvents",
                ["CallerIpAddress"] = address,
                ["DurationMs"] = random.Next(40, 900).ToString(CultureInfo.InvariantCulture),
                ["UserTenantId"] = Names.EntraTenant,
                ["UserAgent"] = agent,
            });

        void Login(DateTimeOffset time, string identity, string address, string agent) =>
            recorder.Add("ContainerRegistryLoginEvents", Source.ResourceLog, time, Names.RegistryId, new JsonObject
            {
                ["OperationName"] = "Login",
                ["LoginServer"] = Names.LoginServer,
                ["Identity"] = identity,
                ["JwtId"] = story.Guid(),
                ["CorrelationId"] = story.Guid(),
                ["Region"] = "westeurope",
                ["ResultType"] = "HttpStatusCode",
                ["ResultDescription"] = "200",
                ["Category"] = "ContainerRegistryLoginEvents",
                ["CallerIpAddress"] = address,
                ["DurationMs"] = random.Next(10, 200).ToString(CultureInfo.InvariantCulture),
                ["UserAgent"] = agent,
            });
    }
}
