namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// A recursive descent over the tokens, one method a construct. After a fault it says nothing more until the next <c>|</c>,
/// <c>;</c> or closing bracket, where it goes on: one report a fault, several faults a query. Nothing here throws, every loop
/// consumes a token a turn, and nesting is bounded, so that no text costs more than time in proportion to its length.
/// </summary>
internal sealed partial class Parser(string text, ImmutableArray<Token> tokens, DiagnosticBag diagnostics)
{
    /// <summary>How deep brackets, pipes and functions may lie in each other.</summary>
    private const int MaxDepth = 128;

    /// <summary>
    /// How tall the tree of one expression may grow, as <c>a + b + c</c> does without brackets. The stages behind recurse over
    /// the tree, on stacks as small as a megabyte: both bounds are theirs too.
    /// </summary>
    private const int MaxHeight = 256;

    /// <summary>
    /// How many operators a query may have. Each becomes a subquery that DuckDB plans inside the next, and 500 of them overflow
    /// a thread's stack of 1.5 MB, which ends the process.
    /// </summary>
    private const int MaxOperators = 250;

    private int _index;
    private int _depth;
    private int _height;
    private int _operators;
    private bool _isRecovering;

    /// <summary>How many brackets are open around the current token: recovery stops at their ends, and skips others.</summary>
    private int _openBrackets;

    private Token Current => tokens[_index];

    /// <summary>The end of the last token taken: spans end there.</summary>
    private int LastEnd => _index == 0 ? 0 : tokens[_index - 1].End;

    private Token Peek(int ahead = 1) => tokens[Math.Min(_index + ahead, tokens.Length - 1)];

    private ReadOnlySpan<char> TextOf(Token token) => text.AsSpan(token.Start, token.End - token.Start);

    private Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            _index++;
        }

        return token;
    }

    private bool At(TokenKind kind) => Current.Kind == kind;

    private bool AtWord(string word) => IsWord(Current, word);

    private bool IsWord(Token token, string word) =>
        token.Kind == TokenKind.Identifier && TextOf(token).SequenceEqual(word);

    private bool TryTake(TokenKind kind)
    {
        if (!At(kind))
        {
            return false;
        }

        _index++;
        return true;
    }

    private bool TryTakeWord(string word)
    {
        if (!AtWord(word))
        {
            return false;
        }

        _index++;
        return true;
    }

    /// <summary>Whether the token directly follows the one before it, without a blank.</summary>
    private bool IsAdjacent(int index) => index > 0 && index < tokens.Length && tokens[index].Start == tokens[index - 1].End;

    private TextSpan SpanFrom(int start) => TextSpan.FromBounds(start, Math.Max(start, LastEnd));

    private bool Expect(TokenKind kind, string expected, string? hint = null)
    {
        if (TryTake(kind))
        {
            return true;
        }

        ReportExpected(expected, hint);
        return false;
    }

    private bool ExpectWord(string word, string? hint = null)
    {
        if (TryTakeWord(word))
        {
            return true;
        }

        ReportExpected($"'{word}'", hint);
        return false;
    }

    private void ReportExpected(string expected, string? hint = null) =>
        Report("KQL011", FoundSpan(), $"Expected {expected}, found {Found()}", hint);

    /// <summary>Records a fault, unless it may be a consequence of the last one.</summary>
    private void Report(
        string code, TextSpan span, string message, string? hint = null, DiagnosticKind kind = DiagnosticKind.Syntax)
    {
        if (!_isRecovering && !At(TokenKind.Bad))
        {
            diagnostics.Add(code, span, message, hint, kind);
        }

        // The lexer has told of a bad token.
        _isRecovering = true;
    }

    /// <summary>Records a fault behind which the parser knows its way.</summary>
    private void ReportAndContinue(string code, TextSpan span, string message, string? hint = null)
    {
        if (!_isRecovering)
        {
            diagnostics.Add(code, span, message, hint);
        }
    }

    /// <summary>
    /// Where something else was found. What the end of the query or a line cut short is shown there, not behind the comments
    /// and blanks that follow.
    /// </summary>
    private TextSpan FoundSpan() =>
        At(TokenKind.End)
        || (Current.Kind is TokenKind.Bar or TokenKind.Semicolon
            && text.AsSpan(LastEnd, Current.Start - LastEnd).Contains('\n'))
            ? new TextSpan(LastEnd, 0)
            : Current.Span;

    private string Found()
    {
        if (At(TokenKind.End))
        {
            return "the end of the query";
        }

        var found = TextOf(Current);
        return $"'{DiagnosticFormatter.Printable(found.Length > 30 ? $"{found[..30]}..." : found.ToString())}'";
    }

    /// <summary>
    /// Ends the silence after a fault: skips to the next <c>|</c> or <c>;</c>, or to the end of the brackets that are open.
    /// </summary>
    private void Recover()
    {
        if (!_isRecovering)
        {
            return;
        }

        var depth = 0;
        while (!At(TokenKind.End))
        {
            switch (Current.Kind)
            {
                case TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace:
                    depth++;
                    break;
                case TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace when depth > 0:
                    depth--;
                    break;
                case TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace when _openBrackets > 0:
                case TokenKind.Bar or TokenKind.Semicolon when depth == 0:
                    _isRecovering = false;
                    return;
            }

            _index++;
        }

        _isRecovering = false;
    }

    /// <summary>Enters a level of nesting; false, with the rest of the text skipped, where there are too many.</summary>
    private bool TryEnter(int start)
    {
        if (_depth < MaxDepth)
        {
            _depth++;
            return true;
        }

        GiveUp(start);
        return false;
    }

    /// <summary>Reads an expression beside one already read: the taller of both counts.</summary>
    private Expression Beside(Func<Parser, Expression> parse)
    {
        var height = _height;
        _height = 0;
        var expression = parse(this);
        _height = Math.Max(height, _height);
        return expression;
    }

    /// <summary>Adds levels to the expression being read; see <see cref="MaxHeight"/>.</summary>
    private void Grow(int start, int levels = 1)
    {
        _height += levels;
        if (_height > MaxHeight)
        {
            GiveUp(start);
            _height = 0;
        }
    }

    private void GiveUp(int start)
    {
        Report(
            "KQL018",
            new TextSpan(start, Math.Min(1, text.Length - start)),
            "This is nested too deep",
            $"At most {MaxDepth} levels of brackets and {MaxHeight} chained operators are read; let statements split an expression.");
        _index = tokens.Length - 1;
    }
}
