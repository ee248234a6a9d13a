namespace AlertFunctions.Kql.Emit;

/// <summary>How tightly a piece of SQL holds together, loosest first; decides where parentheses are needed.</summary>
internal enum Precedence
{
    Or,
    And,
    Not,
    Comparison,
    Additive,
    Multiplicative,
    Unary,
    Primary,
}

/// <summary>SQL of one expression and the precedence of its outermost operator.</summary>
internal readonly record struct SqlText(string Text, Precedence Precedence = Precedence.Primary)
{
    /// <summary>The text, in parentheses unless it holds together at least as tightly as asked.</summary>
    public string At(Precedence least) => Precedence >= least ? Text : $"({Text})";

    public override string ToString() => Text;

    public static SqlText Or(string text) => new(text, Precedence.Or);

    public static SqlText And(string text) => new(text, Precedence.And);

    public static SqlText Not(string text) => new(text, Precedence.Not);

    public static SqlText Comparison(string text) => new(text, Precedence.Comparison);

    public static SqlText Additive(string text) => new(text, Precedence.Additive);

    public static SqlText Multiplicative(string text) => new(text, Precedence.Multiplicative);

    public static SqlText Primary(string text) => new(text);
}
