using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AlertFunctions.Workspace.Ingestion;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// Puts chunks of rows into tables: an INSERT from a table function that hands their vectors over as they are. (An appender would
/// copy every row once more, into a buffer of its own.) One for each database; its user holds the writer's gate.
/// </summary>
/// <remarks>DuckDB.NET's own table functions write value by value.</remarks>
internal sealed unsafe partial class RowFeed
{
    private const string Library = "duckdb";
    private const string Function = "$rows";

    /// <summary>Room for a <c>duckdb_result</c>, which is 48 bytes. Source: duckdb.h of DuckDB 1.5.</summary>
    private const int ResultSize = 64;

    private readonly DuckDBConnection _writer;
    private StoredTable? _table;
    private IReadOnlyList<RowChunk> _chunks = [];
    private int _next;

    public RowFeed(DuckDBConnection writer)
    {
        _writer = writer;
        var function = CreateTableFunction();
        try
        {
            SetName(function, Function);

            // The database frees the handle when it is closed.
            SetExtraInfo(function, GCHandle.ToIntPtr(GCHandle.Alloc(this)), &Free);
            SetBind(function, &Bind);
            SetInit(function, &Init);
            SetFunction(function, &Next);
            if (NativeMethods.TableFunction.DuckDBRegisterTableFunction(writer.NativeConnection, function) != DuckDBState.Success)
            {
                throw new InvalidOperationException($"DuckDB does not take the function {Function}.");
            }
        }
        finally
        {
            DestroyTableFunction(ref function);
        }
    }

    /// <summary>Adds the rows of the chunks, which are the table's, behind those that it has.</summary>
    public void Insert(StoredTable table, IReadOnlyList<RowChunk> chunks)
    {
        (_table, _chunks, _next) = (table, chunks, 0);
        try
        {
            Execute($"INSERT INTO {ConnectionExtensions.Quote(table.StorageName)} FROM {ConnectionExtensions.Quote(Function)}()");
        }
        finally
        {
            (_table, _chunks) = (null, []);
        }
    }

    // A command of DuckDB.NET asks without a pause whether DuckDB's own thread has ended, on a processor that parses the next blocks.
    private void Execute(string sql)
    {
        var result = stackalloc byte[ResultSize];
        var state = Query(_writer.NativeConnection.DangerousGetHandle(), sql, result);
        var fault = state == DuckDBState.Success ? null : Marshal.PtrToStringUTF8(ResultError(result));
        DestroyResult(result);
        if (state != DuckDBState.Success)
        {
            throw new InvalidOperationException($"DuckDB does not take the rows: {fault}");
        }
    }

    private void AddColumns(nint info)
    {
        var table = _table ?? throw new InvalidOperationException("Unreachable: rows are read that nobody inserts.");
        var types = RowChunk.LogicalTypes(table);
        for (var column = 0; column < types.Length; column++)
        {
            using var type = types[column];
            AddResultColumn(info, column == 0 ? StoredTable.Ingestion : table.Columns[column - 1].StorageName, type.DangerousGetHandle());
        }
    }

    private void Give(nint output)
    {
        while (_next < _chunks.Count && _chunks[_next].Count == 0)
        {
            _next++;
        }

        if (_next == _chunks.Count)
        {
            SetSize(output, 0);
            return;
        }

        var chunk = _chunks[_next++];
        for (var column = 0; column < chunk.ColumnCount; column++)
        {
            NativeVector.Reference(GetVector(output, (ulong)column), chunk.Vector(column));
        }

        SetSize(output, (ulong)chunk.Count);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross into native code; the statement fails with its text.")]
    private static void Bind(nint info)
    {
        try
        {
            ((RowFeed)GCHandle.FromIntPtr(BindExtraInfo(info)).Target!).AddColumns(info);
        }
        catch (Exception fault)
        {
            SetBindError(info, fault.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross into native code; the statement fails with its text.")]
    private static void Next(nint info, nint output)
    {
        try
        {
            ((RowFeed)GCHandle.FromIntPtr(FunctionExtraInfo(info)).Target!).Give(output);
        }
        catch (Exception fault)
        {
            SetFunctionError(info, fault.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint handle) => GCHandle.FromIntPtr(handle).Free();

    [LibraryImport(Library, EntryPoint = "duckdb_query", StringMarshalling = StringMarshalling.Utf8)]
    private static partial DuckDBState Query(nint connection, string sql, byte* result);

    [LibraryImport(Library, EntryPoint = "duckdb_result_error")]
    private static partial nint ResultError(byte* result);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_result")]
    private static partial void DestroyResult(byte* result);

    [LibraryImport(Library, EntryPoint = "duckdb_create_table_function")]
    private static partial nint CreateTableFunction();

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_table_function")]
    private static partial void DestroyTableFunction(ref nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetName(nint function, string name);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_extra_info")]
    private static partial void SetExtraInfo(nint function, nint info, delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_bind")]
    private static partial void SetBind(nint function, delegate* unmanaged[Cdecl]<nint, void> bind);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_init")]
    private static partial void SetInit(nint function, delegate* unmanaged[Cdecl]<nint, void> init);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_function")]
    private static partial void SetFunction(nint function, delegate* unmanaged[Cdecl]<nint, nint, void> next);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_get_extra_info")]
    private static partial nint BindExtraInfo(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_add_result_column", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void AddResultColumn(nint info, string name, nint type);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_set_error", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetBindError(nint info, string message);

    [LibraryImport(Library, EntryPoint = "duckdb_function_get_extra_info")]
    private static partial nint FunctionExtraInfo(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetFunctionError(nint info, string message);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    private static partial nint GetVector(nint chunk, ulong column);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_set_size")]
    private static partial void SetSize(nint chunk, ulong rows);
}
