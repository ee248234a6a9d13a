namespace AlertFunctions.Cli.Results;

/// <summary>Counts in words.</summary>
internal static class Plural
{
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
