using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Where the fields of a detection are, so that what is found out later about one points to its line.</summary>
/// <param name="Path">The .yaml file.</param>
/// <param name="Fields">
/// Path of a field in the file → place of its value: <c>severity</c>, <c>alertFunctions.identity[1]</c>,
/// <c>entityMappings[0].fieldMappings[0].columnName</c>.
/// </param>
public sealed record DetectionSource(string Path, ImmutableDictionary<string, SourcePosition> Fields)
{
    /// <summary>The place of a field, of the nearest field around it where it is not there, or of the file.</summary>
    public SourcePosition PositionOf(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        for (var path = field; path.Length > 0; path = Outer(path))
        {
            if (Fields.TryGetValue(path, out var position))
            {
                return position;
            }
        }

        return new SourcePosition(Path, 1, 1);
    }

    private static string Outer(string field) => field[..Math.Max(0, field.LastIndexOfAny(['.', '[']))];
}
