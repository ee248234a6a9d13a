namespace AlertFunctions.Kql.Binding;

/// <summary>
/// How much may come of a text. The parser bounds what is written; names that stand for something multiply it: twenty let statements
/// that each add the one before to itself are a million additions, and a chain of names is as tall as it is long.
/// </summary>
internal sealed partial class Binder
{
    /// <summary>
    /// How tall the tree of a query may grow. The stages behind recurse over it on stacks as small as a megabyte, and DuckDB plans
    /// each operator inside the next: 500 of them overflow a stack of 1.5 MB, which ends the process.
    /// </summary>
    private const int MaxHeight = 800;

    /// <summary>What an operator adds to the height; an expression within adds one a level.</summary>
    private const int OperatorHeight = 3;

    /// <summary>How many expressions names and calls of the query's functions may stand for, all together.</summary>
    private const int MaxInlined = 100_000;

    /// <summary>How many characters of a literal, or of a function's text, count as one expression.</summary>
    private const int CharactersPerExpression = 16;

    private readonly Dictionary<BoundTable, int> _heights = new(ReferenceEqualityComparer.Instance);
    private int _inlined;

    /// <summary>The table, unless it is too tall.</summary>
    private BoundTable Limited(BoundTable table, TextSpan span)
    {
        if (Height(table) <= MaxHeight)
        {
            return table;
        }

        // What comes next stands on firm ground again; one report is enough.
        return table.IsError ? table : Refused(span, "The query is nested too deeply", "Fewer operators, those of functions included, may stand one behind the other.");
    }

    private int Height(BoundTable table)
    {
        if (_heights.TryGetValue(table, out var known))
        {
            return known;
        }

        var height = 0;
        foreach (var input in BoundParts.InputsOf(table))
        {
            height = Math.Max(height, Height(input));
        }

        foreach (var value in BoundParts.Of(table))
        {
            height = Math.Max(height, Measure(value).Height);
        }

        _heights.Add(table, height + OperatorHeight);
        return height + OperatorHeight;
    }

    /// <summary>How tall an expression is, and how many expressions and characters it is made of.</summary>
    private (int Height, int Size) Measure(BoundExpression expression)
    {
        var (height, size) = (0, 1);
        if (expression is BoundLiteral { Value: string text })
        {
            size += text.Length / CharactersPerExpression;
        }

        foreach (var part in BoundParts.Of(expression))
        {
            var below = Measure(part);
            height = Math.Max(height, below.Height);
            size += below.Size;
        }

        if (BoundParts.TableOf(expression) is { } table)
        {
            height = Math.Max(height, Height(table));
        }

        return (height + 1, size);
    }

    /// <summary>What a name stands for, unless it is too tall to be used within other expressions.</summary>
    private ScalarEntity Scalar(BoundExpression value, RowScope? rows, TextSpan span)
    {
        var (height, size) = Measure(value);
        if (height > MaxHeight / 2)
        {
            diagnostics.NotSupported(span, "The expression is nested too deeply", "What its names stand for counts.");
            return new ScalarEntity(new BoundError(), null, 1);
        }

        return new ScalarEntity(value, rows, size);
    }

    /// <summary>Counts what a name or call stands for. False, with a fault, once it is too much.</summary>
    private bool TryInline(int size, TextSpan span)
    {
        if (_inlined <= MaxInlined)
        {
            _inlined += Math.Min(size, MaxInlined + 1);
            if (_inlined > MaxInlined)
            {
                diagnostics.NotSupported(
                    span, "The query grows too large when names and functions are replaced by what they stand for", "materialize() computes a table once.");
            }
        }

        return _inlined <= MaxInlined;
    }
}
