using System.Collections.Immutable;
using System.Text.Json;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// The rules of one machine: a file <c>{name}.json</c> each, as Azure Resource Manager would show it. For trying what would happen, and for keeping the
/// rules of a subscription beside its code.
/// </summary>
/// <param name="folder">Where the files are; made when it is missing.</param>
/// <param name="target">The resource group whose rules they are.</param>
public sealed class FileAlertRuleStore(string folder, AlertRuleTarget target) : IAlertRuleStore
{
    public async Task<AlertRuleListing> ListAsync(CancellationToken cancellationToken)
    {
        var rules = ImmutableArray.CreateBuilder<StoredAlertRule>();
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            try
            {
                using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
                if (StoredAlertRule.Parse(document.RootElement.Clone()) is not { } rule)
                {
                    return new RulesUnavailable($"{path} is no resource: it lacks an id or a name.");
                }

                rules.Add(rule);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
            {
                return new RulesUnavailable($"{path} cannot be read: {fault.Message}");
            }
        }

        return new RulesListed(rules.ToImmutable());
    }

    public async Task<AlertRuleWrite> PutAsync(AlertRule rule, StoredAlertRule? stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("id", $"{target.ResourceGroup}/providers/{AlertRuleJson.Type}/{rule.Name}");
            json.WriteString("name", rule.Name);
            json.WriteString("type", AlertRuleJson.Type);
            AlertRuleJson.WriteMembers(json, rule, stored, stored?.Location ?? "local");
            json.WriteEndObject();
        }

        return await WriteAsync(async () =>
        {
            Directory.CreateDirectory(folder);
            var unfinished = PathOf(rule.Name) + ".tmp";
            await File.WriteAllBytesAsync(unfinished, buffer.ToArray(), cancellationToken);
            File.Move(unfinished, PathOf(rule.Name), overwrite: true);
        });
    }

    public Task<AlertRuleWrite> DeleteAsync(StoredAlertRule stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return WriteAsync(() =>
        {
            File.Delete(PathOf(stored.Name));
            return Task.CompletedTask;
        });
    }

    private string PathOf(string name) => Path.Combine(folder, Path.GetFileName(name) + ".json");

    private static async Task<AlertRuleWrite> WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
            return new RuleWritten();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new RuleNotWritten(fault.Message);
        }
    }
}
