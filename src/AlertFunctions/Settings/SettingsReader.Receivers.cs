using System.Collections.Immutable;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.AzureServices.Notifications;

namespace AlertFunctions.Settings;

/// <summary>What each kind of receiver needs besides its name.</summary>
internal sealed partial class SettingsReader
{
    private static readonly string[] ReceiverSettings = ["Url", "Users", "Link"];

    /// <summary>Finds what routes.yaml asks for and the settings do not have.</summary>
    private void CheckReceiver(Receiver receiver)
    {
        string[] needed = receiver.Type switch
        {
            ReceiverType.Teams or ReceiverType.Webhook or ReceiverType.EventGrid => ["Url"],
            ReceiverType.TeamsActivity => ["Users", "Link"],
            _ => [],
        };
        if (needed.Length == 0)
        {
            _faults.Add(new SettingFault("routes.yaml", $"receiver {receiver.Name}: the app cannot send to a {receiver.Type}."));
        }

        foreach (var name in needed.Where(name => _configuration[$"{Section}:Receivers:{receiver.Name}:{name}"] is null))
        {
            Fault($"Receivers:{receiver.Name}:{name}", "is missing: routes.yaml sends alerts there.");
        }
    }

    private ImmutableSortedDictionary<string, Uri> Topics(AppSettings settings)
    {
        var topics = ImmutableSortedDictionary.CreateBuilder<string, Uri>(StringComparer.OrdinalIgnoreCase);
        var allowed = new WebhookOptions { AllowedHosts = [.. settings.AllowedHosts, .. EventGridNotifier.TopicHosts] };
        foreach (var receiver in settings.Routes?.Receivers.Where(receiver => receiver.Type == ReceiverType.EventGrid) ?? [])
        {
            if (!settings.Receivers.ContainsKey(receiver.Name))
            {
                continue;
            }

            var topic = new Uri(_configuration[$"{Section}:Receivers:{receiver.Name}:Url"]!);
            if (allowed.Allows(topic))
            {
                topics[receiver.Name] = topic;
            }
            else
            {
                Fault($"Receivers:{receiver.Name}:Url", "is not the address of an Event Grid topic, such as https://<topic>.<region>-1.eventgrid.azure.net/api/events.");
            }
        }

        return topics.ToImmutable();
    }

    private ImmutableSortedDictionary<string, TeamsActivityOptions> OnCall()
    {
        var onCall = ImmutableSortedDictionary.CreateBuilder<string, TeamsActivityOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var receiver in _configuration.GetSection($"{Section}:Receivers").GetChildren().Where(child => child["Users"] is not null))
        {
            var users = Split(receiver["Users"]!);
            var isGood = true;
            if (users.IsEmpty || users.Any(user => !Guid.TryParse(user, out _) && !user.Contains('@', StringComparison.Ordinal)))
            {
                Fault($"Receivers:{receiver.Key}:Users", "must be object ids or user principal names, with ';' between them.");
                isGood = false;
            }

            if (!Uri.TryCreate(receiver["Link"], UriKind.Absolute, out var link) || !IsTeams(link))
            {
                Fault($"Receivers:{receiver.Key}:Link", "is not a link into Teams, such as that of the channel: https://teams.microsoft.com/l/channel/...");
                isGood = false;
            }

            if (isGood)
            {
                onCall[receiver.Key] = new TeamsActivityOptions { Users = users, Link = link! };
            }
        }

        return onCall.ToImmutable();
    }

    private static bool IsTeams(Uri link) => link.Scheme == Uri.UriSchemeHttps
        && link.Host is "teams.microsoft.com" or "teams.cloud.microsoft" or "gov.teams.microsoft.us" or "dod.teams.microsoft.us";
}
