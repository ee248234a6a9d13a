using System.Collections.Immutable;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>The fields that are a Sentinel rule's and that we only keep.</summary>
internal sealed partial class DetectionReader
{
    // learn.microsoft.com/azure/sentinel/mitre-coverage: the enterprise tactics, and those for industrial systems.
    private static readonly ImmutableArray<string> TacticNames =
    [
        "Reconnaissance", "ResourceDevelopment", "InitialAccess", "Execution", "Persistence", "PrivilegeEscalation", "DefenseEvasion",
        "CredentialAccess", "Discovery", "LateralMovement", "Collection", "CommandAndControl", "Exfiltration", "Impact", "PreAttack",
        "ImpairProcessControl", "InhibitResponseFunction",
    ];

    private static ImmutableArray<DataConnector> ReadConnectors(YamlFields fields)
    {
        var connectors = ImmutableArray.CreateBuilder<DataConnector>();
        foreach (var item in fields.ItemFields("requiredDataConnectors"))
        {
            var id = item.Require("connectorId") ? item.FilledText("connectorId") : null;
            // Older rules of Sentinel's own write datatypes.
            var types = item.Texts("dataTypes").AddRange(item.Texts("datatypes"));
            item.ReportUnknown();
            if (id is not null)
            {
                connectors.Add(new DataConnector(id, types));
            }
        }

        return connectors.ToImmutable();
    }

    private static ImmutableArray<EntityMapping> ReadEntities(YamlFields fields)
    {
        var entities = ImmutableArray.CreateBuilder<EntityMapping>();
        foreach (var item in fields.ItemFields("entityMappings"))
        {
            var type = item.Require("entityType") ? item.FilledText("entityType") : null;
            var mappings = ImmutableArray.CreateBuilder<FieldMapping>();
            if (item.Require("fieldMappings"))
            {
                foreach (var mapping in item.ItemFields("fieldMappings"))
                {
                    var identifier = mapping.Require("identifier") ? mapping.FilledText("identifier") : null;
                    var column = mapping.Require("columnName") ? mapping.FilledText("columnName") : null;
                    mapping.ReportUnknown();
                    if (identifier is not null && column is not null)
                    {
                        mappings.Add(new FieldMapping(identifier, column));
                    }
                }
            }

            item.ReportUnknown();
            if (type is not null)
            {
                entities.Add(new EntityMapping(type, mappings.ToImmutable()));
            }
        }

        return entities.ToImmutable();
    }

    /// <summary>Tags are texts, or a name and a value each.</summary>
    private static ImmutableArray<string> ReadTags(YamlFields fields)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        foreach (var item in fields.Items("tags"))
        {
            switch (item)
            {
                case YamlScalar scalar:
                    tags.Add(scalar.Value);
                    break;
                case YamlMapping { Entries: var entries }:
                    tags.AddRange(entries.Where(e => e.Value is YamlScalar).Select(e => $"{e.Key}: {((YamlScalar)e.Value).Value}"));
                    break;
                default:
                    fields.Error(item.Position, CatalogueCodes.WrongType, "Field 'tags[]' must be text, not a list.");
                    break;
            }
        }

        return tags.ToImmutable();
    }

    private static ImmutableArray<string> ReadWords(
        YamlFields fields, string name, Func<string, bool> isKnown, string complaint, IEnumerable<string> known)
    {
        foreach (var word in fields.TextNodes(name).Where(w => !isKnown(w.Value)))
        {
            fields.Warn(word.Position, CatalogueCodes.WrongValue, $"'{word.Value}' {complaint}.", Spelling.DidYouMean(word.Value, known));
        }

        return fields.Texts(name);
    }

    private static EventGrouping ReadGrouping(YamlFields fields)
    {
        if (fields.Fields("eventGroupingSettings") is not { } settings)
        {
            return EventGrouping.AlertPerResult;
        }

        var grouping = settings.OneOf("aggregationKind", Groupings) ?? EventGrouping.AlertPerResult;
        settings.ReportUnknown();
        return grouping;
    }

    /// <summary>What Sentinel does with incidents has no meaning here: known, so that it is no fault, and otherwise left alone.</summary>
    private static void ReadWhatOnlySentinelUses(YamlFields fields, YamlFields? details)
    {
        foreach (var name in (ReadOnlySpan<string>)["incidentConfiguration", "metadata", "sentinelEntitiesMappings"])
        {
            fields.Node(name);
        }

        if (details is not null)
        {
            details.Text("alertTacticsColumnName");
            details.Node("alertDynamicProperties");
            details.ReportUnknown();
        }
    }
}
