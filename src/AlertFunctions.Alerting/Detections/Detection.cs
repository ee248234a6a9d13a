using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Detections;

/// <summary>What the rows of a detection's result are.</summary>
public enum SignalKind
{
    /// <summary>Each row is a thing that happened. It is found however late it arrives, and does not resolve.</summary>
    Event,

    /// <summary>The result is a state. The alert resolves when its row has been gone for <see cref="Detection.ResolveAfter"/>.</summary>
    Condition,
}

/// <summary>How the number of result rows is compared with the threshold: Sentinel's gt, lt, eq and ne.</summary>
public enum TriggerOperator
{
    GreaterThan,
    LessThan,
    Equal,
    NotEqual,
}

/// <summary>Sentinel's eventGroupingSettings.aggregationKind. Ours are always one alert an identity.</summary>
public enum EventGrouping
{
    AlertPerResult,
    SingleAlert,
}

/// <summary>Who runs a detection.</summary>
public enum DeliveryKind
{
    /// <summary>The app evaluates it and tells the receivers of routes.yaml.</summary>
    Evaluation,

    /// <summary>Azure Monitor does, as an alert rule that tells an action group, where the app manages rules; elsewhere the app evaluates it.</summary>
    AlertRule,
}

/// <summary>
/// What an author writes: a KQL query and what its rows mean. The fields are those of a Microsoft Sentinel analytics rule;
/// what Sentinel has no field for lies under <c>alertFunctions:</c> in the file.
/// Source: learn.microsoft.com/azure/sentinel/sentinel-analytic-rules-creation.
/// </summary>
public sealed record Detection
{
    /// <summary><c>area/name</c>, which is also the file's path below the folder of detections, without extension.</summary>
    public required string Id { get; init; }

    /// <summary>The title for people, and the title of alerts where <see cref="TitleFormat"/> is null.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string Description { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>Scheduled, or NRT: a Sentinel rule that runs every minute. Ours are Scheduled.</summary>
    public string Kind { get; init; } = "Scheduled";

    /// <summary>Available, or what the author's catalogue says of its maturity; null where not stated.</summary>
    public string? Status { get; init; }

    public ImmutableArray<DataConnector> RequiredDataConnectors { get; init; } = [];

    /// <summary>How often the query runs.</summary>
    public required TimeSpan QueryFrequency { get; init; }

    /// <summary>How much event time the query looks back over.</summary>
    public required TimeSpan QueryPeriod { get; init; }

    public TriggerOperator TriggerOperator { get; init; } = TriggerOperator.GreaterThan;

    public long TriggerThreshold { get; init; }

    /// <summary>MITRE ATT&amp;CK tactics, by name without blanks, and techniques, by id.</summary>
    public ImmutableArray<string> Tactics { get; init; } = [];

    public ImmutableArray<string> RelevantTechniques { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public required DetectionQuery Query { get; init; }

    public ImmutableArray<EntityMapping> EntityMappings { get; init; } = [];

    /// <summary>Name of the custom detail → column of the result.</summary>
    public ImmutableSortedDictionary<string, string> CustomDetails { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The alert's title with <c>{{Column}}</c> in it; null for <see cref="Name"/>.</summary>
    public string? TitleFormat { get; init; }

    /// <summary>The alert's description with <c>{{Column}}</c> in it; null for <see cref="Description"/>.</summary>
    public string? DescriptionFormat { get; init; }

    /// <summary>The column whose value, where it names a severity, is the alert's.</summary>
    public string? SeverityColumn { get; init; }

    public EventGrouping EventGrouping { get; init; } = EventGrouping.AlertPerResult;

    /// <summary>Sentinel's suppression: after an alert, no further of this detection for so long. Null where off.</summary>
    public TimeSpan? SuppressionDuration { get; init; }

    public required SignalKind Signal { get; init; }

    /// <summary>The columns of the result that make an alert the same alert. At least one.</summary>
    public required ImmutableArray<string> Identity { get; init; }

    /// <summary>Further columns that become labels, for routing.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Event signals: how far the ingestion interval reaches back before the last mark.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>Condition signals: how long a window is evaluated again for rows that come late.</summary>
    public required TimeSpan Lateness { get; init; }

    /// <summary>Condition signals: how long the state must be gone before the alert resolves.</summary>
    public required TimeSpan ResolveAfter { get; init; }

    public DeliveryKind Delivery { get; init; } = DeliveryKind.Evaluation;

    /// <summary>The author's advice to whoever gets the alert: Markdown.</summary>
    public required string Runbook { get; init; }

    /// <summary>Alerts that are expected: the entries of <c>name.exceptions.yaml</c> beside the detection.</summary>
    public ImmutableArray<AlertException> Exceptions { get; init; } = [];

    /// <summary>The .yaml file and the places of its fields.</summary>
    public required DetectionSource Source { get; init; }

    /// <summary>The file of the detection's tests; null where there is none.</summary>
    public string? TestsPath { get; init; }

    /// <summary>The part of the id before the last slash: aks, acr, azure.</summary>
    public string Area => Id.LastIndexOf('/') is var slash && slash > 0 ? Id[..slash] : "";
}

/// <summary>A Sentinel data connector and the tables it fills.</summary>
public sealed record DataConnector(string ConnectorId, ImmutableArray<string> DataTypes);

/// <summary>An entity (Account, IP, AzureResource, ...) and the columns that identify it.</summary>
public sealed record EntityMapping(string EntityType, ImmutableArray<FieldMapping> FieldMappings);

/// <summary>One identifier of an entity and the column of the result that holds it.</summary>
public sealed record FieldMapping(string Identifier, string ColumnName);
