using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// Perf as the Container Insights agent fills it: K8SContainer counters with the instance cluster id / pod uid / container, K8SNode ones with
/// cluster id / node; a container without a limit reports the node's allocatable memory as its limit. InsightsMetrics holds the states of deployments.
/// </summary>
internal static class MetricRecords
{
    public static void Write(Recorder recorder, ClusterStory story, DateTimeOffset time, Random random, bool isHour)
    {
        var used = story.Nodes.ToDictionary(node => node.Name, _ => 1.1 * 1024 * 1024 * 1024);
        foreach (var pod in story.Pods.Where(pod => pod.At(time) is not null))
        {
            var bytes = pod.MemoryAt(time, random);
            used[pod.Node.Name] += bytes;
            var instance = $"{Names.ClusterId}/{pod.Uid}/{pod.Controller.Name}";
            Counter("K8SContainer", pod.Node, instance, "memoryWorkingSetBytes", Math.Round(bytes));
            Counter("K8SContainer", pod.Node, instance, "memoryRssBytes", Math.Round(bytes * 0.93));
            Counter("K8SContainer", pod.Node, instance, "memoryLimitBytes", pod.Controller.LimitBytes ?? Node.AllocatableBytes);
            Counter("K8SContainer", pod.Node, instance, "cpuUsageNanoCores", Math.Round(2e7 + (8e7 * random.NextDouble())));
        }

        foreach (var node in story.Nodes)
        {
            var instance = $"{Names.ClusterId}/{node.Name}";
            Counter("K8SNode", node, instance, "memoryWorkingSetBytes", Math.Round(used[node.Name]));
            Counter("K8SNode", node, instance, "memoryRssBytes", Math.Round(used[node.Name] * 0.9));
            Counter("K8SNode", node, instance, "memoryAllocatableBytes", Node.AllocatableBytes);
            Counter("K8SNode", node, instance, "memoryCapacityBytes", Node.CapacityBytes);
            Counter("K8SNode", node, instance, "cpuUsageNanoCores", Math.Round(4e8 + (3e8 * random.NextDouble())));
        }

        if (isHour)
        {
            foreach (var controller in story.Controllers.Where(controller => controller.Kind == "ReplicaSet"))
            {
                recorder.Add("InsightsMetrics", Source.Agent, time, Names.ClusterId, new()
                {
                    ["Computer"] = story.Nodes[0].Name,
                    ["Origin"] = "container.azm.ms/telegraf",
                    ["Namespace"] = "container.azm.ms/kubestate",
                    ["Name"] = "kube_deployment_status_replicas_ready",
                    ["Val"] = story.Pods.Count(pod => pod.Controller == controller && pod.At(time) is not null),
                    ["Tags"] = new JsonObject
                    {
                        ["container.azm.ms/clusterId"] = Names.ClusterId,
                        ["container.azm.ms/clusterName"] = Names.ClusterName,
                        ["deployment"] = controller.Name,
                        ["k8sNamespace"] = controller.Namespace,
                        ["spec_replicas"] = controller.Replicas.ToString("D", null),
                    }.ToJsonString(),
                });
            }
        }

        void Counter(string objectName, Node node, string instance, string counter, double value) =>
            recorder.Add("Perf", Source.Agent, time, Names.ClusterId, new()
            {
                ["Computer"] = node.Name,
                ["ObjectName"] = objectName,
                ["InstanceName"] = instance,
                ["CounterName"] = counter,
                ["CounterValue"] = value,
                ["CounterPath"] = "",
            });
    }
}
