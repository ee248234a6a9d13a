using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Storage;
using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Execution;

/// <summary>Runs compiled queries, each on a connection of its own.</summary>
internal sealed class QueryRunner(DuckDbStore database, WorkspaceCatalog catalog)
{
    private readonly Lock _planning = new();

    /// <exception cref="QueryExecutionException">The engine refused or failed.</exception>
    public async Task<ResultReader> ExecuteAsync(CompiledQuery query, CompiledResult result, CancellationToken cancellationToken)
    {
        await EnsureTablesAsync(query, cancellationToken);
        return await Task.Run(() => Execute(result, cancellationToken), cancellationToken);
    }

    /// <summary>The texts of a query's only column; null where the engine refused or failed.</summary>
    public IReadOnlyList<string>? ReadTexts(CompiledQuery query) => ReadTextsAsync(query).GetAwaiter().GetResult();

    private async Task<IReadOnlyList<string>?> ReadTextsAsync(CompiledQuery query)
    {
        try
        {
            await using var reader = await ExecuteAsync(query, query.Results[0], CancellationToken.None).ConfigureAwait(false);
            var texts = new List<string>();
            while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                texts.Add((string)reader.GetValue(0)!);
            }

            return texts;
        }
        catch (QueryExecutionException)
        {
            return null;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The reader gives the connection back.")]
    private ResultReader Execute(CompiledResult result, CancellationToken cancellationToken)
    {
        var connection = database.Lease();
        try
        {
            try
            {
                return Open(connection, result, cancellationToken);
            }
            catch (DuckDBException fault) when (EngineFault.IsOfTopRows(fault))
            {
                return OpenPlainly(connection, result, cancellationToken);
            }
        }
        catch (DuckDBException fault)
        {
            database.Return(connection);
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueryExecutionException(EngineFault.Describe(fault), fault);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The SQL is the compiler's, which writes values as literals.")]
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader disposes the command.")]
    private ResultReader Open(DuckDBConnection connection, CompiledResult result, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        try
        {
            command.CommandText = result.Sql;
            command.UseStreamingMode = true;
            using var registration = cancellationToken.Register(command.Cancel);
            return new ResultReader(result, command, command.ExecuteReader(), () => database.Return(connection));
        }
        catch (DuckDBException)
        {
            command.Dispose();
            throw;
        }
    }

    /// <summary>Opens a query whose plan DuckDB's rewriting of first rows fails on. The setting is the database's: queries planned meanwhile are slower, no more.</summary>
    private ResultReader OpenPlainly(DuckDBConnection connection, CompiledResult result, CancellationToken cancellationToken)
    {
        lock (_planning)
        {
            var settings = database.Lease();
            try
            {
                settings.Execute("SET GLOBAL disabled_optimizers = 'top_n_window_elimination'");
                return Open(connection, result, cancellationToken);
            }
            finally
            {
                settings.Execute("RESET GLOBAL disabled_optimizers");
                database.Return(settings);
            }
        }
    }

    /// <summary>Makes the documented tables that the query reads and that hold no rows yet.</summary>
    private async Task EnsureTablesAsync(CompiledQuery query, CancellationToken cancellationToken)
    {
        if (query.Tables.All(table => catalog.Store.Find(table) is not null))
        {
            return;
        }

        await database.WriterGate.WaitAsync(cancellationToken);
        try
        {
            foreach (var definition in query.Tables.Select(catalog.Define).OfType<TableDefinition>())
            {
                catalog.Store.Ensure(definition);
            }
        }
        finally
        {
            database.WriterGate.Release();
        }
    }
}
