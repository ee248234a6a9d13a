using System.Buffers;
using System.Text.Json;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// Reads JSON from a stream piece by piece, holding no more than the piece at hand. A piece is what one <see cref="Step"/> takes.
/// </summary>
internal sealed class JsonStreamReader(Stream stream) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private bool _complete;
    private JsonReaderState _state;

    /// <summary>
    /// Takes a piece off the reader. Returns false when the buffer ends inside the piece: it is then called again from the piece's start.
    /// </summary>
    public delegate bool Step(ref Utf8JsonReader reader);

    /// <exception cref="JsonException">The text is not JSON, or it ends inside the piece.</exception>
    public async ValueTask ReadAsync(Step step, CancellationToken cancellationToken)
    {
        while (!TryStep(step))
        {
            if (_complete)
            {
                throw new JsonException("The body ends before its JSON does.");
            }

            await FillAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool TryStep(Step step)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _complete, _state);
        if (!step(ref reader))
        {
            return false;
        }

        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _complete = read == 0;
    }
}
