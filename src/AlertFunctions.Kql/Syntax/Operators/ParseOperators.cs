namespace AlertFunctions.Kql.Syntax;

/// <summary>A part of the pattern of parse.</summary>
public abstract record ParsePart : SyntaxNode
{
    private protected ParsePart(TextSpan span)
        : base(span)
    {
    }
}

/// <summary><c>*</c>: any text.</summary>
public sealed record ParseSkip(TextSpan Span) : ParsePart(Span);

/// <summary>A text, or, with <c>kind=regex</c>, a regular expression.</summary>
public sealed record ParseText(TextSpan Span, string Text) : ParsePart(Span);

/// <summary>A column to fill, string unless a type is given.</summary>
public sealed record ParseColumn(TextSpan Span, Identifier Name, KqlType? Type) : ParsePart(Span);

/// <summary>
/// <c>parse kind=regex flags=i text with * 'a=' a:long ';' *</c>; <c>parse-where</c> also drops the rows that do not match
/// (<paramref name="DropsUnmatched"/>). Kind and flags are among the parameters.
/// </summary>
public sealed record ParseOperator(
    TextSpan Span, TextSpan Keyword, Expression Text, ImmutableArray<ParsePart> Pattern, bool DropsUnmatched)
    : QueryOperator(Span, Keyword);

/// <summary><c>parse-kv text as (a:long, b:string) with (pair_delimiter=';', kv_delimiter='=')</c>.</summary>
public sealed record ParseKvOperator(
    TextSpan Span, TextSpan Keyword, Expression Text, TableSchema Schema, ImmutableArray<OperatorParameter> Options)
    : QueryOperator(Span, Keyword);
