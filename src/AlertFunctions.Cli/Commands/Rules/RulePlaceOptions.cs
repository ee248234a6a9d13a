using System.CommandLine;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.AzureServices.AlertRules;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Cli.Terminal;
using Azure.Identity;

namespace AlertFunctions.Cli.Commands.Rules;

/// <summary>Where rules are: in a resource group of Azure, as whoever is signed in, or in a folder.</summary>
internal sealed class RulePlaceOptions
{
    private const string Local = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local";

    private readonly Option<string?> _folder = new("--rules") { Description = "Keep the rules as files in this folder, without Azure.", HelpName = "FOLDER" };

    private readonly Option<string?> _group = new("--resource-group") { Description = "Resource id of the resource group that holds the rules.", HelpName = "ID" };

    private readonly Option<string[]> _workspaces = new("--workspace")
    {
        Description = "Resource id of a Log Analytics workspace that the rules read. May be given several times.",
        HelpName = "ID",
    };

    private readonly Option<string?> _actionGroup = new("--action-group") { Description = "Resource id of the action group that the rules notify.", HelpName = "ID" };

    private readonly Option<string> _owner = new("--owner")
    {
        Description = "Whose rules they are: only rules with this owner's tag are changed or removed.",
        HelpName = "NAME",
        DefaultValueFactory = _ => AlertRuleTarget.DefaultOwner,
    };

    private readonly Option<string> _cloud = new Option<string>("--cloud")
    {
        Description = "Which of Azure's clouds.",
        DefaultValueFactory = _ => "public",
    }.AcceptOnlyFromAmong("public", "government", "china");

    private readonly Option<Uri?> _resourceManager = new("--resource-manager")
    {
        Description = "Another address of Azure Resource Manager: a proxy's, or one on this machine.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
            {
                return address;
            }

            result.AddError("--resource-manager must be an https address; plain http is for this machine only.");
            return null;
        },
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_folder, _group, _workspaces, _actionGroup, _owner, _cloud, _resourceManager])
        {
            command.Add(option);
        }
    }

    /// <summary>The store and what the rules are written for.</summary>
    /// <exception cref="CommandFault">Something that Azure needs is missing.</exception>
    public (IAlertRuleStore Store, AlertRuleTarget Target, IReadOnlyList<string> Workspaces) Read(ParseResult parsed)
    {
        var workspaces = parsed.GetValue(_workspaces) ?? [];
        if (parsed.GetValue(_folder) is { } folder)
        {
            var local = Target(parsed, Local, $"{Local}/providers/Microsoft.Insights/actionGroups/local");
            return (
                new FileAlertRuleStore(folder, local), local,
                workspaces.Length > 0 ? workspaces : [$"{Local}/providers/Microsoft.OperationalInsights/workspaces/local"]);
        }

        if (parsed.GetValue(_group) is null || parsed.GetValue(_actionGroup) is null || workspaces.Length == 0)
        {
            throw new CommandFault(
                "Rules in Azure need --resource-group, --action-group and at least one --workspace. To try it without Azure: --rules FOLDER.",
                ExitCode.Usage);
        }

        var target = Target(parsed, "", "");
        foreach (var id in workspaces.Append(target.ResourceGroup).Append(target.ActionGroup).Where(id => !IsResourceId(id)))
        {
            throw new CommandFault($"'{id}' is not a resource id. It begins with /subscriptions/<id>/resourceGroups/<name>.", ExitCode.Usage);
        }

        return (new ScheduledQueryRuleStore(Client(parsed), target), target, workspaces);
    }

    private AlertRuleTarget Target(ParseResult parsed, string group, string actionGroup) =>
        new(parsed.GetValue(_group) ?? group, parsed.GetValue(_actionGroup) ?? actionGroup, parsed.GetValue(_owner)!);

    private ResourceManagerClient Client(ParseResult parsed)
    {
        var (options, authority) = parsed.GetValue(_cloud) switch
        {
            "government" => (ResourceManagerOptions.AzureGovernment, AzureAuthorityHosts.AzureGovernment),
            "china" => (ResourceManagerOptions.AzureChina, AzureAuthorityHosts.AzureChina),
            _ => (ResourceManagerOptions.AzurePublic, AzureAuthorityHosts.AzurePublicCloud),
        };
        if (parsed.GetValue(_resourceManager) is { } address)
        {
            options = options with { Endpoint = address };
        }

        return new ResourceManagerClient(options, new DefaultAzureCredential(new DefaultAzureCredentialOptions { AuthorityHost = authority }), TimeProvider.System);
    }

    private static bool IsResourceId(string id) => id.Split('/') is ["", "subscriptions", { Length: 36 }, var groups, { Length: > 0 }, ..]
        && groups.Equals("resourceGroups", StringComparison.OrdinalIgnoreCase);
}
