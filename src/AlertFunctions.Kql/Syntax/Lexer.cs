using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Cuts a query's text into tokens; comments and blanks leave none. It never fails: characters that no token begins with
/// become <see cref="TokenKind.Bad"/> tokens, and an unclosed string ends with its line.
/// Source: learn.microsoft.com/kusto/query/schema-entities/entity-names and /scalar-data-types.
/// </summary>
internal sealed class Lexer(string text, DiagnosticBag diagnostics)
{
    private int _position;

    public ImmutableArray<Token> Lex()
    {
        var tokens = ImmutableArray.CreateBuilder<Token>(text.Length / 4 + 1);
        while (true)
        {
            SkipTrivia();
            var token = Next();
            tokens.Add(token);
            if (token.Kind == TokenKind.End)
            {
                return tokens.DrainToImmutable();
            }
        }
    }

    /// <summary>Whether a name may continue with the character; <c>$</c> may only begin one (<c>$left</c>).</summary>
    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private char Peek(int ahead = 0) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    private void SkipTrivia()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            if (char.IsWhiteSpace(c) || c == '\uFEFF')
            {
                _position++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                var end = text.AsSpan(_position).IndexOfAny('\r', '\n');
                _position = end < 0 ? text.Length : _position + end;
            }
            else
            {
                return;
            }
        }
    }

    private Token Next()
    {
        if (_position >= text.Length)
        {
            return new Token(TokenKind.End, text.Length, text.Length);
        }

        var c = text[_position];
        if (StringLiteral.IsStart(text, _position))
        {
            return LexString();
        }

        if (char.IsAsciiLetter(c) || c is '_' or '$')
        {
            return LexWord();
        }

        return char.IsAsciiDigit(c) ? LexNumber() : LexPunctuation();
    }

    private Token LexString()
    {
        var start = _position;
        _position = StringLiteral.FindEnd(text, start, out var isClosed);
        if (!isClosed)
        {
            diagnostics.Add(
                "KQL001",
                TextSpan.FromBounds(start, _position),
                "This string is not closed",
                "A string ends on the line it begins on; ``` begins and ends one of several lines.");
        }

        return new Token(TokenKind.String, start, _position);
    }

    private Token LexWord()
    {
        var start = _position++;
        while (IsNamePart(Peek()))
        {
            _position++;
        }

        return Peek() == '(' && TypedLiteral.IsTypeName(text.AsSpan(start, _position - start))
            ? LexTypedLiteral(start)
            : new Token(TokenKind.Identifier, start, _position);
    }

    private Token LexTypedLiteral(int start)
    {
        var content = _position + 1;
        var end = content;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        if (StringLiteral.IsStart(text, end))
        {
            end = StringLiteral.FindEnd(text, end, out _);
        }

        while (end < text.Length && text[end] is not (')' or '\r' or '\n' or '|' or ';'))
        {
            end++;
        }

        if (end < text.Length && text[end] == ')')
        {
            _position = end + 1;
        }
        else
        {
            diagnostics.Add(
                "KQL002",
                TextSpan.FromBounds(start, end),
                $"The literal '{text[start..content]}' is not closed",
                "Close it with ')'.");
            _position = end;
        }

        return new Token(TokenKind.TypedLiteral, start, _position);
    }

    /// <summary>
    /// Digits may begin a long, a real, a timespan (<c>1.5h</c>) or, followed by other letters, a name (<c>1stTable</c>).
    /// </summary>
    private Token LexNumber()
    {
        var start = _position;
        if (Peek() == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            _position += 2;
            SkipWhile(char.IsAsciiHexDigit);
            return EndNumber(TokenKind.Long, start);
        }

        SkipWhile(char.IsAsciiDigit);
        var kind = TokenKind.Long;
        if (Peek() == '.' && Peek(1) != '.' && !char.IsAsciiLetter(Peek(1)) && Peek(1) is not ('_' or '['))
        {
            kind = TokenKind.Real;
            _position++;
            SkipWhile(char.IsAsciiDigit);
        }
        else if (Peek() == '.' && Peek(1) is 'e' or 'E' && char.IsAsciiDigit(Peek(2)))
        {
            kind = TokenKind.Real;
            _position++;
        }

        if (Peek() is 'e' or 'E'
            && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            kind = TokenKind.Real;
            _position += 2;
            SkipWhile(char.IsAsciiDigit);
        }

        return EndNumber(kind, start);
    }

    private Token EndNumber(TokenKind kind, int start)
    {
        var suffix = _position;
        SkipWhile(IsNamePart);
        if (_position == suffix)
        {
            return new Token(kind, start, _position);
        }

        var unit = text.AsSpan(suffix, _position - suffix);
        if (TimeSpanText.TicksOfUnit(unit) is not null)
        {
            return new Token(TokenKind.TimeSpan, start, _position);
        }

        if (!text.AsSpan(start, suffix - start).ContainsAny('.', '+', '-'))
        {
            return new Token(TokenKind.Identifier, start, _position);
        }

        diagnostics.Add(
            "KQL003",
            TextSpan.FromBounds(suffix, _position),
            $"'{unit}' is no unit of time",
            "The units are d, h, m, s, ms, microsecond and tick.");
        return new Token(kind, start, suffix);
    }

    private void SkipWhile(Func<char, bool> isPart)
    {
        while (_position < text.Length && isPart(text[_position]))
        {
            _position++;
        }
    }

    private Token LexPunctuation()
    {
        var (kind, length) = (Peek(), Peek(1)) switch
        {
            ('=', '=') => (TokenKind.EqualsEquals, 2),
            ('=', '~') => (TokenKind.EqualsTilde, 2),
            ('=', '>') => (TokenKind.Arrow, 2),
            ('=', _) => (TokenKind.Equals, 1),
            ('!', '=') => (TokenKind.BangEquals, 2),
            ('!', '~') => (TokenKind.BangTilde, 2),
            ('!', _) => (TokenKind.Bang, 1),
            ('<', '=') => (TokenKind.LessEquals, 2),
            ('<', '>') => (TokenKind.LessGreater, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', '=') => (TokenKind.GreaterEquals, 2),
            ('>', _) => (TokenKind.Greater, 1),
            ('.', '.') => (TokenKind.DotDot, 2),
            ('.', _) => (TokenKind.Dot, 1),
            ('(', _) => (TokenKind.OpenParen, 1),
            (')', _) => (TokenKind.CloseParen, 1),
            ('[', _) => (TokenKind.OpenBracket, 1),
            (']', _) => (TokenKind.CloseBracket, 1),
            ('{', _) => (TokenKind.OpenBrace, 1),
            ('}', _) => (TokenKind.CloseBrace, 1),
            (',', _) => (TokenKind.Comma, 1),
            (';', _) => (TokenKind.Semicolon, 1),
            ('|', _) => (TokenKind.Bar, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('~', _) => (TokenKind.Tilde, 1),
            _ => (TokenKind.Bad, 0),
        };
        var start = _position;
        _position += length;
        return kind == TokenKind.Bad ? LexBad() : new Token(kind, start, _position);
    }

    private Token LexBad()
    {
        var start = _position++;
        while (_position < text.Length && IsBad(text[_position]))
        {
            _position++;
        }

        var shown = text[start..Math.Min(_position, start + 20)];
        diagnostics.Add(
            "KQL004",
            TextSpan.FromBounds(start, _position),
            $"'{DiagnosticFormatter.Printable(shown)}' has no meaning here",
            shown is "&" or "&&" ? "Write 'and'." : IsQuote(shown[0]) ? "Strings take the straight quotes ' and \"." : null);
        return new Token(TokenKind.Bad, start, _position);
    }

    private static bool IsQuote(char c) => c is '\u2018' or '\u2019' or '\u201C' or '\u201D';

    private static bool IsBad(char c) =>
        !char.IsWhiteSpace(c)
        && !IsNamePart(c)
        && c is not ('$' or '\'' or '"' or '@' or '=' or '!' or '<' or '>' or '.' or '(' or ')' or '[' or ']' or '{' or '}'
            or ',' or ';' or '|' or ':' or '+' or '-' or '*' or '/' or '%' or '~' or '`' or '\uFEFF');
}
