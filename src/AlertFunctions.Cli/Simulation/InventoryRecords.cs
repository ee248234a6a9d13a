using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// What the Container Insights agent reports of the cluster's state, in the shapes of its source (github.com/microsoft/Docker-Provider,
/// source/plugins/ruby/in_kube_podinventory.rb): one row a container and snapshot; ContainerName is pod uid / container; ContainerLastStatus is JSON in a
/// string and empty JSON while nothing has ended.
/// </summary>
internal static class InventoryRecords
{
    public static void Write(Recorder recorder, ClusterStory story, DateTimeOffset time, bool isHour)
    {
        foreach (var node in story.Nodes)
        {
            recorder.Add("KubeNodeInventory", Source.Agent, time, Names.ClusterId, NodeRow(node));
            recorder.Add("Heartbeat", Source.Agent, time, Names.ClusterId, HeartbeatRow(node));
        }

        foreach (var pod in story.Pods.Where(pod => pod.Created <= time))
        {
            recorder.Add("KubePodInventory", Source.Agent, time, Names.ClusterId, PodRow(pod, time));
            if (isHour)
            {
                recorder.Add("ContainerInventory", Source.Agent, time, Names.ClusterId, ContainerRow(pod, time));
            }
        }

        if (isHour)
        {
            foreach (var controller in story.Controllers.Where(controller => controller.Kind == "ReplicaSet"))
            {
                recorder.Add("KubeServices", Source.Agent, time, Names.ClusterId, new()
                {
                    ["ClusterId"] = Names.ClusterId,
                    ["ClusterName"] = Names.ClusterName,
                    ["Namespace"] = controller.Namespace,
                    ["ServiceName"] = controller.Name,
                    ["ServiceType"] = controller.Namespace == "ingress" ? "LoadBalancer" : "ClusterIP",
                    ["ClusterIp"] = "10.0.0.10",
                    ["SelectorLabels"] = new JsonArray(new JsonObject { ["app"] = controller.Name }).ToJsonString(),
                });
            }
        }
    }

    private static JsonObject PodRow(Pod pod, DateTimeOffset time)
    {
        var life = pod.At(time);
        var last = pod.LastEndedBy(time);
        var isDone = pod.Controller.Kind == "Job" && last is not null;
        var row = new JsonObject
        {
            ["Computer"] = pod.Node.Name,
            ["ClusterId"] = Names.ClusterId,
            ["ClusterName"] = Names.ClusterName,
            ["Namespace"] = pod.Controller.Namespace,
            ["Name"] = pod.Name,
            ["PodUid"] = pod.Uid,
            ["PodLabel"] = new JsonArray(new JsonObject { ["app"] = pod.Controller.Name }).ToJsonString(),
            ["PodStatus"] = isDone ? "Succeeded" : "Running",
            ["PodIp"] = pod.Address,
            ["PodCreationTimeStamp"] = Recorder.IsoSeconds(pod.Created),
            ["PodStartTime"] = Recorder.IsoSeconds(pod.Created),
            ["PodRestartCount"] = isDone ? 0 : pod.EndedBy(time),
            ["ServiceName"] = pod.Controller.Kind == "ReplicaSet" ? pod.Controller.Name : "",
            ["ControllerKind"] = pod.Controller.Kind,
            ["ControllerName"] = pod.OwnerName,
            ["ContainerName"] = $"{pod.Uid}/{pod.Controller.Name}",
            ["InstanceName"] = $"{Names.ClusterId}/{pod.Uid}/{pod.Controller.Name}",
            ["ContainerID"] = (life ?? last)?.ContainerId ?? "",
            ["ContainerRestartCount"] = isDone ? 0 : pod.EndedBy(time),
            ["ContainerStatus"] = life is not null ? "running" : isDone ? "terminated" : "waiting",
            ["ContainerStatusReason"] = life is not null ? "" : isDone ? last!.EndReason : "CrashLoopBackOff",
            ["ContainerLastStatus"] = last is null || isDone ? "{}" : LastStatus(last),
        };
        if (life is not null)
        {
            row["ContainerCreationTimeStamp"] = Recorder.IsoSeconds(life.Start);
            row["ContainerStartTime"] = Recorder.IsoSeconds(life.Start);
        }

        return row;
    }

    private static string LastStatus(ContainerLife life) => new JsonObject
    {
        ["lastState"] = "terminated",
        ["reason"] = life.EndReason,
        ["startedAt"] = Recorder.IsoSeconds(life.Start),
        ["finishedAt"] = Recorder.IsoSeconds(life.End!.Value),
    }.ToJsonString();

    private static JsonObject NodeRow(Node node) => new()
    {
        ["Computer"] = node.Name,
        ["ClusterId"] = Names.ClusterId,
        ["ClusterName"] = Names.ClusterName,
        ["Status"] = "Ready",
        ["KubeletVersion"] = "v1.33.2",
        ["KubeProxyVersion"] = "v1.33.2",
        ["OperatingSystem"] = "Ubuntu 22.04.5 LTS",
        ["DockerVersion"] = "containerd://1.7.27",
        ["KubernetesProviderID"] = "azure",
        ["Labels"] = new JsonArray(new JsonObject { ["agentpool"] = "pool1", ["kubernetes.io/os"] = "linux" }).ToJsonString(),
        ["CreationTimeStamp"] = Recorder.IsoSeconds(new DateTimeOffset(2026, 1, 12, 8, 0, 0, TimeSpan.Zero)),
        ["LastTransitionTimeReady"] = Recorder.IsoSeconds(new DateTimeOffset(2026, 1, 12, 8, 1, 0, TimeSpan.Zero)),
    };

    private static JsonObject HeartbeatRow(Node node) => new()
    {
        ["Computer"] = node.Name,
        ["ComputerIP"] = node.Address,
        ["Category"] = "Direct Agent",
        ["OSType"] = "Linux",
        ["OSName"] = "Ubuntu",
        ["OSMajorVersion"] = "22",
        ["OSMinorVersion"] = "04",
        ["Version"] = "1.33.0",
        ["ComputerEnvironment"] = "Azure",
        ["Solutions"] = "\"containerInsights\"",
        ["SubscriptionId"] = Names.Subscription,
        ["ResourceGroup"] = Names.ResourceGroup,
        ["ResourceProvider"] = "Microsoft.ContainerService",
        ["ResourceType"] = "managedClusters",
        ["Resource"] = Names.ClusterName,
        ["ResourceId"] = Names.ClusterId,
        ["ComputerPrivateIPs"] = new JsonArray(node.Address),
    };

    private static JsonObject ContainerRow(Pod pod, DateTimeOffset time)
    {
        var life = pod.At(time) ?? pod.LastEndedBy(time);
        var image = pod.Controller.Image.Split(':');
        var row = new JsonObject
        {
            ["Computer"] = pod.Node.Name,
            ["ContainerID"] = life?.ContainerId ?? "",
            ["Name"] = $"k8s_{pod.Controller.Name}_{pod.Name}_{pod.Controller.Namespace}_{pod.Uid}_{pod.EndedBy(time)}",
            ["ContainerHostname"] = pod.Name,
            ["Repository"] = Names.LoginServer,
            ["Image"] = image[0],
            ["ImageTag"] = image[1],
            ["ContainerState"] = pod.At(time) is not null ? "Running" : life?.ExitCode == 0 ? "Succeeded" : "Failed",
            ["ExitCode"] = pod.At(time) is not null ? 0 : life?.ExitCode ?? 0,
        };
        if (life is not null)
        {
            row["CreatedTime"] = Recorder.IsoSeconds(life.Start);
            row["StartedTime"] = Recorder.IsoSeconds(life.Start);
            if (life.End is { } end && end <= time)
            {
                row["FinishedTime"] = Recorder.IsoSeconds(end);
            }
        }

        return row;
    }
}
