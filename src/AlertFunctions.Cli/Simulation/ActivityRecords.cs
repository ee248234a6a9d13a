using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// AzureActivity. A role assignment is two records of one correlation: Start carries the request in Properties.requestbody (JSON in JSON in a string, in
/// the letter case of whichever client sent it), Success the answer's code. Columns whose name ends in Value hold the constants; Authorization and
/// Properties are strings.
/// </summary>
internal static class ActivityRecords
{
    private const string Assign = "Microsoft.Authorization/roleAssignments/write";
    private const string Owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private const string MonitoringReader = "43d0d8ad-25c7-4714-9337-8ba259a9fe05";

    public static void Write(Recorder recorder, ClusterStory story, DateTimeOffset now, Random random)
    {
        const string Subscription = $"/subscriptions/{Names.Subscription}";
        const string Group = $"{Subscription}/resourceGroups/{Names.ResourceGroup}";

        RoleAssignment(now.AddHours(-3).AddMinutes(-5), Names.Kai, Names.KaiAddress, Owner, Subscription, "ServicePrincipal", isPortal: true, succeeds: true);
        RoleAssignment(now.AddHours(-3).AddMinutes(-20), Names.Kai, Names.KaiAddress, Owner, Group, "User", isPortal: true, succeeds: false);
        RoleAssignment(now.AddHours(-21), Names.Dana, Names.DanaAddress, Reader, Group, "User", isPortal: true, succeeds: true);
        RoleAssignment(now.AddHours(-18), Names.Dana, Names.DanaAddress, MonitoringReader, Subscription, "ServicePrincipal", isPortal: false, succeeds: true);
        RoleAssignment(now.AddHours(-5), Names.Pipeline, Names.PipelineAddress, Reader, Names.RegistryId, "ServicePrincipal", isPortal: false, succeeds: true);

        for (var time = now.AddDays(-1).AddMinutes(17); time < now; time = time.AddMinutes(random.Next(40, 110)))
        {
            var operation = random.Next(3) == 0
                ? "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"
                : "Microsoft.Compute/virtualMachineScaleSets/write";
            var correlation = story.Guid();
            Record(time, operation, "Start", correlation, Names.Dana, Names.DanaAddress, Names.ClusterId, Group, new());
            Record(time.AddSeconds(4), operation, "Success", correlation, Names.Dana, Names.DanaAddress, Names.ClusterId, Group, new() { ["statusCode"] = "OK" });
        }

        void RoleAssignment(
            DateTimeOffset time, string caller, string address, string role, string scope, string principalType, bool isPortal, bool succeeds)
        {
            var correlation = story.Guid();
            var assignment = $"{scope}/providers/Microsoft.Authorization/roleAssignments/{story.Guid()}";
            var roleDefinition = $"{Subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}";
            var principal = story.Guid();
            var request = isPortal
                ? new JsonObject
                {
                    ["Id"] = assignment.Split('/')[^1],
                    ["Properties"] = new JsonObject
                    {
                        ["PrincipalId"] = principal,
                        ["PrincipalType"] = principalType,
                        ["RoleDefinitionId"] = roleDefinition,
                        ["Scope"] = scope,
                    },
                }
                : new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["roleDefinitionId"] = roleDefinition,
                        ["principalId"] = principal,
                        ["principalType"] = principalType,
                    },
                };
            Record(time, Assign, "Start", correlation, caller, address, assignment, scope, new() { ["requestbody"] = request.ToJsonString() });
            Record(time.AddSeconds(2), Assign, succeeds ? "Success" : "Failure", correlation, caller, address, assignment, scope,
                new() { ["statusCode"] = succeeds ? "Created" : "Forbidden", ["serviceRequestId"] = story.Guid() });
        }

        void Record(
            DateTimeOffset time, string operation, string status, string correlation, string caller, string address, string entity, string scope,
            JsonObject properties)
        {
            var provider = operation.Split('/')[0];
            properties["eventCategory"] = "Administrative";
            properties["entity"] = entity;
            properties["message"] = operation;
            properties["hierarchy"] = $"{Names.EntraTenant}/{Names.Subscription}";
            var authorization = new JsonObject
            {
                ["action"] = operation,
                ["scope"] = entity,
                ["evidence"] = new JsonObject { ["role"] = "Owner", ["roleAssignmentScope"] = $"/subscriptions/{Names.Subscription}" },
            };
            recorder.Add("AzureActivity", Source.ActivityLog, time, entity, new()
            {
                ["OperationNameValue"] = operation.ToUpperInvariant(),
                ["Level"] = status == "Failure" ? "Error" : "Information",
                ["ActivityStatusValue"] = status,
                ["ActivitySubstatusValue"] = status switch { "Success" => properties["statusCode"]!.GetValue<string>(), "Failure" => "Forbidden", _ => "" },
                ["ResourceGroup"] = scope.Split('/') is [_, _, _, "resourceGroups", var group, ..] ? group : "",
                ["SubscriptionId"] = Names.Subscription,
                ["CorrelationId"] = correlation,
                ["OperationId"] = correlation,
                ["EventDataId"] = story.Guid(),
                ["EventSubmissionTimestamp"] = Recorder.Iso(time.AddSeconds(40)),
                ["Caller"] = caller,
                ["CallerIpAddress"] = address,
                ["CategoryValue"] = "Administrative",
                ["ResourceProviderValue"] = provider.ToUpperInvariant(),
                ["Authorization"] = authorization.ToJsonString(),
                ["Authorization_d"] = authorization,
                ["Properties"] = properties.ToJsonString(),
                ["Properties_d"] = properties.DeepClone(),
                ["HTTPRequest"] = new JsonObject { ["clientRequestId"] = story.Guid(), ["clientIpAddress"] = address, ["method"] = "PUT" }.ToJsonString(),
                ["Hierarchy"] = $"{Names.EntraTenant}/{Names.Subscription}",
            });
        }
    }
}
