using System.Collections.Frozen;

namespace AlertFunctions.Kql.Functions;

/// <summary>Every scalar function and aggregate, by each of its names.</summary>
internal static class FunctionTable
{
    public static readonly FrozenDictionary<string, ScalarFunction> Scalars = Index(
        [
            .. ConversionFunctions.All,
            .. ConvertFunctions.All,
            .. DateTimeFunctions.All,
            .. DynamicFunctions.All,
            .. MathFunctions.All,
            .. ParseFunctions.All,
            .. SeriesFunctions.All,
            .. SketchFunctions.All,
            .. StringFunctions.All,
        ],
        function => [function.Name, .. function.Deprecated]);

    public static readonly FrozenDictionary<string, AggregateFunction> Aggregates = Index(
        [
            .. AggregateFunctions.All,
        ],
        function => [function.Name, .. function.Deprecated]);

    private static FrozenDictionary<string, T> Index<T>(IReadOnlyList<T> functions, Func<T, IReadOnlyList<string>> names) =>
        functions
            .SelectMany(function => names(function).Select(name => KeyValuePair.Create(name, function)))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
