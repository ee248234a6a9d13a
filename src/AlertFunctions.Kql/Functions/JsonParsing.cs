namespace AlertFunctions.Kql.Functions;

/// <summary>Tells the overloads that read JSON from text, because a path into their result needs only the text.</summary>
internal static class JsonParsing
{
    public static bool Is(Overload overload) =>
        FunctionTable.Scalars.TryGetValue("parse_json", out var function)
        && function.Overloads.Contains(overload)
        && overload.Signature.Parameters is [{ Target: KqlType.String }];
}
