using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>One signature of a function or aggregate and the SQL that computes it.</summary>
internal sealed record Overload
{
    /// <summary>An overload whose SQL is a template (<see cref="SqlTemplate"/>) of the given precedence.</summary>
    public Overload(string signature, string template, Precedence precedence = Precedence.Primary)
    {
        Signature = Signature.Parse(signature);
        Emit = site => new SqlText(site.Fill(template), precedence);
    }

    /// <summary>An overload whose SQL needs more than a template can say.</summary>
    public Overload(string signature, Func<CallSite, SqlText> emit)
    {
        Signature = Signature.Parse(signature);
        Emit = emit;
    }

    public Signature Signature { get; }

    public Func<CallSite, SqlText> Emit { get; }

    public NullRule Nulls { get; init; } = NullRule.Propagates;

    /// <summary>The result's type where the signature says Custom.</summary>
    public Func<IReadOnlyList<BoundExpression>, KqlType>? ResultType { get; init; }

    /// <summary>
    /// Computes the value at compile time from constant arguments (as <see cref="BoundLiteral.Value"/> has them, none null),
    /// so that it may stand where KQL wants a constant.
    /// </summary>
    public Func<IReadOnlyList<object>, object?>? Fold { get; init; }

    /// <summary>Which argument is a regular expression; -1 for none.</summary>
    public int Regex { get; init; } = -1;

    /// <summary>Whether equal arguments may give different values (rand, new_guid).</summary>
    public bool IsVolatile { get; init; }

    /// <summary>Why the call is refused for these arguments, or null: for forms that the overload does not compute.</summary>
    public Func<IReadOnlyList<BoundExpression>, string?>? Refuse { get; init; }
}
