using System.Text.Json.Serialization;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Images;

namespace AlertFunctions.Alerting.Reactions;

/// <summary>Source-generated JSON for what reactions store: native AOT has no reflection-based one.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageScan))]
[JsonSerializable(typeof(RoleAssignmentSnapshot))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ReactionsJson : JsonSerializerContext;
