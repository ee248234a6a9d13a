using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Finds a detection's query: in the .kql file beside the .yaml, or in the .yaml's own <c>query:</c>.</summary>
internal sealed class QuerySource(string path, IReadOnlySet<string> present, List<CatalogueDiagnostic> diagnostics)
{
    public DetectionQuery? Read(YamlFields fields, string yaml)
    {
        var beside = path[..^".yaml".Length] + ".kql";
        var inline = fields.Node("query") as YamlScalar;
        var text = fields.Text("query");
        if (present.Contains(beside))
        {
            if (fields.Has("query"))
            {
                fields.Error(
                    fields.PositionOf("query"), CatalogueCodes.MissingQuery,
                    $"The query is here and in {Path.GetFileName(beside)}.", "keep one of them");
            }

            return FromFile(beside);
        }

        if (inline is null || text is null)
        {
            if (!fields.Has("query"))
            {
                fields.Error(
                    fields.Position, CatalogueCodes.MissingQuery,
                    $"The detection has no query: {Path.GetFileName(beside)} is not beside it, and there is no field 'query'.");
            }

            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            fields.Error(inline.Position, CatalogueCodes.MissingQuery, "The query is blank.");
            return null;
        }

        return FromBlock(inline, yaml);
    }

    private DetectionQuery? FromFile(string file)
    {
        if (CatalogueFiles.Read(file, diagnostics) is not { } text)
        {
            return null;
        }

        var start = new SourcePosition(file, 1, 1);
        if (string.IsNullOrWhiteSpace(text))
        {
            diagnostics.Add(new CatalogueDiagnostic(start, CatalogueSeverity.Error, CatalogueCodes.MissingQuery, "The query is blank."));
            return null;
        }

        return new DetectionQuery(text, start, 0);
    }

    private static DetectionQuery FromBlock(YamlScalar scalar, string yaml)
    {
        if (scalar.Style == YamlScalarStyle.Plain && !scalar.Value.Contains('\n', StringComparison.Ordinal))
        {
            return new DetectionQuery(scalar.Value, scalar.Position, 0);
        }

        if (scalar.Style != YamlScalarStyle.Literal)
        {
            return new DetectionQuery(scalar.Value, scalar.Position, null);
        }

        // The block's text begins on the line after its '|', and each of its lines is one of the file's, less the indentation.
        var lines = yaml.Split('\n');
        var first = scalar.Value.Split('\n').Index().First(line => !string.IsNullOrWhiteSpace(line.Item));
        var onFile = lines[scalar.Position.Line + first.Index];
        var indent = Blanks(onFile) - Blanks(first.Item);
        return new DetectionQuery(scalar.Value, scalar.Position with { Line = scalar.Position.Line + 1, Column = indent + 1 }, indent);
    }

    private static int Blanks(string line) => line.Length - line.TrimStart(' ').Length;
}
