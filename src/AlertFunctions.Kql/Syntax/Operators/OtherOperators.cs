namespace AlertFunctions.Kql.Syntax;

/// <summary><c>as name</c>.</summary>
public sealed record AsOperator(TextSpan Span, TextSpan Keyword, Identifier Name) : QueryOperator(Span, Keyword);

/// <summary><c>consume</c>.</summary>
public sealed record ConsumeOperator(TextSpan Span, TextSpan Keyword) : QueryOperator(Span, Keyword);

/// <summary><c>invoke function(arguments)</c>: the input is the function's first argument.</summary>
public sealed record InvokeOperator(TextSpan Span, TextSpan Keyword, Expression Function) : QueryOperator(Span, Keyword);

/// <summary><c>evaluate plugin(arguments) : (a:long, *)</c>.</summary>
public sealed record EvaluateOperator(TextSpan Span, TextSpan Keyword, CallExpression Plugin, TableSchema? Schema)
    : QueryOperator(Span, Keyword);

/// <summary><c>render timechart with (title='x')</c>. Properties of the old form without <c>with</c> are there too.</summary>
public sealed record RenderOperator(
    TextSpan Span, TextSpan Keyword, Identifier Visualization, ImmutableArray<RenderProperty> Properties)
    : QueryOperator(Span, Keyword);

/// <summary>A property of render; its text is the value as a client gets it, names of a list joined by commas.</summary>
public sealed record RenderProperty(TextSpan Span, Identifier Name, string Text) : SyntaxNode(Span);
