using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Execution;

/// <summary>What a fault of DuckDB means to the author of a query.</summary>
internal static class EngineFault
{
    /// <summary>
    /// Whether DuckDB's own rewriting of "the first rows of each group" failed, which it does on some plans (1.5: "Failed to cast expression to type"). It
    /// happens while it plans, and the query runs without the rewriting.
    /// </summary>
    public static bool IsOfTopRows(DuckDBException fault) =>
        fault.Message.StartsWith("INTERNAL Error", StringComparison.Ordinal) && fault.Message.Contains("TopNWindowElimination", StringComparison.Ordinal);

    /// <summary>DuckDB's message without its echo of the SQL, which the author did not write.</summary>
    public static string Describe(DuckDBException fault)
    {
        var message = fault.Message;
        var echo = message.IndexOf("\n\nLINE ", StringComparison.Ordinal);
        return (echo < 0 ? message : message[..echo]).Trim();
    }
}
