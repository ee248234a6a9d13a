namespace AlertFunctions.Alerting.State;

/// <summary>
/// Alerts of a detection that are stored together in one document: those whose fingerprints begin with the same bits. One that grows too
/// large is split by the next bit, so that an alert has one place whoever writes it.
/// </summary>
internal sealed class AlertPack(string detection, string bits)
{
    /// <summary>Enough to compress what alerts of a detection have in common, few enough to write again when one of them changes.</summary>
    public const int MostAlerts = 128;

    private (AlertPack Zero, AlertPack One)? _halves;

    public string Detection => detection;

    /// <summary>The first bits of the fingerprints, as <c>0</c> and <c>1</c>; empty for all of the detection.</summary>
    public string Bits => bits;

    public HashSet<AlertEntry> Entries { get; } = [];

    /// <summary>The stored document's; null where there is none.</summary>
    public string? ETag { get; set; }

    /// <summary>Counts changes, so that one during a write is noticed.</summary>
    public int Version { get; set; }

    /// <summary>Whether it was split, and its document is only to be removed.</summary>
    public bool IsSplit => _halves is not null;

    /// <summary>This pack and those that it was split into.</summary>
    public IEnumerable<AlertPack> Below =>
        _halves is { } halves ? halves.Zero.Below.Concat(halves.One.Below).Prepend(this) : [this];

    public string Row => RowOf(detection, bits);

    /// <summary>The row of a pack; with no bits, what the rows of all packs of the detection begin with.</summary>
    public static string RowOf(string detection, string bits) => StateKey.Of(detection, bits);

    /// <summary>The pack below this one that an alert belongs to.</summary>
    public AlertPack Of(string fingerprint)
    {
        var pack = this;
        while (pack._halves is { } halves)
        {
            pack = BitOf(fingerprint, pack.Bits.Length) == '1' ? halves.One : halves.Zero;
        }

        return pack;
    }

    /// <summary>The pack below this one that begins with these bits, made where it is not there.</summary>
    public AlertPack At(string place)
    {
        var pack = this;
        while (pack.Bits.Length < place.Length)
        {
            var (zero, one) = pack.Split();
            pack = place[pack.Bits.Length] == '1' ? one : zero;
        }

        return pack;
    }

    /// <summary>Moves the alerts into two packs.</summary>
    public (AlertPack Zero, AlertPack One) Split()
    {
        if (_halves is { } known)
        {
            return known;
        }

        var halves = (Zero: new AlertPack(detection, bits + '0'), One: new AlertPack(detection, bits + '1'));
        _halves = halves;
        foreach (var entry in Entries)
        {
            Of(entry.Record.Fingerprint).Add(entry);
        }

        Entries.Clear();
        return halves;
    }

    public void Add(AlertEntry entry)
    {
        Entries.Add(entry);
        entry.Pack = this;
    }

    private static char BitOf(string fingerprint, int index)
    {
        var digit = char.IsAsciiDigit(fingerprint[index / 4]) ? fingerprint[index / 4] - '0' : fingerprint[index / 4] - 'a' + 10;
        return ((digit >> (3 - (index % 4))) & 1) == 1 ? '1' : '0';
    }
}
