namespace AlertFunctions.Kql.Functions;

/// <summary>One column of a function that gives several: the call's SQL is a dynamic value, which the path leads into.</summary>
/// <param name="Name">The column's name where the query gives none.</param>
/// <param name="Type">Its type.</param>
/// <param name="Path">A JSONPath of DuckDB's, such as <c>$.slope</c> or <c>$[0]</c>.</param>
internal sealed record TuplePart(string Name, KqlType Type, string Path);
