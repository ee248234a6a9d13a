using System.Runtime.InteropServices;

namespace AlertFunctions.Workspace.Storage;

/// <summary>What DuckDB.NET's bindings lack of DuckDB's vectors.</summary>
internal static partial class NativeVector
{
    /// <summary>Makes a vector another name of the values of the other one, which both then own.</summary>
    [LibraryImport("duckdb", EntryPoint = "duckdb_vector_reference_vector")]
    public static partial void Reference(nint to, nint from);
}
