using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Execution;

/// <summary>What a fault of DuckDB means to the author of a query.</summary>
internal static class EngineFault
{
    /// <summary>DuckDB's message without its echo of the SQL, which the author did not write.</summary>
    public static string Describe(DuckDBException fault)
    {
        var message = fault.Message;
        var echo = message.IndexOf("\n\nLINE ", StringComparison.Ordinal);
        return (echo < 0 ? message : message[..echo]).Trim();
    }
}
