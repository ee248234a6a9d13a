using AlertFunctions.Alerting.Detections;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AlertFunctions.Alerting.Yaml;

/// <summary>Reads one YAML document into nodes with places, over YamlDotNet's parser events: no reflection, so it works under native AOT.</summary>
public static class YamlDocument
{
    private const int MaximumDepth = 64;

    /// <summary>The root of the text's only document; null, with a diagnostic, where the text is not YAML.</summary>
    public static YamlNode? Parse(string path, string text, ICollection<CatalogueDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var reader = new Reader(path, text, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            reader.Report(exception.Start, exception.Message);
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser's own bug on some malformed texts (an unclosed bracket); the place is just after what it last understood.
            reader.Report(reader.LastPosition, "This is not YAML: a bracket or brace that was opened before this is not closed.");
            return null;
        }
    }

    private sealed class Reader(string path, string text, ICollection<CatalogueDiagnostic> diagnostics)
    {
        private readonly Parser _parser = new(new StringReader(text));
        private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

        public Mark LastPosition { get; private set; } = new(0, 1, 1);

        public YamlNode? ReadDocument()
        {
            Next<StreamStart>();
            if (Peek() is StreamEnd)
            {
                diagnostics.Add(new CatalogueDiagnostic(
                    new SourcePosition(path, 1, 1), CatalogueSeverity.Error, CatalogueCodes.Yaml, "The file is empty."));
                return null;
            }

            Next<DocumentStart>();
            var root = ReadNode(0);
            Next<DocumentEnd>();
            if (Peek() is not StreamEnd)
            {
                Report(_parser.Current!.Start, "The file holds more than one document.", "one file, one thing");
            }

            return root;
        }

        public void Report(Mark mark, string message, string? hint = null) => diagnostics.Add(
            new CatalogueDiagnostic(At(mark), CatalogueSeverity.Error, CatalogueCodes.Yaml, message, hint));

        private YamlNode ReadNode(int depth)
        {
            var next = Peek();
            if (depth > MaximumDepth)
            {
                throw new YamlException(next.Start, next.End, $"Nested deeper than {MaximumDepth} levels.");
            }

            var node = next switch
            {
                Scalar => ReadScalar(),
                SequenceStart => ReadSequence(depth),
                MappingStart => ReadMapping(depth),
                AnchorAlias => ReadAlias(),
                _ => throw new YamlException(next.Start, next.End, "A value is expected here."),
            };
            if (next is NodeEvent { Anchor: { IsEmpty: false } anchor })
            {
                _anchors[anchor.Value] = node;
            }

            return node;
        }

        private YamlScalar ReadScalar()
        {
            var scalar = Next<Scalar>();
            var style = scalar.Style switch
            {
                ScalarStyle.Literal => YamlScalarStyle.Literal,
                ScalarStyle.Folded => YamlScalarStyle.Folded,
                ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => YamlScalarStyle.Quoted,
                _ => YamlScalarStyle.Plain,
            };
            return new YamlScalar(scalar.Value, style, At(scalar.Start));
        }

        private YamlSequence ReadSequence(int depth)
        {
            var start = Next<SequenceStart>();
            var items = new List<YamlNode>();
            while (Peek() is not SequenceEnd)
            {
                items.Add(ReadNode(depth + 1));
            }

            Next<SequenceEnd>();
            return new YamlSequence(items, At(start.Start));
        }

        private YamlMapping ReadMapping(int depth)
        {
            var start = Next<MappingStart>();
            var entries = new List<YamlEntry>();
            var first = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
            while (Peek() is not MappingEnd)
            {
                var keyMark = Peek().Start;
                var key = ReadNode(depth + 1) as YamlScalar;
                var value = ReadNode(depth + 1);
                if (key is null)
                {
                    Report(keyMark, "A key must be text.", "a value that begins with { or [ needs quotes around it");
                }
                else if (first.TryGetValue(key.Value, out var earlier))
                {
                    diagnostics.Add(new CatalogueDiagnostic(
                        key.Position, CatalogueSeverity.Error, CatalogueCodes.DuplicateField,
                        $"Field '{key.Value}' is given twice.", $"first on line {earlier.Line}"));
                }
                else
                {
                    first.Add(key.Value, key.Position);
                    entries.Add(new YamlEntry(key.Value, key.Position, value));
                }
            }

            Next<MappingEnd>();
            return new YamlMapping(entries, At(start.Start));
        }

        private YamlNode ReadAlias()
        {
            var alias = Next<AnchorAlias>();
            return _anchors.TryGetValue(alias.Value.Value, out var node)
                ? node
                : throw new YamlException(alias.Start, alias.End, $"No anchor '&{alias.Value.Value}' comes before this alias.");
        }

        private ParsingEvent Peek()
        {
            if (_parser.Current is null && !_parser.MoveNext())
            {
                throw new YamlException(LastPosition, LastPosition, "The file ends too early.");
            }

            return _parser.Current!;
        }

        private T Next<T>()
            where T : ParsingEvent
        {
            var current = Peek();
            if (current is not T expected)
            {
                throw new YamlException(current.Start, current.End, "This is not expected here.");
            }

            LastPosition = current.End;
            _parser.MoveNext();
            return expected;
        }

        private SourcePosition At(Mark mark) => new(path, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
    }
}
