namespace AlertFunctions.Kql.Runtime;

/// <summary>
/// A function that SQL calls by name and C# computes. The workspace registers each with DuckDB through
/// <see cref="Register"/>, whose generic arguments tell the SQL types: bool BOOLEAN, int INTEGER, long BIGINT (datetimes and
/// timespans too, as ticks), double DOUBLE, string VARCHAR (dynamic too, as JSON text); a result may be nullable (<c>long?</c>).
/// </summary>
/// <remarks>
/// A NULL argument gives NULL (where a list is made, a list of one NULL) without a call; a null result is NULL. The bodies are pure and
/// never throw.
/// </remarks>
public abstract class RuntimeFunction
{
    private protected RuntimeFunction(string name) => Name = name;

    /// <summary>The name in SQL; starts with <c>kql_</c>.</summary>
    public string Name { get; }

    /// <summary>Hands the function over with its static types.</summary>
    public abstract void Register(IRuntimeFunctionRegistry registry);

    internal static RuntimeFunction Of<T, TResult>(string name, Func<T, TResult> body) =>
        new Registration(name, registry => registry.Add(name, body));

    internal static RuntimeFunction Of<T1, T2, TResult>(string name, Func<T1, T2, TResult> body) =>
        new Registration(name, registry => registry.Add(name, body));

    internal static RuntimeFunction Of<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> body) =>
        new Registration(name, registry => registry.Add(name, body));

    internal static RuntimeFunction Of<T1, T2, T3, T4, TResult>(string name, Func<T1, T2, T3, T4, TResult> body) =>
        new Registration(name, registry => registry.Add(name, body));

    internal static RuntimeFunction Of<T1, T2, T3, T4, T5, TResult>(string name, Func<T1, T2, T3, T4, T5, TResult> body) =>
        new Registration(name, registry => registry.Add(name, body));

    /// <summary>A function of a text that mostly gives the text itself: <paramref name="isResult"/> tells of its UTF-8 whether it does.</summary>
    internal static RuntimeFunction OfText(string name, Func<ReadOnlySpan<byte>, bool> isResult, Func<string, string?> body) =>
        new Registration(name, registry => registry.AddText(name, isResult, body));

    /// <summary>A function that makes a list of texts of a text's UTF-8.</summary>
    internal static RuntimeFunction OfList(string name, Action<ReadOnlySpan<byte>, ITextList> body) =>
        new Registration(name, registry => registry.AddList(name, body));

    private sealed class Registration(string name, Action<IRuntimeFunctionRegistry> register) : RuntimeFunction(name)
    {
        public override void Register(IRuntimeFunctionRegistry registry) => register(registry);
    }
}
