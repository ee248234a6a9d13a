namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// A recursive descent over the tokens, one method a construct. After a fault it says nothing more until the next <c>|</c>,
/// <c>;</c> or closing bracket, where it goes on: one report a fault, several faults a query. Nothing here throws, every loop
/// consumes a token a turn, and nesting is bounded, so that no text costs more than time in proportion to its length.
/// </summary>
internal sealed partial class Parser(string text, ImmutableArray<Token> tokens, DiagnosticBag diagnostics)
{
    /// <summary>
    /// How deep expressions, pipes and functions may lie in each other, and how tall the tree of one expression may grow. The
    /// stages behind recurse over the tree: this bound is theirs too.
    /// </summary>
    private const int MaxDepth = 256;

    /// <summary>How many operators a query may have; each becomes a subquery that DuckDB plans inside the next.</summary>
    private const int MaxOperators = 1000;

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
        if (!_isRecovering)
        {
            diagnostics.Add(code, span, message, hint, kind);
            _isRecovering = true;
        }
    }

    /// <summary>Records a fault behind which the parser knows its way.</summary>
    private void ReportAndContinue(string code, TextSpan span, string message, string? hint = null)
    {
        if (!_isRecovering)
        {
            diagnostics.Add(code, span, message, hint);
        }
    }

    private TextSpan FoundSpan()
    {
        // The end of the query is shown behind its last token, not behind trailing comments and blanks.
        return At(TokenKind.End) ? new TextSpan(LastEnd, 0) : Current.Span;
    }

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

    /// <summary>Adds levels to the expression being read; see <see cref="MaxDepth"/>.</summary>
    private void Grow(int start, int levels = 1)
    {
        _height += levels;
        if (_height > MaxDepth)
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
            $"This is nested more than {MaxDepth} levels deep",
            "Split it with let statements; a list of texts to compare with goes into 'in (...)' or 'has_any (...)'.");
        _index = tokens.Length - 1;
    }
}
