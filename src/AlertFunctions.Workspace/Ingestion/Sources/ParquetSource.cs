using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>Parquet, read by DuckDB; its rows are converted as those from memory are.</summary>
internal static class ParquetSource
{
    /// <summary>The rows of a file, by column name.</summary>
    /// <exception cref="InvalidDataException">The file is no Parquet, or damaged.</exception>
    public static IEnumerable<IngestRow> Read(DuckDBConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM read_parquet($1)";
        command.Parameters.Add(new DuckDBParameter(path));
        command.UseStreamingMode = true;
        using var reader = OrInvalid(command.ExecuteReader);
        while (OrInvalid(reader.Read))
        {
            var fields = new Dictionary<string, object?>(reader.FieldCount);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                fields[reader.GetName(column)] = reader.IsDBNull(column) ? null : reader.GetValue(column);
            }

            yield return new IngestRow(fields);
        }
    }

    private static T OrInvalid<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }
}
