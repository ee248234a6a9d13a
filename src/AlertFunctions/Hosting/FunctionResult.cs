namespace AlertFunctions.Hosting;

/// <summary>What a function answers: nothing, unless it is an HTTP function.</summary>
internal abstract record FunctionResult
{
    public static FunctionResult Done { get; } = new DoneResult();

    private sealed record DoneResult : FunctionResult;
}

/// <summary>The answer of an HTTP function. The body is JSON or HTML text; it never is Base64 by chance, which the host would decode.</summary>
internal sealed record HttpResult(int Status, string ContentType, string Body) : FunctionResult
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
