using System.Text.Json;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>Notifications as the shipped detections make them.</summary>
internal static class Samples
{
    public static readonly Dictionary<string, Notification> All = new()
    {
        ["oom-killed"] = Some.Notification(Oom("recommender-6c8f-4k2xv", 11)),
        ["oom-killed-group"] = Some.Notification(
            NotifyReason.NewAlertsInGroup,
            Oom("recommender-6c8f-4k2xv", 11),
            Oom("recommender-6c8f-9d7qp", 7) with { Severity = Severity.Medium },
            Oom("recommender-6c8f-x2mzt", 3) with { State = AlertState.Resolved }),
        ["oom-killed-resolved"] = Some.Notification(NotifyReason.AlertsResolved, Oom("recommender-6c8f-4k2xv", 90) with { State = AlertState.Resolved }),
        ["role-assigned"] = Some.Notification(RoleAssigned()),
        ["cluster-admin-bound"] = Some.Notification(NotifyReason.RepeatIntervalElapsed, ClusterAdminBound()),
        ["image-without-scan"] = Some.Notification(ImageWithoutScan()),
    };

    private static Alert Oom(string pod, int minutesAgo)
    {
        var at = Some.Now.AddMinutes(-minutesAgo);
        return Some.Alert(
            title: $"Container recommender of {pod} was killed: out of memory",
            description: "The container reached its own memory limit and the kernel killed it. Kubernetes starts it again; requests in flight are lost.",
            runbook: """
                1. Is it one pod or all of `recommender`? `kubectl -n shop top pod -l app=recommender`
                2. If memory grows from start to kill, it leaks: roll back the last release.
                3. If it grows with traffic, raise `resources.limits.memory` and the request with it.

                ```
                kubectl -n shop rollout undo deployment/recommender
                ```
                """,
            severity: Severity.High,
            labels: new Dictionary<string, string>
            {
                ["detection"] = "aks/container-oom-killed",
                ["severity"] = "High",
                ["ClusterId"] = Some.Cluster,
                ["Namespace"] = "shop",
                ["Pod"] = pod,
                ["Container"] = "recommender",
            },
            rows: Some.Table(
                "TimeGenerated:datetime Node:string Controller:string Cause:string Restarts:int UsedBytes:real LimitBytes:real",
                [at, "aks-pool1-vmss000001", "ReplicaSet/recommender-6c8f", "container limit", 4, 535822336.0, 536870912.0]),
            query: "KubePodInventory\n| where ContainerLastStatus has 'OOMKilled'\n| take 10") with
        {
            StartsAt = at,
            LastSeenAt = at,
        };
    }

    private static Alert RoleAssigned() => Some.Alert(
        detection: "azure/privileged-role-assigned",
        title: "dana@contoso.example gave Owner on a subscription",
        description: "Owner lets its holder do everything in the scope, and give that to others.",
        runbook: "Ask **dana@contoso.example** in person. If nobody knows of it: remove the assignment, then look at what the principal did since.",
        labels: new Dictionary<string, string>
        {
            ["detection"] = "azure/privileged-role-assigned",
            ["Caller"] = "dana@contoso.example",
            ["PrincipalId"] = "5d6a5b5e-8d0f-4f2f-9d0c-1f2e3d4c5b6a",
            ["Role"] = "Owner",
            ["Scope"] = "/subscriptions/00000000-0000-0000-0000-000000000001",
        },
        rows: Some.Table(
            "TimeGenerated:datetime PrincipalType:string CallerIpAddress:string ScopeLevel:string",
            [Some.Now.AddMinutes(-11), "ServicePrincipal", "203.0.113.10", "subscription"]));

    private static Alert ClusterAdminBound() => Some.Alert(
        detection: "aks/cluster-admin-bound",
        title: "cluster-admin was bound to ServiceAccount build/runner",
        description: "Whoever holds the token of this account owns the cluster.",
        runbook: "See who made it and from where.\n\n- `kubectl get clusterrolebinding debug-runner -o yaml`\n- delete it if it was not announced",
        labels: new Dictionary<string, string>
        {
            ["ClusterId"] = Some.Cluster,
            ["AuditId"] = "e040d0ab-473c-442c-9707-88553173e962",
            ["Binding"] = "debug-runner",
        },
        rows: Some.Table(
            "TimeGenerated:datetime Verb:string Actor:string SourceIp:string UserAgent:string Subjects:dynamic",
            [
                Some.Now.AddMinutes(-11), "create", "kai@contoso.example", "198.51.100.7", "kubectl/v1.33.2 (linux/amd64)",
                JsonSerializer.SerializeToElement(new[] { new { kind = "ServiceAccount", name = "runner", @namespace = "build" } }),
            ]),
        workspace: null);

    private static Alert ImageWithoutScan() => Some.Alert(
        detection: "acr/image-pushed-without-scan",
        title: "shopacr.azurecr.io/shop/recommender:2.14.0 was not scanned within 6 hours",
        description: "No finding of a scanner, and no pull by one, is known for this digest.",
        runbook: "Is the registry's plan on? See [the plan's page](https://portal.azure.com/#view/Microsoft_Azure_Security).",
        severity: Severity.Medium,
        labels: new Dictionary<string, string>
        {
            ["Registry"] = "shopacr.azurecr.io",
            ["Repository"] = "shop/recommender",
            ["Digest"] = "sha256:57a94fc99816c6aa225678b738ac40d85422e75dbb96115f1bb9b6ed77176166",
        },
        rows: Some.Table(
            "TimeGenerated:datetime Tag:string PushedBy:string CallerIpAddress:string",
            [Some.Now.AddHours(-9), "2.14.0", "kai@contoso.example", "198.51.100.7"],
            [Some.Now.AddHours(-8), "latest", "kai@contoso.example", "198.51.100.9"]),
        count: 2);
}
