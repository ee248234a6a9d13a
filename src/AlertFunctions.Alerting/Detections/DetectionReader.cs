using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Reads one detection's file, and reports everything that is wrong with it.</summary>
internal sealed partial class DetectionReader(
    string path,
    string idOfPath,
    IReadOnlySet<string> present,
    Dictionary<string, string> taken,
    List<CatalogueDiagnostic> diagnostics)
{
    private const string Extension = "alertFunctions";

    private static readonly (string, Severity)[] Severities =
    [
        ("High", Severity.High), ("Medium", Severity.Medium), ("Low", Severity.Low), ("Informational", Severity.Informational),
    ];

    private static readonly (string, TriggerOperator)[] Operators =
    [
        ("gt", TriggerOperator.GreaterThan), ("lt", TriggerOperator.LessThan), ("eq", TriggerOperator.Equal), ("ne", TriggerOperator.NotEqual),
        ("GreaterThan", TriggerOperator.GreaterThan), ("LessThan", TriggerOperator.LessThan), ("Equal", TriggerOperator.Equal),
        ("NotEqual", TriggerOperator.NotEqual),
    ];

    private static readonly (string, EventGrouping)[] Groupings =
    [
        ("AlertPerResult", EventGrouping.AlertPerResult), ("SingleAlert", EventGrouping.SingleAlert),
    ];

    private static readonly (string, SignalKind)[] Signals = [("event", SignalKind.Event), ("condition", SignalKind.Condition)];

    private static readonly (string, DeliveryKind)[] Deliveries = [("evaluation", DeliveryKind.Evaluation), ("alertRule", DeliveryKind.AlertRule)];

    private static readonly (string, string)[] Kinds = [("Scheduled", "Scheduled"), ("NRT", "NRT")];

    public Detection? Read(string text)
    {
        var errors = diagnostics.Count(d => d.IsError);
        if (YamlDocument.Parse(path, text, diagnostics) is not { } root)
        {
            return null;
        }

        if (root is not YamlMapping mapping)
        {
            diagnostics.Add(new CatalogueDiagnostic(
                root.Position, CatalogueSeverity.Error, CatalogueCodes.WrongType, "A detection is a mapping of fields."));
            return null;
        }

        var detection = Read(new YamlFields(mapping, diagnostics), mapping, text);
        return diagnostics.Count(d => d.IsError) == errors ? detection : null;
    }

    private Detection? Read(YamlFields fields, YamlMapping mapping, string text)
    {
        ReadId(fields);
        var name = fields.Require("name") ? fields.FilledText("name") : null;
        var description = fields.Require("description") ? fields.FilledText("description")?.Trim() : null;
        var severity = fields.Require("severity") ? fields.OneOf("severity", Severities) : null;
        var kind = ReadKind(fields);
        var (frequency, period) = ReadSchedule(fields, kind);
        var triggerOperator = fields.OneOf("triggerOperator", Operators) ?? TriggerOperator.GreaterThan;
        var threshold = fields.WholeNumber("triggerThreshold") ?? 0;
        var query = new QuerySource(path, present, diagnostics).Read(fields, text);
        var entities = ReadEntities(fields);
        var details = fields.Fields("alertDetailsOverride");
        var suppression = fields.Duration("suppressionDuration");
        var suppressed = fields.Flag("suppressionEnabled") ?? false;
        var source = new DetectionSource(path, PlacesOf(mapping));
        var version = fields.Text("version");
        var status = fields.Text("status");
        var connectors = ReadConnectors(fields);
        var tags = ReadTags(fields);
        var tactics = ReadWords(fields, "tactics", TacticNames.Contains, "is not a MITRE ATT&CK tactic", TacticNames);
        var techniques = ReadWords(fields, "relevantTechniques", TechniqueId().IsMatch, "is not the id of a technique", []);
        var customDetails = fields.TextByName("customDetails");
        var grouping = ReadGrouping(fields);
        var titleFormat = details?.Text("alertDisplayNameFormat");
        var descriptionFormat = details?.Text("alertDescriptionFormat");
        var severityColumn = details?.Text("alertSeverityColumnName");
        ReadWhatOnlySentinelUses(fields, details);
        var signal = ReadSignal(fields, entities, frequency, period, description);
        var tests = TestsPath(fields);
        fields.ReportUnknown();

        if (name is null || description is null || severity is null || frequency is null || period is null || query is null || signal is null)
        {
            return null;
        }

        return new Detection
        {
            Id = idOfPath,
            Name = name,
            Version = version ?? "1.0.0",
            Description = description,
            Severity = severity.Value,
            Kind = kind,
            Status = status,
            RequiredDataConnectors = connectors,
            QueryFrequency = frequency.Value,
            QueryPeriod = period.Value,
            TriggerOperator = triggerOperator,
            TriggerThreshold = threshold,
            Tactics = tactics,
            RelevantTechniques = techniques,
            Tags = tags,
            Query = query,
            EntityMappings = entities,
            CustomDetails = customDetails,
            TitleFormat = titleFormat,
            DescriptionFormat = descriptionFormat,
            SeverityColumn = severityColumn,
            EventGrouping = grouping,
            SuppressionDuration = suppressed ? suppression : null,
            Signal = signal.Kind,
            Identity = signal.Identity,
            Labels = signal.Labels,
            Delivery = signal.Delivery,
            Settle = signal.Settle,
            Lateness = signal.Lateness,
            ResolveAfter = signal.ResolveAfter,
            Runbook = signal.Runbook,
            Source = source,
            TestsPath = tests,
            Exceptions = ReadExceptions(),
        };
    }

    private void ReadId(YamlFields fields)
    {
        if (!fields.Require("id") || fields.FilledText("id") is not { } id)
        {
            return;
        }

        var position = fields.PositionOf("id");
        if (!taken.TryAdd(id, path))
        {
            fields.Error(position, CatalogueCodes.DuplicateId, $"The id '{id}' is already that of {taken[id]}.", $"the path says '{idOfPath}'");
        }
        else if (!Guid.TryParse(id, out _) && id != idOfPath)
        {
            fields.Error(position, CatalogueCodes.IdIsNotPath, $"The id is '{id}', and the file's path says '{idOfPath}'.");
        }
    }

    private static string ReadKind(YamlFields fields)
    {
        if (!fields.Has("kind"))
        {
            fields.Node("kind");
            return "Scheduled";
        }

        var scheduled = fields.OneOf("kind", [.. Kinds.Select((k, i) => (k.Item1, i))]) ?? 0;
        return Kinds[scheduled].Item2;
    }

    private static (TimeSpan? Frequency, TimeSpan? Period) ReadSchedule(YamlFields fields, string kind)
    {
        // A near-real-time rule runs every minute over what came in the minute before; its file states neither.
        if (kind == "NRT" && !fields.Has("queryFrequency") && !fields.Has("queryPeriod"))
        {
            return (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }

        var frequency = fields.Require("queryFrequency") ? fields.Duration("queryFrequency") : null;
        var period = fields.Require("queryPeriod") ? fields.Duration("queryPeriod") : null;
        if (frequency < TimeSpan.FromMinutes(1))
        {
            fields.Error(fields.PositionOf("queryFrequency"), CatalogueCodes.Schedule, "The query cannot run more often than every minute.");
        }
        else if (period < frequency)
        {
            fields.Error(
                fields.PositionOf("queryPeriod"), CatalogueCodes.Schedule,
                $"The query looks back {Durations.Format(period.Value)} and runs only every {Durations.Format(frequency.Value)}: the time between is never seen.",
                "queryPeriod must be at least queryFrequency");
        }

        return (frequency, period);
    }

    private string? TestsPath(YamlFields fields)
    {
        var tests = path[..^".yaml".Length] + ".tests.yaml";
        if (present.Contains(tests))
        {
            return tests;
        }

        if (fields.Has(Extension))
        {
            fields.Error(
                new SourcePosition(path, 1, 1), CatalogueCodes.MissingTests, $"The detection has no tests: {Path.GetFileName(tests)} is not beside it.");
        }

        return null;
    }

    private ImmutableArray<AlertException> ReadExceptions()
    {
        var exceptions = path[..^".yaml".Length] + ".exceptions.yaml";
        return present.Contains(exceptions) ? ExceptionsReader.Read(exceptions, diagnostics) : [];
    }

    /// <summary>The place of every value below the mapping, by its path.</summary>
    private static ImmutableDictionary<string, SourcePosition> PlacesOf(YamlMapping mapping)
    {
        var places = ImmutableDictionary.CreateBuilder<string, SourcePosition>(StringComparer.Ordinal);
        Add("", mapping);
        return places.ToImmutable();

        void Add(string at, YamlNode node)
        {
            if (at.Length > 0)
            {
                places[at] = node.Position;
            }

            switch (node)
            {
                case YamlMapping inner:
                    foreach (var entry in inner.Entries)
                    {
                        Add(at.Length == 0 ? entry.Key : $"{at}.{entry.Key}", entry.Value);
                    }

                    break;
                case YamlSequence sequence:
                    for (var i = 0; i < sequence.Items.Count; i++)
                    {
                        Add($"{at}[{i}]", sequence.Items[i]);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    [GeneratedRegex(@"^(T\d{4}(\.\d{3})?|MS-TA\d{4})$", RegexOptions.CultureInvariant)]
    private static partial Regex TechniqueId();
}
