using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Yaml;

/// <summary>A node of a YAML document, with its place.</summary>
public abstract record YamlNode
{
    private protected YamlNode(SourcePosition position) => Position = position;

    public SourcePosition Position { get; }
}

/// <summary>A value. Whether it was quoted matters: <c>"5"</c> is text and <c>5</c> a number.</summary>
public sealed record YamlScalar(string Value, YamlScalarStyle Style, SourcePosition Position) : YamlNode(Position)
{
    /// <summary>Nothing was written: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Style == YamlScalarStyle.Plain && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>How a value is written in the file.</summary>
public enum YamlScalarStyle
{
    Plain,
    Quoted,
    Literal,
    Folded,
}

public sealed record YamlSequence(IReadOnlyList<YamlNode> Items, SourcePosition Position) : YamlNode(Position);

/// <summary>Keys and values in the order of the file; no key occurs twice.</summary>
public sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, SourcePosition Position) : YamlNode(Position);

public sealed record YamlEntry(string Key, SourcePosition KeyPosition, YamlNode Value);
