namespace AlertFunctions.Kql.Emit;

/// <summary>
/// The paths whose texts an operator reads, by the JSON that they lead into. DuckDB reads several paths at once nearly as fast as one,
/// and computes an expression that stands several times in a SELECT once. The operator is written twice: first to collect the paths, then
/// to read them together.
/// </summary>
internal sealed class PathTexts
{
    /// <summary>Every reading of a path names all paths that are read with it.</summary>
    private const int Most = 16;

    private readonly Dictionary<string, List<string>> _paths = [];

    private bool _isCollected;

    /// <summary>Ends the collecting.</summary>
    public void Collect() => _isCollected = true;

    /// <summary>The SQL of the paths to read at once and the place of this one among them, from 1; null where it is read alone.</summary>
    public (string Paths, int Place)? Place(string json, string path)
    {
        if (!_isCollected)
        {
            var known = _paths.TryGetValue(json, out var list) ? list : _paths[json] = [];
            if (known.Count < Most && !known.Contains(path))
            {
                known.Add(path);
            }

            return null;
        }

        return _paths.TryGetValue(json, out var paths) && paths.Count > 1 && paths.IndexOf(path) is var place and >= 0
            ? ($"[{string.Join(", ", paths)}]", place + 1)
            : null;
    }
}
