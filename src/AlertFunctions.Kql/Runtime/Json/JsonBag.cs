namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>A property bag: keys are case-sensitive, unique and keep the order in which they were first set.</summary>
internal sealed class JsonBag : OrderedDictionary<string, object?>
{
    public JsonBag()
        : base(StringComparer.Ordinal)
    {
    }
}
