using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using AlertFunctions.Alerting.State;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace AlertFunctions.AzureServices.Storage;

/// <summary>
/// The state in an Azure table. A document's content lies in binary properties c00, c01, ... of at most 60 KiB, since a property holds no more than 64.
/// The table is made by the infrastructure.
/// </summary>
public sealed class TableStateStore : IStateStore
{
    private const int ChunkBytes = 60 * 1024;

    private readonly TableClient _table;

    // The SDK makes entities by reflection; their constructor must survive trimming.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(TableEntity))]
    public TableStateStore(TableClient table) => _table = table;

    public async Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(row);
        try
        {
            var response = await _table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
            return response.HasValue ? Document(response.Value!) : null;
        }
        catch (Exception exception) when (StorageFault.IsOfTheWorld(exception, cancellationToken))
        {
            throw StorageFault.Unavailable("state table", exception);
        }
    }

    public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
        string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        if (from is not null)
        {
            filter += TableClient.CreateQueryFilter($" and RowKey ge {from}");
        }

        if (to is not null)
        {
            filter += TableClient.CreateQueryFilter($" and RowKey lt {to}");
        }

        await using var entities = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(entities, cancellationToken))
        {
            yield return Document(entities.Current);
        }
    }

    public async Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        StateLimits.Check(partition, changes);
        try
        {
            if (changes is [Put put])
            {
                return new Written([ETagOf(await PutAsync(partition, put, cancellationToken))]);
            }

            // Removing a document that may be missing has no transaction action: what is not there needs no removal.
            var present = new List<(int Index, StateChange Change)>();
            for (var i = 0; i < changes.Count; i++)
            {
                if (changes[i] is not Remove { IfMatch: StateChange.Any } remove || await ReadAsync(partition, remove.Row, cancellationToken) is not null)
                {
                    present.Add((i, changes[i]));
                }
            }

            var etags = new string[changes.Count];
            Array.Fill(etags, "");
            if (present.Count > 0)
            {
                var response = await _table.SubmitTransactionAsync(present.Select(item => Action(partition, item.Change)), cancellationToken);
                for (var i = 0; i < present.Count; i++)
                {
                    etags[present[i].Index] = present[i].Change is Put ? ETagOf(response.Value[i]) : "";
                }
            }

            return new Written(etags);
        }
        catch (TableTransactionFailedException exception) when (IsConflict(exception))
        {
            return new Conflict(await ConflictingRowAsync(partition, changes, exception, cancellationToken));
        }
        catch (RequestFailedException exception) when (IsConflict(exception))
        {
            return new Conflict(changes[0].Row);
        }
        catch (Exception exception) when (StorageFault.IsOfTheWorld(exception, cancellationToken))
        {
            throw StorageFault.Unavailable("state table", exception);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TableEntity> entities, CancellationToken cancellationToken)
    {
        try
        {
            return await entities.MoveNextAsync();
        }
        catch (Exception exception) when (StorageFault.IsOfTheWorld(exception, cancellationToken))
        {
            throw StorageFault.Unavailable("state table", exception);
        }
    }

    private static bool IsConflict(RequestFailedException exception) =>
        exception.Status is 409 or 412
        || (exception.Status == 404 && exception.ErrorCode == TableErrorCode.ResourceNotFound);

    /// <summary>The first change, in order, that does not hold now: the service names one at random, and under Azurite none.</summary>
    private async Task<string> ConflictingRowAsync(
        string partition, IReadOnlyList<StateChange> changes, TableTransactionFailedException exception, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Where(change => change.IfMatch != StateChange.Any))
        {
            if ((await ReadAsync(partition, change.Row, cancellationToken))?.ETag != change.IfMatch)
            {
                return change.Row;
            }
        }

        return changes[Math.Clamp(exception.FailedTransactionActionIndex ?? 0, 0, changes.Count - 1)].Row;
    }

    /// <summary>A document alone costs half as much without the transaction that several need.</summary>
    private Task<Response> PutAsync(string partition, Put put, CancellationToken cancellationToken) => put.IfMatch switch
    {
        null => _table.AddEntityAsync(Entity(partition, put), cancellationToken),
        StateChange.Any => _table.UpsertEntityAsync(Entity(partition, put), TableUpdateMode.Replace, cancellationToken),
        var etag => _table.UpdateEntityAsync(Entity(partition, put), new ETag(etag), TableUpdateMode.Replace, cancellationToken),
    };

    private static string ETagOf(Response response) => response.Headers.ETag?.ToString() ?? "";

    private static TableTransactionAction Action(string partition, StateChange change) => change switch
    {
        Put { IfMatch: null } put => new TableTransactionAction(TableTransactionActionType.Add, Entity(partition, put)),
        Put { IfMatch: StateChange.Any } put => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Entity(partition, put)),
        Put { IfMatch: { } etag } put => new TableTransactionAction(TableTransactionActionType.UpdateReplace, Entity(partition, put), new ETag(etag)),
        _ => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, change.Row), new ETag(change.IfMatch!)),
    };

    private static TableEntity Entity(string partition, Put put)
    {
        var entity = new TableEntity(partition, put.Row);
        for (var (start, chunk) = (0, 0); start < put.Content.Length; start += ChunkBytes, chunk++)
        {
            entity[Name(chunk)] = put.Content.Slice(start, Math.Min(ChunkBytes, put.Content.Length - start)).ToArray();
        }

        return entity;
    }

    private static StateDocument Document(TableEntity entity)
    {
        using var content = new MemoryStream();
        for (var chunk = 0; entity.TryGetValue(Name(chunk), out var value); chunk++)
        {
            content.Write((byte[])value);
        }

        return new StateDocument(entity.RowKey, content.ToArray(), entity.ETag.ToString());
    }

    private static string Name(int chunk) => string.Create(CultureInfo.InvariantCulture, $"c{chunk:D2}");
}
