using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Storage;

/// <summary>Short forms for statements of the workspace itself. Values are parameters, names are quoted.</summary>
internal static class ConnectionExtensions
{
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [SuppressMessage("Security", "CA2100", Justification = "Statements are constants and quoted names; values are parameters.")]
    public static void Execute(this DuckDBConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            command.Parameters.Add(new DuckDBParameter(value));
        }

        command.ExecuteNonQuery();
    }
}
