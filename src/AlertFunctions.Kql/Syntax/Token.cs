namespace AlertFunctions.Kql.Syntax;

/// <summary>The kinds of token. Keywords are identifiers: what a word means depends on where it stands.</summary>
internal enum TokenKind : byte
{
    End,
    Bad,
    Identifier,
    String,
    Long,
    Real,
    TimeSpan,

    /// <summary>A type's name with a literal in parentheses, <c>datetime(2020-01-01)</c>, taken as one.</summary>
    TypedLiteral,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Semicolon,
    Bar,
    Dot,
    DotDot,
    Colon,
    Equals,
    EqualsEquals,
    BangEquals,
    EqualsTilde,
    BangTilde,
    Less,
    LessEquals,
    Greater,
    GreaterEquals,
    LessGreater,
    Arrow,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Bang,
    Tilde,
}

/// <summary>A token: its kind and place. Its text is cut from the query when somebody asks.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End)
{
    public TextSpan Span => TextSpan.FromBounds(Start, End);
}
