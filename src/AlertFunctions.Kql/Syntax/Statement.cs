namespace AlertFunctions.Kql.Syntax;

/// <summary>One statement of a query; statements are separated by semicolons.</summary>
public abstract record Statement : SyntaxNode
{
    private protected Statement(TextSpan span)
        : base(span)
    {
    }
}

/// <summary>A query, or a scalar in a function's body.</summary>
public sealed record ExpressionStatement(TextSpan Span, Expression Expression) : Statement(Span);

/// <summary><c>let Name = Value</c>: a scalar, a table or a <see cref="LambdaExpression"/>.</summary>
public sealed record LetStatement(TextSpan Span, Identifier Name, Expression Value) : Statement(Span);

/// <summary><c>set Name = Value</c> or <c>set Name</c>: a request property.</summary>
public sealed record SetStatement(TextSpan Span, Identifier Name, Expression? Value) : Statement(Span);

/// <summary><c>declare query_parameters(Name:type = default, ...)</c>.</summary>
public sealed record QueryParametersStatement(TextSpan Span, ImmutableArray<FunctionParameter> Parameters)
    : Statement(Span);

/// <summary><c>alias database Name = Target</c>.</summary>
public sealed record AliasStatement(TextSpan Span, Identifier Name, Expression Target) : Statement(Span);

/// <summary><c>declare pattern Name ...</c>, whose body is kept as its span only: no engine of ours runs patterns.</summary>
public sealed record PatternStatement(TextSpan Span, Identifier Name) : Statement(Span);

/// <summary><c>restrict access to (Entity, ...)</c>.</summary>
public sealed record RestrictStatement(TextSpan Span, ImmutableArray<Expression> Entities) : Statement(Span);
