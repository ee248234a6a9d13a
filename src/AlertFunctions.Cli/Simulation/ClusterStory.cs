using System.Globalization;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// What the cluster consists of and what happens to its containers: shop/recommender leaks memory since its release, first on one node and in the last
/// hours on all; payments/ledger-sync crashes for a reason of its own; a nightly job completes.
/// </summary>
internal sealed class ClusterStory
{
    public const string LeakingController = "recommender";

    private const double MiB = 1024 * 1024;

    private readonly Random _random;
    private readonly DateTimeOffset _now;

    public ClusterStory(DateTimeOffset now, Random random)
    {
        _now = now;
        _random = random;
        Nodes = [.. Enumerable.Range(0, 3).Select(i => new Node($"aks-pool1-31415926-vmss{i:D6}", $"10.224.0.{4 + i}"))];
        Pods = [.. Controllers.SelectMany(PodsOf)];
    }

    public IReadOnlyList<Node> Nodes { get; }

    public IReadOnlyList<Controller> Controllers { get; } =
    [
        new("shop", "frontend", "ReplicaSet", 3, "shop/frontend:4.2.1", 256 * MiB, 110 * MiB),
        new("shop", "cart", "ReplicaSet", 3, "shop/cart:1.19.0", 256 * MiB, 90 * MiB),
        new("shop", LeakingController, "ReplicaSet", 3, "shop/recommender:2.14.0", 512 * MiB, 180 * MiB),
        new("shop", "catalog", "ReplicaSet", 2, "shop/catalog:3.3.0", 384 * MiB, 200 * MiB),
        new("shop", "orders", "ReplicaSet", 2, "shop/orders:2.8.4", 512 * MiB, 260 * MiB),
        new("shop", "search-index", "StatefulSet", 2, "shop/search:1.2.2", 1024 * MiB, 700 * MiB),
        new("payments", "gateway", "ReplicaSet", 2, "payments/gateway:5.0.3", 512 * MiB, 150 * MiB),
        new("payments", "ledger-sync", "ReplicaSet", 1, "payments/ledger-sync:0.9.0", 256 * MiB, 60 * MiB),
        new("payments", "nightly-report", "Job", 1, "payments/report:1.0.0", 512 * MiB, 120 * MiB),
        new("ingress", "controller", "ReplicaSet", 2, "platform/ingress:1.13.0", null, 140 * MiB),
        new("kube-system", "coredns", "ReplicaSet", 2, "oss/kubernetes/coredns:v1.12.1", 500 * MiB, 40 * MiB),
        new("kube-system", "ama-logs", "DaemonSet", 3, "azuremonitor/containerinsights/ciprod:3.1.28", 750 * MiB, 300 * MiB),
    ];

    public IReadOnlyList<Pod> Pods { get; }

    public string Guid()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    public string Hex(int digits)
    {
        var bytes = new byte[(digits + 1) / 2];
        _random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes)[..digits];
    }

    private IEnumerable<Pod> PodsOf(Controller controller)
    {
        var owner = controller.Kind == "ReplicaSet" ? $"{controller.Name}-{Hex(9)}" : controller.Name;
        for (var i = 0; i < controller.Replicas; i++)
        {
            var node = Nodes[i % Nodes.Count];
            var created = controller.Name switch
            {
                LeakingController => _now.AddHours(-9).AddMinutes(20 + i),
                "nightly-report" => _now.AddHours(-10),
                _ => _now.AddDays(-6).AddMinutes(_random.Next(2000)),
            };
            var lives = controller.Name switch
            {
                LeakingController => Leaking(created, isFirstNode: i == 0),
                "ledger-sync" => Crashing(created),
                "nightly-report" => [new(Hex(64), created.AddSeconds(8), created.AddMinutes(14), "Completed", 0)],
                _ => [new ContainerLife(Hex(64), created.AddSeconds(_random.Next(3, 30)), null, null, 0)],
            };
            yield return new(
                controller,
                owner,
                controller.Kind == "StatefulSet" ? string.Create(CultureInfo.InvariantCulture, $"{owner}-{i}") : $"{owner}-{Hex(5)}",
                Guid(),
                string.Create(CultureInfo.InvariantCulture, $"10.244.{i % Nodes.Count}.{_random.Next(10, 240)}"),
                node,
                created,
                lives,
                Leaks: controller.Name == LeakingController);
        }
    }

    /// <summary>The first node's pod is killed from six hours ago; the others follow in the last two.</summary>
    private List<ContainerLife> Leaking(DateTimeOffset created, bool isFirstNode)
    {
        int[] killedHoursTenths = isFirstNode ? [60, 44, 29, 13] : [17, 6];
        var lives = new List<ContainerLife>();
        var start = created.AddSeconds(5);
        foreach (var tenths in killedHoursTenths)
        {
            var end = _now.AddMinutes(-6 * tenths).AddSeconds(_random.Next(-240, 240));
            lives.Add(new(Hex(64), start, end, "OOMKilled", 137));
            start = end.AddSeconds(_random.Next(1, 4));
        }

        lives.Add(new(Hex(64), start, null, null, 0));
        return lives;
    }

    /// <summary>Fails to reach its database for an hour: restarts with Kubernetes' growing pauses, then is well again.</summary>
    private List<ContainerLife> Crashing(DateTimeOffset created)
    {
        var lives = new List<ContainerLife> { new(Hex(64), created.AddSeconds(5), _now.AddHours(-15), "Error", 1) };
        var start = _now.AddHours(-15).AddSeconds(10);
        for (var pause = 20; lives.Count < 8; pause = Math.Min(300, pause * 2))
        {
            var end = start.AddSeconds(_random.Next(20, 60));
            lives.Add(new(Hex(64), start, end, "Error", 1));
            start = end.AddSeconds(pause);
        }

        lives.Add(new(Hex(64), start, null, null, 0));
        return lives;
    }
}
