using System.Text.Json.Serialization;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Work;

namespace AlertFunctions.Alerting.State;

/// <summary>Source-generated JSON for what is stored: native AOT has no reflection-based one.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AlertPackDocument))]
[JsonSerializable(typeof(DetectionMark))]
[JsonSerializable(typeof(InboxAlert))]
[JsonSerializable(typeof(InboxResolution))]
[JsonSerializable(typeof(StoredNotice))]
[JsonSerializable(typeof(SilenceDocument))]
[JsonSerializable(typeof(LeaseDocument))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(QuerySlotDocument))]
[JsonSerializable(typeof(PlannedWork))]
[JsonSerializable(typeof(DueMessage))]
[JsonSerializable(typeof(NewsMessage))]
[JsonSerializable(typeof(KeptRulesDocument))]
internal sealed partial class StateJson : JsonSerializerContext;
