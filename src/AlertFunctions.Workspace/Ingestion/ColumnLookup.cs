using System.Text;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>Finds a table's columns by the UTF-8 of their names. Records mostly repeat their order of fields, so the answer is guessed first.</summary>
internal sealed class ColumnLookup
{
    private readonly byte[][] _names;
    private readonly byte[][] _prefixes;
    private readonly int[] _follower;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _positions;

    public ColumnLookup(StoredTable table)
    {
        _names = [.. table.Columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        _prefixes = [.. table.Columns.Select(column => Encoding.UTF8.GetBytes($"\"{column.Name}\":"))];
        _follower = new int[_names.Length + 1];
        var positions = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        for (var position = 0; position < _names.Length; position++)
        {
            positions.Add(_names[position], position);
        }

        _positions = positions.GetAlternateLookup<ReadOnlySpan<byte>>();
        TimeGenerated = positions[Encoding.UTF8.GetBytes(TableDefinition.TimeGenerated)];
        TimeReceived = positions[Encoding.UTF8.GetBytes(TableDefinition.TimeReceived)];
        Type = positions[Encoding.UTF8.GetBytes(TableDefinition.TypeColumn)];
    }

    public int TimeGenerated { get; }

    public int TimeReceived { get; }

    public int Type { get; }

    /// <summary>The column that followed the previous one when it was last looked up.</summary>
    public int Guess(int previous) => _follower[previous + 1];

    /// <summary>A column's name as compact JSON has it before the value.</summary>
    public ReadOnlySpan<byte> Prefix(int position) => _prefixes[position];

    /// <summary>The position of a column, or -1.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="previous">The position of the field before it in the record; -1 for the first.</param>
    public int Find(ReadOnlySpan<byte> name, int previous)
    {
        var guess = _follower[previous + 1];
        if (_names[guess].AsSpan().SequenceEqual(name))
        {
            return guess;
        }

        if (!_positions.TryGetValue(name, out var position))
        {
            return -1;
        }

        _follower[previous + 1] = position;
        return position;
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
