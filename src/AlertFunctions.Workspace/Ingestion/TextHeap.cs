using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// The long texts of a block's rows, until the rows are in their tables: those that the block has as they are stay where they
/// are, and the others are copied. Used by one thread at a time.
/// </summary>
/// <param name="block">The block's bytes, which do not move until this is disposed.</param>
internal sealed unsafe class TextHeap(ReadOnlyMemory<byte> block) : IDisposable
{
    private const int PageSize = 256 << 10;

    private readonly List<nint> _pages = [];
    private readonly int _length = block.Length;
    private MemoryHandle _pin = block.Pin();
    private byte* _free;
    private int _left;

    /// <summary>Where a text stays; it must be of the block, or of memory that may change.</summary>
    public byte* Keep(ReadOnlySpan<byte> text)
    {
        var place = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));
        if ((nuint)(place - (byte*)_pin.Pointer) < (nuint)_length)
        {
            return place;
        }

        if (_left < text.Length)
        {
            var size = Math.Max(PageSize, text.Length);
            _free = (byte*)NativeMemory.Alloc((nuint)size);
            _left = size;
            _pages.Add((nint)_free);
        }

        var kept = _free;
        text.CopyTo(new Span<byte>(kept, text.Length));
        _free += text.Length;
        _left -= text.Length;
        return kept;
    }

    public void Dispose()
    {
        _pin.Dispose();
        foreach (var page in _pages)
        {
            NativeMemory.Free((void*)page);
        }

        _pages.Clear();
    }
}
