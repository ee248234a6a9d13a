using System.Buffers;

namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>Reads a stream in blocks that end where a record does; what is left over begins the next one.</summary>
internal sealed class BlockBuffer(Stream stream)
{
    public const int BlockSize = 4 << 20;

    /// <summary>A record longer than this is refused, and with it the rest of its source.</summary>
    public const int MaxRecord = 64 << 20;

    private byte[] _bytes = [];
    private int _length;
    private bool _ended;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(0, _length);

    public bool Ended => _ended;

    /// <summary>Reads on until there are at least so many bytes, or the stream ends.</summary>
    public void Fill(int target = BlockSize)
    {
        if (_bytes.Length < target)
        {
            var larger = ArrayPool<byte>.Shared.Rent(target);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        while (!_ended && _length < target)
        {
            var read = stream.Read(_bytes.AsSpan(_length));
            _length += read;
            _ended = read == 0;
        }
    }

    public void Skip(int length)
    {
        Unread[length..].CopyTo(_bytes);
        _length -= length;
    }

    /// <summary>Gives the first bytes away, in an array of the shared pool, and keeps the others.</summary>
    public byte[] Take(int length)
    {
        var taken = _bytes;
        _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(BlockSize, _length - length));
        taken.AsSpan(length, _length - length).CopyTo(_bytes);
        _length -= length;
        return taken;
    }
}
