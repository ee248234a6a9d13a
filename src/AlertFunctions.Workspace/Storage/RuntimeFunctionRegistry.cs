using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AlertFunctions.Kql.Runtime;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// Makes the compiler's runtime functions callable from SQL, for every connection of a database. DuckDB hands over a chunk of
/// rows at a time, flattened; the values are read and written in its vectors.
/// </summary>
/// <remarks>Made on DuckDB's C API: DuckDB.NET's own registration ends at four arguments and boxes through interfaces.</remarks>
internal sealed unsafe class RuntimeFunctionRegistry : IRuntimeFunctionRegistry
{
    private delegate void ChunkBody(DuckDBDataChunk chunk, int rows, nint output);

    private readonly DuckDBConnection _connection;

    private RuntimeFunctionRegistry(DuckDBConnection connection) => _connection = connection;

    public static void RegisterAll(DuckDBConnection connection, IReadOnlyList<RuntimeFunction> functions)
    {
        var registry = new RuntimeFunctionRegistry(connection);
        foreach (var function in functions)
        {
            function.Register(registry);
        }
    }

    public void Add<T, TResult>(string name, Func<T, TResult> body) =>
        Register(
            name,
            [typeof(T)],
            typeof(TResult),
            (chunk, rows, output) =>
            {
                var a = new VectorReader<T>(chunk, 0);
                var writer = new VectorWriter<TResult>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (a.IsValid(row))
                    {
                        writer.Write(row, body(a.Read(row)));
                    }
                    else
                    {
                        writer.WriteNull(row);
                    }
                }
            });

    public void Add<T1, T2, TResult>(string name, Func<T1, T2, TResult> body) =>
        Register(
            name,
            [typeof(T1), typeof(T2)],
            typeof(TResult),
            (chunk, rows, output) =>
            {
                var a = new VectorReader<T1>(chunk, 0);
                var b = new VectorReader<T2>(chunk, 1);
                var writer = new VectorWriter<TResult>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (a.IsValid(row) && b.IsValid(row))
                    {
                        writer.Write(row, body(a.Read(row), b.Read(row)));
                    }
                    else
                    {
                        writer.WriteNull(row);
                    }
                }
            });

    public void Add<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> body) =>
        Register(
            name,
            [typeof(T1), typeof(T2), typeof(T3)],
            typeof(TResult),
            (chunk, rows, output) =>
            {
                var a = new VectorReader<T1>(chunk, 0);
                var b = new VectorReader<T2>(chunk, 1);
                var c = new VectorReader<T3>(chunk, 2);
                var writer = new VectorWriter<TResult>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (a.IsValid(row) && b.IsValid(row) && c.IsValid(row))
                    {
                        writer.Write(row, body(a.Read(row), b.Read(row), c.Read(row)));
                    }
                    else
                    {
                        writer.WriteNull(row);
                    }
                }
            });

    public void Add<T1, T2, T3, T4, TResult>(string name, Func<T1, T2, T3, T4, TResult> body) =>
        Register(
            name,
            [typeof(T1), typeof(T2), typeof(T3), typeof(T4)],
            typeof(TResult),
            (chunk, rows, output) =>
            {
                var a = new VectorReader<T1>(chunk, 0);
                var b = new VectorReader<T2>(chunk, 1);
                var c = new VectorReader<T3>(chunk, 2);
                var d = new VectorReader<T4>(chunk, 3);
                var writer = new VectorWriter<TResult>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (a.IsValid(row) && b.IsValid(row) && c.IsValid(row) && d.IsValid(row))
                    {
                        writer.Write(row, body(a.Read(row), b.Read(row), c.Read(row), d.Read(row)));
                    }
                    else
                    {
                        writer.WriteNull(row);
                    }
                }
            });

    public void Add<T1, T2, T3, T4, T5, TResult>(string name, Func<T1, T2, T3, T4, T5, TResult> body) =>
        Register(
            name,
            [typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5)],
            typeof(TResult),
            (chunk, rows, output) =>
            {
                var a = new VectorReader<T1>(chunk, 0);
                var b = new VectorReader<T2>(chunk, 1);
                var c = new VectorReader<T3>(chunk, 2);
                var d = new VectorReader<T4>(chunk, 3);
                var e = new VectorReader<T5>(chunk, 4);
                var writer = new VectorWriter<TResult>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (a.IsValid(row) && b.IsValid(row) && c.IsValid(row) && d.IsValid(row) && e.IsValid(row))
                    {
                        writer.Write(row, body(a.Read(row), b.Read(row), c.Read(row), d.Read(row), e.Read(row)));
                    }
                    else
                    {
                        writer.WriteNull(row);
                    }
                }
            });

    public void AddText(string name, Func<ReadOnlySpan<byte>, bool> isResult, Func<string, string?> body) =>
        Register(
            name,
            [typeof(string)],
            typeof(string),
            (chunk, rows, output) =>
            {
                var texts = new VectorReader<string>(chunk, 0);
                var same = 0;
                while (same < rows && (!texts.IsValid(same) || isResult(texts.ReadUtf8(same))))
                {
                    same++;
                }

                if (same == rows)
                {
                    NativeVector.Reference(output, NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, 0));
                    return;
                }

                var writer = new VectorWriter<string?>(output);
                for (var row = 0; row < rows; row++)
                {
                    if (!texts.IsValid(row))
                    {
                        writer.WriteNull(row);
                    }
                    else if (texts.ReadUtf8(row) is var utf8 && (row < same || isResult(utf8)))
                    {
                        writer.WriteUtf8(row, utf8);
                    }
                    else
                    {
                        writer.Write(row, body(texts.Read(row)));
                    }
                }
            });

    public void AddList(string name, Action<ReadOnlySpan<byte>, ITextList> body) =>
        Register(
            name,
            [typeof(string)],
            typeof(List<string>),
            (chunk, rows, output) =>
            {
                var texts = new VectorReader<string>(chunk, 0);
                using var writer = new ListVectorWriter(output);
                for (var row = 0; row < rows; row++)
                {
                    if (texts.IsValid(row))
                    {
                        body(texts.ReadUtf8(row), writer);
                    }
                    else
                    {
                        writer.AddNull();
                    }

                    writer.EndList(row);
                }

                writer.Flush();
            },
            takesNulls: true);

    private void Register(string name, ReadOnlySpan<Type> parameters, Type result, ChunkBody body, bool takesNulls = false)
    {
        var function = NativeMethods.ScalarFunction.DuckDBCreateScalarFunction();
        try
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetName(function, name);
            foreach (var parameter in parameters)
            {
                using var type = LogicalType(parameter);
                NativeMethods.ScalarFunction.DuckDBScalarFunctionAddParameter(function, type);
            }

            using (var type = LogicalType(result))
            {
                NativeMethods.ScalarFunction.DuckDBScalarFunctionSetReturnType(function, type);
            }

            if (takesNulls)
            {
                NativeMethods.ScalarFunction.DuckDBScalarFunctionSetSpecialHandling(function);
            }

            // The database frees the handle when it is closed.
            var handle = GCHandle.ToIntPtr(GCHandle.Alloc(body));
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetExtraInfo(function, handle, &Free);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetFunction(function, &Invoke);
            var state = NativeMethods.ScalarFunction.DuckDBRegisterScalarFunction(_connection.NativeConnection, function);
            if (state != DuckDBState.Success)
            {
                throw new InvalidOperationException($"DuckDB does not take the function {name}.");
            }
        }
        finally
        {
            NativeMethods.ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        }
    }

    private static DuckDBLogicalType LogicalType(Type type)
    {
        if (type == typeof(List<string>))
        {
            using var text = LogicalType(typeof(string));
            return NativeMethods.LogicalType.DuckDBCreateListType(text);
        }

        var value = Nullable.GetUnderlyingType(type) ?? type;
        return NativeMethods.LogicalType.DuckDBCreateLogicalType(
            value == typeof(bool) ? DuckDBType.Boolean
            : value == typeof(int) ? DuckDBType.Integer
            : value == typeof(long) ? DuckDBType.BigInt
            : value == typeof(double) ? DuckDBType.Double
            : value == typeof(string) ? DuckDBType.Varchar
            : throw new InvalidOperationException($"Unreachable: a runtime function of {type}."));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception must not cross into native code; the query fails with its text.")]
    private static void Invoke(nint info, nint chunk, nint output)
    {
        try
        {
            var body = (ChunkBody)GCHandle.FromIntPtr(NativeMethods.ScalarFunction.DuckDBScalarFunctionGetExtraInfo(info)).Target!;

            // The constructor of a handle that DuckDB owns: disposing it frees nothing.
            using var input = new DuckDBDataChunk(chunk);
            body(input, (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(input), output);
        }
        catch (Exception fault)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint handle) => GCHandle.FromIntPtr(handle).Free();
}
