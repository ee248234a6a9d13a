using System.Collections.Concurrent;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// The parameters and the result of an overload, read from the form in which the reference lists them:
/// <c>(regex: const string, captureGroup: long, source: string, type: type?): string</c>.
/// <list type="bullet">
/// <item><c>?</c> behind a type: may be left out. <c>= literal</c>: left out, it is that literal.</item>
/// <item><c>*</c>: repeats, at least once; adjacent repeating parameters repeat as a group.</item>
/// <item><c>const</c>: the argument must be a constant. <c>fixed</c>: it must be the same for all rows, such as toscalar() is.</item>
/// <item>A single type (<c>real</c>): the argument is converted to it where KQL converts implicitly.
/// A class (<c>Scalar</c>, <c>Number</c>, <c>Integer</c>, <c>Summable</c>, ...): it arrives with its own type.
/// <c>Common...</c>: all such arguments are converted to their common type.</item>
/// <item>Result: a type, <c>Parameter0</c> and <c>Parameter1</c> (that argument's type), <c>Parameter0Array</c> (dynamic),
/// <c>Common</c>, <c>Widest</c> (int becomes long), <c>Parameter0Promoted</c> (int becomes long), <c>ParameterNLiteral</c> (what the last
/// argument, a typeof, says) or <c>Custom</c> (dynamic, unless the overload says otherwise).</item>
/// </list>
/// </summary>
internal sealed record Signature(IReadOnlyList<Parameter> Parameters, string Result)
{
    private static readonly ConcurrentDictionary<string, Signature> Parsed = new(StringComparer.Ordinal);

    public static Signature Parse(string text) => Parsed.GetOrAdd(text, Read);

    public int FewestArguments => Parameters.Count(p => !p.IsOptional);

    private static Signature Read(string text)
    {
        var close = text.LastIndexOf(')');
        if (text is not ['(', ..] || close < 0 || text[(close + 1)..] is not [':', ' ', ..])
        {
            throw new InvalidOperationException($"'{text}' is no signature.");
        }

        var parameters = text[1..close]
            .Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(Parameter.Parse)
            .ToList();
        return new Signature(parameters, text[(close + 3)..]);
    }
}
