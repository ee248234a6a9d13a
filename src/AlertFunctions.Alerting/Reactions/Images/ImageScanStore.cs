using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>
/// The scans of pushed images in the state store: a document an image, and a row for when it is due, written together. Several processes may change
/// the same image; each change is made of what is stored at that moment.
/// </summary>
public sealed class ImageScanStore(IStateStore store)
{
    private const string Partition = "image-scans";
    private const string ImageRow = "image";
    private const string DueRow = "due";
    private const int ImagesInAWrite = StateLimits.MaxChanges / 3;
    private const int Attempts = 20;
    private const int ReadsAtATime = 16;

    public async Task<ImageScan?> ReadAsync(ImageReference image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        return await store.ReadAsync(Partition, RowOf(image), cancellationToken) is { } document ? Read(document) : null;
    }

    /// <summary>The scans that are due at this time, the longest due first.</summary>
    public async IAsyncEnumerable<ImageScan> ReadDueAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = StateKey.Of(DueRow, StateKey.Of(now.AddTicks(1)));
        await foreach (var due in store.ReadRangeAsync(Partition, StateKey.Of(DueRow), end, cancellationToken))
        {
            if (await store.ReadAsync(Partition, Encoding.UTF8.GetString(due.Content.Span), cancellationToken) is { } document)
            {
                yield return Read(document);
            }
        }
    }

    /// <summary>Every scan of a registry that is remembered.</summary>
    public async IAsyncEnumerable<ImageScan> ReadRegistryAsync(string registry, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = StateKey.Of(ImageRow, registry) + "|";
        await foreach (var document in store.ReadRangeAsync(Partition, prefix, StateKey.After(prefix), cancellationToken))
        {
            yield return Read(document);
        }
    }

    /// <summary>
    /// Changes the scans of these images, all different, and gives each as it then is. The change gets what is stored, null for nothing, and
    /// gives what is to be stored: the same object for no change, null to forget. It may be called again for an image that somebody else changed meanwhile.
    /// </summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached, or others changed the same images without end.</exception>
    public async Task<IReadOnlyList<ImageScan?>> ChangeAsync(
        IReadOnlyList<ImageReference> images, Func<ImageReference, ImageScan?, ImageScan?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(change);
        var changed = new List<ImageScan?>(images.Count);
        foreach (var chunk in images.Chunk(ImagesInAWrite))
        {
            changed.AddRange(await ChangeChunkAsync(chunk, change, cancellationToken));
        }

        return changed;
    }

    private async Task<ImageScan?[]> ChangeChunkAsync(
        ImageReference[] images, Func<ImageReference, ImageScan?, ImageScan?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var after = new ImageScan?[images.Length];
            var changes = new List<StateChange>();
            var documents = await ReadAllAsync(images, cancellationToken);
            for (var i = 0; i < images.Length; i++)
            {
                var before = documents[i] is { } document ? Read(document) : null;
                after[i] = change(images[i], before);
                if (!ReferenceEquals(before, after[i]))
                {
                    changes.AddRange(Changes(images[i], before, after[i], documents[i]?.ETag));
                }
            }

            if (changes.Count == 0 || await store.WriteAsync(Partition, changes, cancellationToken) is Written)
            {
                return after;
            }
        }

        throw new StateUnavailableException("Others change the same images without end.");
    }

    private async Task<StateDocument?[]> ReadAllAsync(ImageReference[] images, CancellationToken cancellationToken)
    {
        var documents = new StateDocument?[images.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, images.Length, parallel, async (i, token) =>
            documents[i] = await store.ReadAsync(Partition, RowOf(images[i]), token));
        return documents;
    }

    private static IEnumerable<StateChange> Changes(ImageReference image, ImageScan? before, ImageScan? after, string? etag)
    {
        var row = RowOf(image);
        if (after is null)
        {
            yield return new Remove(row, etag!);
        }
        else
        {
            yield return new Put(row, JsonSerializer.SerializeToUtf8Bytes(after, ReactionsJson.Default.ImageScan), etag);
        }

        if (before?.DueAt == after?.DueAt)
        {
            yield break;
        }

        if (before is not null)
        {
            yield return new Remove(DueRowOf(row, before.DueAt), StateChange.Any);
        }

        if (after is not null)
        {
            yield return new Put(DueRowOf(row, after.DueAt), Encoding.UTF8.GetBytes(row), StateChange.Any);
        }
    }

    private static ImageScan Read(StateDocument document) => JsonSerializer.Deserialize(document.Content.Span, ReactionsJson.Default.ImageScan)
        ?? throw new InvalidOperationException($"The stored scan {document.Row} is empty.");

    private static string RowOf(ImageReference image) => StateKey.Of(ImageRow, image.Registry, image.Repository, image.Digest);

    private static string DueRowOf(string row, DateTimeOffset at) => StateKey.Of(
        DueRow, StateKey.Of(at), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row)).AsSpan(0, 16)));
}
