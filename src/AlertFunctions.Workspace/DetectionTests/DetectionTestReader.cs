using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>
/// Reads a detection's <c>.tests.yaml</c>; <c>kql/README.md</c> describes the format. Every fault is reported; a test with one is
/// left out, so that it cannot pass by accident.
/// </summary>
public sealed class DetectionTestReader
{
    private static readonly DateTimeOffset DefaultNow = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromMinutes(2);

    // An ingestion interval ends before now: what arrives in that instant belongs to the next run, which a test does not have.
    private static readonly TimeSpan BeforeNow = TimeSpan.FromSeconds(1);

    private readonly Detection _detection;
    private readonly List<CatalogueDiagnostic> _diagnostics = [];

    private DetectionTestReader(Detection detection) => _detection = detection;

    /// <summary>The tests of a detection; a diagnostic where it has no file.</summary>
    public static async Task<DetectionTestFile> ReadAsync(Detection detection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(detection);
        if (detection.TestsPath is not { } path)
        {
            return new DetectionTestFile(detection.Source.Path, [], [new CatalogueDiagnostic(
                new SourcePosition(detection.Source.Path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.MissingTests,
                $"{detection.Id} has no tests.", "write a .tests.yaml beside it")]);
        }

        return Read(detection, path, await File.ReadAllTextAsync(path, cancellationToken));
    }

    public static DetectionTestFile Read(Detection detection, string path, string text)
    {
        var reader = new DetectionTestReader(detection);
        var tests = reader.ReadTests(path, text);
        return new DetectionTestFile(path, tests, [.. reader._diagnostics]);
    }

    private ImmutableArray<DetectionTest> ReadTests(string path, string text)
    {
        var root = YamlDocument.Parse(path, text, _diagnostics);
        if (root is not YamlMapping mapping)
        {
            if (root is not null)
            {
                Error(root.Position, CatalogueCodes.WrongType, "The file must be a mapping with the field 'tests'.");
            }

            return [];
        }

        var fields = new YamlFields(mapping, _diagnostics);
        var items = fields.Require("tests") ? fields.Items("tests") : [];
        if (items.Count == 0 && fields.Has("tests"))
        {
            Error(fields.PositionOf("tests"), CatalogueCodes.MissingTests, "The list of tests is empty.");
        }

        var tests = ImmutableArray.CreateBuilder<DetectionTest>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var before = _diagnostics.Count;
            if (ReadTest(item) is { } test)
            {
                if (!names.Add(test.Name))
                {
                    Error(test.Position, CatalogueCodes.DuplicateId, $"Two tests are called '{test.Name}'.");
                }
                else if (_diagnostics.Count == before)
                {
                    tests.Add(test);
                }
            }
        }

        fields.ReportUnknown();
        return tests.ToImmutable();
    }

    private DetectionTest? ReadTest(YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            Error(node.Position, CatalogueCodes.WrongType, "A test must be a mapping with name, tables and expect.");
            return null;
        }

        var fields = new YamlFields(mapping, _diagnostics);
        var name = fields.Require("name") ? fields.FilledText("name") : null;
        var now = ReadNow(fields);
        var records = fields.Require("tables", "{} for no records at all") ? ReadTables(fields, now) : [];
        // YamlFields takes a list of nothing for absent; here it says that the detection stays quiet.
        var expected = fields.Require("expect", "[] where the detection must stay quiet")
            ? fields.Items("expect").Select(item => ReadExpected(item, now)).OfType<ExpectedAlert>().ToImmutableArray()
            : [];
        fields.ReportUnknown();
        return name is null ? null : new DetectionTest(name, now, records, expected, mapping.Position);
    }

    private DateTimeOffset ReadNow(YamlFields fields)
    {
        if (fields.Text("now") is not { } text)
        {
            return DefaultNow;
        }

        if (RelativeTime.TryParseAny(text, DefaultNow, out var now))
        {
            return now;
        }

        Error(fields.PositionOf("now"), CatalogueCodes.WrongValue, $"'{text}' is not a time.", "write 2026-03-02T12:00:00Z");
        return DefaultNow;
    }

    private ImmutableArray<TestRecord> ReadTables(YamlFields fields, DateTimeOffset now)
    {
        if (fields.Node("tables") is not YamlMapping tables)
        {
            Error(fields.PositionOf("tables"), CatalogueCodes.WrongType, "Field 'tables' must be a mapping of table names to lists of records.");
            return [];
        }

        var records = ImmutableArray.CreateBuilder<TestRecord>();
        foreach (var (table, position, value) in tables.Entries)
        {
            if (value is not YamlSequence list)
            {
                Error(position, CatalogueCodes.WrongType, $"The records of {table} must be a list.");
                continue;
            }

            foreach (var item in list.Items)
            {
                if (ReadRecord(table, item, now) is { } record)
                {
                    records.Add(record);
                }
            }
        }

        return records.ToImmutable();
    }

    private TestRecord? ReadRecord(string table, YamlNode node, DateTimeOffset now)
    {
        if (node is not YamlMapping mapping)
        {
            Error(node.Position, CatalogueCodes.WrongType, $"A record of {table} must be a mapping of columns to values.");
            return null;
        }

        var values = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        Merge(mapping, values);
        var repeat = 1;
        if (Take(values, "_repeat") is { } repeated
            && !(repeated is YamlScalar count && int.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out repeat) && repeat > 0))
        {
            Error(repeated.Position, CatalogueCodes.WrongValue, "_repeat must be a whole number from 1.");
        }

        var ingested = ReadTime(Take(values, "_ingested"), "_ingested", now);
        var generated = ReadTime(values.TryGetValue("TimeGenerated", out var entry) ? entry.Value : null, "TimeGenerated", now);
        if (entry is null)
        {
            Error(mapping.Position, CatalogueCodes.MissingField, $"The record of {table} has no TimeGenerated.");
        }

        var usual = Earlier((generated ?? now) + DefaultDelay, now - BeforeNow);
        var fields = values.Values.Select(v => new TestField(v.Key, ToJson(v.Value, now), v.KeyPosition)).ToImmutableArray();
        return new TestRecord(table, fields, ingested ?? usual, repeat, ingested > usual, mapping.Position);
    }

    /// <summary>A mapping's entries and those that <c>&lt;&lt;</c> merges into it; its own go first.</summary>
    private void Merge(YamlMapping mapping, OrderedDictionary<string, YamlEntry> values)
    {
        foreach (var entry in mapping.Entries.Where(e => e.Key != "<<"))
        {
            values.TryAdd(entry.Key, entry);
        }

        foreach (var entry in mapping.Entries.Where(e => e.Key == "<<"))
        {
            foreach (var source in entry.Value is YamlSequence list ? list.Items : [entry.Value])
            {
                if (source is YamlMapping merged)
                {
                    Merge(merged, values);
                }
                else
                {
                    Error(entry.KeyPosition, CatalogueCodes.WrongType, "'<<' merges mappings.");
                }
            }
        }
    }

    private static YamlNode? Take(OrderedDictionary<string, YamlEntry> values, string name) =>
        values.Remove(name, out var entry) ? entry.Value : null;

    private DateTimeOffset? ReadTime(YamlNode? node, string name, DateTimeOffset now)
    {
        if (node is null)
        {
            return null;
        }

        if (node is YamlScalar scalar && RelativeTime.TryParseAny(RelativeTime.Expand(scalar.Value, now), now, out var time))
        {
            return time;
        }

        Error(node.Position, CatalogueCodes.WrongValue, $"{name} is not a time.", "write -10m or 2026-03-02T12:00:00Z");
        return null;
    }

    private JsonNode? ToJson(YamlNode node, DateTimeOffset now)
    {
        switch (node)
        {
            case YamlScalar { IsNull: true }:
                return null;
            case YamlScalar { Style: YamlScalarStyle.Plain } plain when TryReadValue(plain.Value, out var value):
                return value;
            case YamlScalar scalar:
                return JsonValue.Create(RelativeTime.Expand(scalar.Value, now));
            case YamlSequence sequence:
                return new JsonArray([.. sequence.Items.Select(item => ToJson(item, now))]);
            case YamlMapping mapping:
                var values = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
                Merge(mapping, values);
                return new JsonObject(values.Values.Select(v => KeyValuePair.Create(v.Key, ToJson(v.Value, now))));
            default:
                throw new System.Diagnostics.UnreachableException($"YAML node {node.GetType().Name}.");
        }
    }

    private static bool TryReadValue(string text, out JsonNode? value)
    {
        value = text switch
        {
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => JsonValue.Create(real),
            _ => null,
        };
        return value is not null;
    }

    private ExpectedAlert? ReadExpected(YamlNode node, DateTimeOffset now)
    {
        if (node is not YamlMapping mapping)
        {
            Error(node.Position, CatalogueCodes.WrongType, "An expected alert must be a mapping with identity.");
            return null;
        }

        var fields = new YamlFields(mapping, _diagnostics);
        var identity = fields.Require("identity") ? ReadLabels(fields, "identity", _detection.Identity, now) : ImmutableSortedDictionary<string, ExpectedValue>.Empty;
        var labels = ReadLabels(fields, "labels", [.. _detection.Identity, .. _detection.Labels], now);
        var severity = fields.OneOf("severity", [.. Enum.GetValues<Severity>().Select(s => (s.ToString(), s))]);
        var count = fields.WholeNumber("count");
        fields.ReportUnknown();
        return new ExpectedAlert(identity, labels, severity, count, mapping.Position);
    }

    private ImmutableSortedDictionary<string, ExpectedValue> ReadLabels(
        YamlFields fields, string name, ImmutableArray<string> known, DateTimeOffset now)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, ExpectedValue>(StringComparer.Ordinal);
        if (fields.Node(name) is not { } node)
        {
            return values.ToImmutable();
        }

        if (node is not YamlMapping mapping)
        {
            Error(node.Position, CatalogueCodes.WrongType, $"Field '{name}' must be a mapping of columns to values.");
            return values.ToImmutable();
        }

        foreach (var (column, position, value) in mapping.Entries)
        {
            if (!known.Contains(column))
            {
                Error(position, CatalogueCodes.UnknownColumn, $"'{column}' is no {(name == "identity" ? "identity column" : "label")} of {_detection.Id}.",
                    $"it has {string.Join(", ", known)}");
            }
            else if (value is not YamlScalar scalar)
            {
                Error(value.Position, CatalogueCodes.WrongType, $"The value of '{column}' must be text.");
            }
            else
            {
                var text = RelativeTime.Expand(scalar.IsNull ? "" : scalar.Value, now);
                var isTime = RelativeTime.TryParse(text, now, out var time);
                values[column] = new ExpectedValue(isTime ? RelativeTime.Format(time) : text, isTime ? time : null, scalar.Position);
            }
        }

        return values.ToImmutable();
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private void Error(SourcePosition position, string code, string message, string? hint = null) =>
        _diagnostics.Add(new CatalogueDiagnostic(position, CatalogueSeverity.Error, code, message, hint));
}
