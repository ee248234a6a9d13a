using System.Globalization;
using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Functions;

/// <summary>A parameter of a function; <see cref="Signature"/> tells how it is written.</summary>
/// <param name="Name">Its name in the documentation.</param>
/// <param name="Types">The types that an argument may have.</param>
/// <param name="Target">The one type to convert to, if there is one.</param>
/// <param name="IsCommon">Whether it is converted to the common type of all such arguments.</param>
/// <param name="IsTypeLiteral">Whether the argument is a <c>typeof(...)</c>.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
/// <param name="Repeats">Whether it may be given several times.</param>
/// <param name="IsConstant">Whether the argument must be a constant.</param>
/// <param name="IsFixed">Whether the argument must be the same for all rows.</param>
/// <param name="Default">What stands for an argument left out; null where nothing does.</param>
internal sealed record Parameter(
    string Name,
    TypeSet Types,
    KqlType? Target,
    bool IsCommon,
    bool IsTypeLiteral,
    bool IsOptional,
    bool Repeats,
    bool IsConstant,
    bool IsFixed,
    BoundLiteral? Default)
{
    public static Parameter Parse(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
        {
            throw new InvalidOperationException($"'{text}' is no parameter.");
        }

        var name = text[..colon];
        var type = text[(colon + 2)..];
        BoundLiteral? byDefault = null;
        if (type.IndexOf(" = ", StringComparison.Ordinal) is var equals and >= 0)
        {
            byDefault = Literal(type[(equals + 3)..]);
            type = type[..equals];
        }

        var isConstant = type.StartsWith("const ", StringComparison.Ordinal);
        var isFixed = type.StartsWith("fixed ", StringComparison.Ordinal);
        type = isConstant || isFixed ? type[(type.IndexOf(' ', StringComparison.Ordinal) + 1)..] : type;
        var repeats = type.EndsWith('*');
        type = type.TrimEnd('*');
        var isOptional = type.EndsWith('?');
        type = type.TrimEnd('?');

        var (types, target) = TypeSet.Parse(type);
        return new Parameter(
            name,
            types,
            target,
            type.StartsWith("Common", StringComparison.Ordinal),
            type == "type",
            isOptional || byDefault is not null,
            repeats,
            isConstant,
            isFixed,
            byDefault);
    }

    private static BoundLiteral Literal(string text) => text switch
    {
        "true" or "false" => new BoundLiteral(KqlType.Bool, text == "true"),
        ['\'', .., '\''] => new BoundLiteral(KqlType.String, text[1..^1]),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            new BoundLiteral(KqlType.Long, number),
        _ => new BoundLiteral(KqlType.Real, double.Parse(text, CultureInfo.InvariantCulture)),
    };
}
