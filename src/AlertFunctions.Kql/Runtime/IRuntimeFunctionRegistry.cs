namespace AlertFunctions.Kql.Runtime;

/// <summary>Takes the runtime functions, of one to five arguments, with their static types.</summary>
public interface IRuntimeFunctionRegistry
{
    void Add<T, TResult>(string name, Func<T, TResult> body);

    void Add<T1, T2, TResult>(string name, Func<T1, T2, TResult> body);

    void Add<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> body);

    void Add<T1, T2, T3, T4, TResult>(string name, Func<T1, T2, T3, T4, TResult> body);

    void Add<T1, T2, T3, T4, T5, TResult>(string name, Func<T1, T2, T3, T4, T5, TResult> body);

    /// <summary>A function of a text that gives the text itself where <paramref name="isResult"/> says so of its UTF-8; else the body tells.</summary>
    void AddText(string name, Func<ReadOnlySpan<byte>, bool> isResult, Func<string, string?> body);

    /// <summary>A function of a text's UTF-8 that gives a list of texts; of NULL, a list of one NULL.</summary>
    void AddList(string name, Action<ReadOnlySpan<byte>, ITextList> body);
}
