using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>What containers print (ContainerLogV2) and what Kubernetes says of them (KubeEvents).</summary>
internal static class LogRecords
{
    public static void WriteLogs(Recorder recorder, ClusterStory story, DateTimeOffset time, Random random)
    {
        foreach (var pod in story.Pods)
        {
            if (pod.At(time) is not { } life || pod.Controller.Namespace == "kube-system")
            {
                continue;
            }

            var (level, message) = Line(pod, time, random);
            recorder.Add("ContainerLogV2", Source.Agent, time.AddSeconds(random.Next(1, 50)), Names.ClusterId, new()
            {
                ["Computer"] = pod.Node.Name,
                ["ContainerId"] = life.ContainerId,
                ["ContainerName"] = pod.Controller.Name,
                ["PodName"] = pod.Name,
                ["PodNamespace"] = pod.Controller.Namespace,
                ["LogMessage"] = message,
                ["LogSource"] = level == "ERROR" ? "stderr" : "stdout",
                ["LogLevel"] = level,
                ["KubernetesMetadata"] = new JsonObject
                {
                    ["podLabels"] = new JsonObject { ["app"] = pod.Controller.Name },
                    ["image"] = pod.Controller.Image.Split(':')[0],
                    ["imageTag"] = pod.Controller.Image.Split(':')[1],
                },
            });
        }
    }

    public static void WriteEvents(Recorder recorder, ClusterStory story, DateTimeOffset start)
    {
        foreach (var pod in story.Pods)
        {
            var count = 0;
            foreach (var life in pod.Lives.Where(life => life.End >= start))
            {
                var end = life.End!.Value;
                count++;
                if (life.EndReason == "OOMKilled")
                {
                    Event(end, "Node", "", pod.Node.Name, "OOMKilling", "kernel-monitor", pod.Node, 1,
                        $"Memory cgroup out of memory: Killed process 4242 ({pod.Controller.Name}) total-vm:1289344kB, anon-rss:519212kB, file-rss:0kB");
                }
                else if (life.EndReason == "Error")
                {
                    Event(end.AddSeconds(3), "Pod", pod.Controller.Namespace, pod.Name, "BackOff", "kubelet", pod.Node, count,
                        $"Back-off restarting failed container {pod.Controller.Name} in pod {pod.Name}_{pod.Controller.Namespace}({pod.Uid})");
                }
            }
        }

        void Event(DateTimeOffset time, string kind, string space, string name, string reason, string component, Node node, int count, string message) =>
            recorder.Add("KubeEvents", Source.Agent, time.AddSeconds(20), Names.ClusterId, new()
            {
                ["Computer"] = node.Name,
                ["ClusterId"] = Names.ClusterId,
                ["ClusterName"] = Names.ClusterName,
                ["ObjectKind"] = kind,
                ["Namespace"] = space,
                ["Name"] = name,
                ["Reason"] = reason,
                ["Message"] = message,
                ["KubeEventType"] = "Warning",
                ["SourceComponent"] = component,
                ["FirstSeen"] = Recorder.IsoSeconds(time),
                ["LastSeen"] = Recorder.IsoSeconds(time),
                ["Count"] = count,
            });
    }

    private static (string Level, JsonNode Message) Line(Pod pod, DateTimeOffset time, Random random)
    {
        if (pod.Leaks && pod.MemoryAt(time, random) > 0.9 * pod.Controller.LimitBytes)
        {
            return ("ERROR", new JsonObject { ["msg"] = "cache eviction cannot keep up", ["heap_used_pct"] = 97, ["cache_entries"] = 1_204_331 });
        }

        if (pod.Controller.Name == "ledger-sync" && pod.EndedBy(time) is > 0 and < 8)
        {
            return ("ERROR", JsonValue.Create("dial tcp 10.20.0.12:5432: connect: connection refused"));
        }

        return ("INFO", new JsonObject
        {
            ["msg"] = "request served",
            ["status"] = 200,
            ["duration_ms"] = random.Next(2, 180),
            ["trace"] = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture),
        });
    }
}
