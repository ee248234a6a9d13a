namespace AlertFunctions.Kql.Syntax;

/// <summary>One step of a pipe.</summary>
public abstract record QueryOperator : SyntaxNode
{
    private protected QueryOperator(TextSpan span, TextSpan keyword)
        : base(span) => Keyword = keyword;

    /// <summary>The place of its name, as <c>mv-expand</c>: for faults that concern the operator as such.</summary>
    public TextSpan Keyword { get; init; }

    /// <summary>The parameters behind its name, such as <c>kind=</c>, <c>hint.x=</c>, <c>withsource=</c>, as written.</summary>
    public ImmutableArray<OperatorParameter> Parameters { get; init; } = [];

    /// <summary>The parameter of the name, or null.</summary>
    public OperatorParameter? FindParameter(string name)
    {
        foreach (var parameter in Parameters)
        {
            if (string.Equals(parameter.Name.Text, name, StringComparison.Ordinal))
            {
                return parameter;
            }
        }

        return null;
    }
}

/// <summary>
/// The operators in the parentheses of mv-apply, fork, partition and facet, which take their rows from the operator around them.
/// </summary>
public sealed record Subpipe(TextSpan Span, ImmutableArray<QueryOperator> Operators) : SyntaxNode(Span);

/// <summary>An operator that exists in KQL but that no engine of ours has (graph-match, macro-expand, ...); its operands are skipped.</summary>
public sealed record UnsupportedOperator(TextSpan Span, TextSpan Keyword, string Name) : QueryOperator(Span, Keyword);

/// <summary>Stands where an operator could not be read; the parser has reported why.</summary>
public sealed record MissingOperator(TextSpan Span, TextSpan Keyword) : QueryOperator(Span, Keyword);
