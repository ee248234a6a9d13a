using System.Globalization;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>convert_length() and its like: a product with a factor known at compile time, for temperatures with another zero too.</summary>
internal static class ConvertFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All = [.. UnitFactors.ByQuantity.Keys.Select(Of)];

    private static ScalarFunction Of(string quantity) =>
        new($"convert_{quantity}", $"convert-{quantity}-function",
            new Overload("(value: real, from: const string, to: const string): real", site => Emit(site, quantity))
            {
                Nulls = NullRule.Maybe,
                Refuse = arguments => Refuse(arguments, quantity),
            });

    // An unknown unit gives null.
    private static SqlText Emit(CallSite site, string quantity)
    {
        var units = UnitFactors.ByQuantity[quantity];
        if (!units.TryGetValue(site.Constant(1) as string ?? "", out var from) || !units.TryGetValue(site.Constant(2) as string ?? "", out var to))
        {
            return new("NULL::DOUBLE");
        }

        var zero = UnitFactors.Zero(site.Constant(1)) - UnitFactors.Zero(site.Constant(2));
        return zero == 0
            ? SqlText.Multiplicative($"{site.Operand(0)} * {Real(from)} / {Real(to)}")
            : SqlText.Multiplicative($"({site.Operand(0)} * {Real(from)} + {Real(zero)}) / {Real(to)}");
    }

    private static string? Refuse(IReadOnlyList<BoundExpression> arguments, string quantity) =>
        arguments.Skip(1)
            .Select(argument => (argument as BoundLiteral)?.Value as string ?? "")
            .Where(unit => UnitFactors.ByQuantity[quantity].TryGetValue(unit, out var factor) && double.IsNaN(factor))
            .Select(unit => $"the service's factor of the unit {unit} is not published")
            .FirstOrDefault();

    private static string Real(double value) => $"'{value.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE";
}
