using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// The API server's audit events in resource-specific tables: AKSAudit has every event, AKSAuditAdmin all but reads. Each event that changes something
/// is in both, as where both categories are switched on.
/// </summary>
internal static class AuditRecords
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Write(Recorder recorder, ClusterStory story, DateTimeOffset now, Random random)
    {
        var start = now.AddDays(-1);
        for (var time = start; time < now; time = time.AddMinutes(random.Next(4, 9)))
        {
            var read = random.Next(3);
            Emit(time, new()
            {
                ["Verb"] = read == 0 ? "list" : "get",
                ["RequestUri"] = "/api/v1/namespaces/shop/pods",
                ["Level"] = "Request",
                ["User"] = User(read == 2 ? Names.Dana : "system:serviceaccount:ingress:controller", "system:authenticated"),
                ["SourceIps"] = new JsonArray(read == 2 ? Names.DanaAddress : "10.224.0.5"),
                ["UserAgent"] = read == 2 ? "kubectl/v1.33.2 (darwin/arm64) kubernetes/4a3b6f1" : "ingress-controller/v1.13.0",
                ["ObjectRef"] = new JsonObject { ["resource"] = "pods", ["namespace"] = "shop", ["apiVersion"] = "v1" },
                ["ResponseStatus"] = new JsonObject { ["metadata"] = new JsonObject(), ["code"] = 200 },
            }, isRead: true);
        }

        var kai = User(Names.Kai, "system:authenticated");
        var dana = User(Names.Dana, "system:masters", "system:authenticated");

        // The one that matters.
        Emit(now.AddHours(-4).AddMinutes(-12), Binding(kai, Names.KaiAddress, "clusterrolebindings", "", "debug-runner", "ClusterRole", "cluster-admin",
            Subject("ServiceAccount", "runner", "build"), 201));

        // The ones that do not: refused, rehearsed, less than cluster-admin, and the platform's own.
        Emit(now.AddHours(-4).AddMinutes(-31), Binding(kai, Names.KaiAddress, "clusterrolebindings", "", "kai-admin", "ClusterRole", "cluster-admin",
            Subject("User", Names.Kai, null), 403));
        Emit(now.AddHours(-20), Binding(dana, Names.DanaAddress, "clusterrolebindings", "", "break-glass", "ClusterRole", "cluster-admin",
            Subject("Group", "platform-oncall", null), 201, "?dryRun=All"));
        Emit(now.AddHours(-19), Binding(dana, Names.DanaAddress, "rolebindings", "shop", "shop-editors", "ClusterRole", "edit",
            Subject("Group", "team-shop", null), 201));
        Emit(now.AddHours(-7), Binding(dana, Names.DanaAddress, "rolebindings", "payments", "report-reader", "Role", "config-reader",
            Subject("ServiceAccount", "report", "payments"), 201));
        Emit(now.AddHours(-13), Binding(User("aksService", "system:masters", "system:authenticated"), "172.31.10.4", "clusterrolebindings", "",
            "aks-cluster-admin-binding", "ClusterRole", "cluster-admin", Subject("User", "clusterAdmin", null), 200, verb: "update"));

        void Emit(DateTimeOffset time, JsonObject fields, bool isRead = false)
        {
            fields["AuditId"] = story.Guid();
            fields["Stage"] = "ResponseComplete";
            fields["PodName"] = "kube-apiserver-6d9f7c5b8-q7w2x";
            fields["RequestReceivedTime"] = Recorder.Iso(time);
            fields["StageReceivedTime"] = Recorder.Iso(time.AddMilliseconds(random.Next(3, 60)));
            fields["Annotations"] = new JsonObject
            {
                ["authorization.k8s.io/decision"] = fields["ResponseStatus"]!["code"]!.GetValue<int>() == 403 ? "forbid" : "allow",
                ["authorization.k8s.io/reason"] = "",
            };
            recorder.Add("AKSAudit", Source.ResourceLog, time, Names.ClusterId, fields);
            if (!isRead)
            {
                recorder.Add("AKSAuditAdmin", Source.ResourceLog, time, Names.ClusterId, fields.DeepClone().AsObject());
            }
        }

        JsonObject Binding(
            JsonObject user, string address, string resource, string space, string name, string roleKind, string role, JsonObject subject, int code,
            string uriQuery = "", string verb = "create")
        {
            var kind = resource == "rolebindings" ? "RoleBinding" : "ClusterRoleBinding";
            var body = new JsonObject
            {
                ["kind"] = kind,
                ["apiVersion"] = Group + "/v1",
                ["metadata"] = space.Length == 0 ? new JsonObject { ["name"] = name } : new JsonObject { ["name"] = name, ["namespace"] = space },
                ["subjects"] = new JsonArray(subject),
                ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = roleKind, ["name"] = role },
            };
            var path = space.Length == 0 ? "" : $"/namespaces/{space}";
            var reference = new JsonObject { ["resource"] = resource, ["name"] = name, ["apiGroup"] = Group, ["apiVersion"] = "v1" };
            if (space.Length > 0)
            {
                reference["namespace"] = space;
            }

            var answer = body.DeepClone().AsObject();
            answer["metadata"]!["uid"] = story.Guid();
            return new()
            {
                ["Verb"] = verb,
                ["RequestUri"] = $"/apis/{Group}/v1{path}/{resource}{(verb == "create" ? "" : "/" + name)}{uriQuery}",
                ["Level"] = "RequestResponse",
                ["User"] = user.DeepClone(),
                ["SourceIps"] = new JsonArray(address),
                ["UserAgent"] = "kubectl/v1.33.2 (linux/amd64) kubernetes/4a3b6f1",
                ["ObjectRef"] = reference,
                ["ResponseStatus"] = code == 403
                    ? new JsonObject { ["status"] = "Failure", ["reason"] = "Forbidden", ["code"] = code, ["metadata"] = new JsonObject() }
                    : new JsonObject { ["metadata"] = new JsonObject(), ["code"] = code },
                ["RequestObject"] = body,
                ["ResponseObject"] = code == 403
                    ? new JsonObject { ["kind"] = "Status", ["status"] = "Failure", ["reason"] = "Forbidden", ["code"] = code }
                    : answer,
            };
        }
    }

    private static JsonObject User(string name, params string[] groups) => new()
    {
        ["username"] = name,
        ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode?)group)]),
    };

    private static JsonObject Subject(string kind, string name, string? space)
    {
        var subject = new JsonObject { ["kind"] = kind, ["name"] = name };
        if (space is null)
        {
            subject["apiGroup"] = Group;
        }
        else
        {
            subject["namespace"] = space;
        }

        return subject;
    }
}
