namespace AlertFunctions.Workspace.Ingestion;

/// <summary>Counts what an ingestion did, source by source; a source that is rolled back leaves only its fault.</summary>
internal sealed class IngestTally
{
    private readonly Dictionary<string, long> _loaded = [];
    private readonly List<IngestFault> _faults = [];
    private readonly Dictionary<string, long> _sourceLoaded = [];
    private readonly List<IngestFault> _sourceFaults = [];
    private readonly Dictionary<(string Table, string Field), (long Line, long Count)> _unknownFields = [];
    private string _source = "";
    private long _sourceSkipped;
    private long _skipped;

    /// <summary>Rows so far, those of the source at hand included.</summary>
    public long Rows { get; private set; }

    public void Begin(string source) => _source = source;

    public void Count(string table, long rows)
    {
        _sourceLoaded[table] = _sourceLoaded.GetValueOrDefault(table) + rows;
        Rows += rows;
    }

    public void Add(ParsedBlock parsed)
    {
        _sourceSkipped += parsed.Skipped;
        foreach (var (line, message) in parsed.Faults.Take(IngestReport.MaxFaults - _sourceFaults.Count))
        {
            _sourceFaults.Add(new IngestFault(IngestSeverity.Error, _source, line, message));
        }

        foreach (var (key, (line, count)) in parsed.UnknownFields)
        {
            var known = _unknownFields.GetValueOrDefault(key, (line, 0));
            _unknownFields[key] = known with { Item2 = known.Item2 + count };
        }
    }

    /// <summary>A fault of a whole file.</summary>
    public void AddFault(IngestFault fault) => _faults.Add(fault);

    public void Commit()
    {
        foreach (var (table, rows) in _sourceLoaded)
        {
            _loaded[table] = _loaded.GetValueOrDefault(table) + rows;
        }

        _skipped += _sourceSkipped;
        _faults.AddRange(_sourceFaults);
        if (_sourceSkipped > _sourceFaults.Count)
        {
            _faults.Add(new IngestFault(
                IngestSeverity.Error, _source, 0, $"{_sourceSkipped - _sourceFaults.Count} more records were skipped"));
        }

        foreach (var ((table, field), (line, count)) in _unknownFields)
        {
            var records = count == 1 ? "1 record" : $"{count} records";
            _faults.Add(new IngestFault(
                IngestSeverity.Warning, _source, line, $"{table} has no column {field}: it was left out of {records}"));
        }

        Clear();
    }

    public void Rollback()
    {
        Rows -= _sourceLoaded.Values.Sum();
        Clear();
    }

    public IngestReport ToReport() => new(_loaded, _skipped, _faults);

    private void Clear()
    {
        _sourceLoaded.Clear();
        _sourceFaults.Clear();
        _unknownFields.Clear();
        _sourceSkipped = 0;
    }
}
