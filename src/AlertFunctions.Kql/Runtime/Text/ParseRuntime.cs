using System.Text;
using System.Xml;
using System.Xml.Linq;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// Text with a form of its own: file paths, versions, CSV records, XML, command lines.
/// Sources: learn.microsoft.com/kusto/query/parse-path-function and the parse_ pages beside it.
/// </summary>
internal static class ParseRuntime
{
    private static readonly XmlReaderSettings XmlSettings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private const int LongestXml = 1 << 20;

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_parse_path", ParsePath),
        RuntimeFunction.Of<string, string?>("kql_parse_version", ParseVersion),
        RuntimeFunction.Of<string, string?>("kql_parse_csv", ParseCsv),
        RuntimeFunction.Of<string, string?>("kql_parse_xml", ParseXml),
        RuntimeFunction.Of<string, string?>("kql_parse_command_line", ParseCommandLine),
    ];

    public static string? ParsePath(string path)
    {
        var scheme = "";
        var rest = path;
        if (path.IndexOf("://", StringComparison.Ordinal) is var mark and > 0)
        {
            scheme = path[..mark];
            rest = path[(mark + 3)..];
        }

        const string LongPath = @"\\?\";
        if (rest.StartsWith(LongPath, StringComparison.Ordinal))
        {
            rest = rest[LongPath.Length..];
        }

        var root = rest is [var drive, ':', ..] && char.IsAsciiLetter(drive) ? rest[..2] : "";
        var slash = rest.LastIndexOfAny(['/', '\\']);
        var directory = slash < 0 ? "" : rest[..slash];
        var file = rest[(slash + 1)..];
        var stream = "";
        if (file.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && !(slash < 0 && root.Length > 0 && colon == 1))
        {
            stream = file[(colon + 1)..];
            file = file[..colon];
        }

        var dot = file.LastIndexOf('.');
        return JsonText.Write(new JsonBag
        {
            ["Scheme"] = scheme,
            ["RootPath"] = root,
            ["DirectoryPath"] = directory,
            ["DirectoryName"] = directory[(directory.LastIndexOfAny(['/', '\\']) + 1)..],
            ["Filename"] = file,
            ["Extension"] = dot < 0 ? "" : file[(dot + 1)..],
            ["AlternateDataStreamName"] = stream,
        });
    }

    /// <summary>One to four numbers of up to eight digits as one number of 32 digits, whose order is that of the versions.</summary>
    public static string? ParseVersion(string version)
    {
        var parts = version.Split('.');
        if (parts.Length > 4)
        {
            return null;
        }

        var digits = new StringBuilder();
        for (var i = 0; i < 4; i++)
        {
            var part = i < parts.Length ? parts[i] : "0";
            if (part.Length is < 1 or > 8 || !part.All(char.IsAsciiDigit))
            {
                return null;
            }

            digits.Append(part.PadLeft(8, '0'));
        }

        return digits.ToString();
    }

    /// <summary>The fields of the first record.</summary>
    public static string? ParseCsv(string text)
    {
        var fields = new List<object?>();
        var field = new StringBuilder();
        var isQuoted = false;
        var i = 0;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c is '\n' || (c is '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
            {
                break;
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return JsonText.Write(fields);
    }

    /// <summary>
    /// Elements as bags: attributes as "@name", text beside other content as "#text", repeated elements as arrays.
    /// Text that is a number stays text, as JSON of the page's table has it for letters; null where it is no XML.
    /// </summary>
    public static string? ParseXml(string text)
    {
        if (text.Length > LongestXml)
        {
            return null;
        }

        try
        {
            if (IsTooDeep(text))
            {
                return null;
            }

            using var reader = XmlReader.Create(new StringReader(text.TrimStart()), XmlSettings);
            var root = XDocument.Load(reader).Root!;
            return JsonText.Write(new JsonBag { [NameOf(root)] = ValueOf(root) });
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // What comes of it is read as JSON, and building the tree of 100,000 elements in each other takes half a minute.
    private static bool IsTooDeep(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text.TrimStart()), XmlSettings);
        while (reader.Read())
        {
            if (reader.Depth >= JsonReader.DepthLimit)
            {
                return true;
            }
        }

        return false;
    }

    private static object? ValueOf(XElement element)
    {
        var bag = new JsonBag();
        foreach (var attribute in element.Attributes())
        {
            bag["@" + (attribute.IsNamespaceDeclaration && attribute.Name.Namespace == XNamespace.None
                ? "xmlns"
                : Qualified(element, attribute.Name))] = attribute.Value;
        }

        var text = string.Concat(element.Nodes().OfType<XText>().Select(node => node.Value)).Trim();
        if (bag.Count == 0 && !element.HasElements)
        {
            return text.Length == 0 ? null : text;
        }

        if (text.Length > 0)
        {
            bag["#text"] = text;
        }

        foreach (var child in element.Elements())
        {
            var name = NameOf(child);
            var value = ValueOf(child);
            if (!bag.TryGetValue(name, out var known))
            {
                bag[name] = value;
            }
            else if (known is List<object?> list)
            {
                list.Add(value);
            }
            else
            {
                bag[name] = new List<object?> { known, value };
            }
        }

        return bag;
    }

    private static string NameOf(XElement element) => Qualified(element, element.Name);

    private static string Qualified(XElement scope, XName name) =>
        name.Namespace != XNamespace.None && scope.GetPrefixOfNamespace(name.Namespace) is { Length: > 0 } prefix
            ? $"{prefix}:{name.LocalName}"
            : name.LocalName;

    /// <summary>
    /// The arguments as CommandLineToArgvW gives them: the program's name up to its quote or blank; then 2n backslashes before
    /// a quote are n, 2n+1 are n and a quote. Source: learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw.
    /// </summary>
    public static string? ParseCommandLine(string line)
    {
        if (line.Length == 0)
        {
            return null;
        }

        var arguments = new List<object?>();
        var i = ReadProgram(line, arguments);
        while (true)
        {
            while (i < line.Length && line[i] is ' ' or '\t')
            {
                i++;
            }

            if (i >= line.Length)
            {
                return JsonText.Write(arguments);
            }

            i = ReadArgument(line, i, arguments);
        }
    }

    private static int ReadProgram(string line, List<object?> arguments)
    {
        if (line[0] == '"')
        {
            var close = line.IndexOf('"', 1);
            arguments.Add(close < 0 ? line[1..] : line[1..close]);
            return close < 0 ? line.Length : close + 1;
        }

        var blank = line.AsSpan().IndexOfAny(' ', '\t');
        var end = blank < 0 ? line.Length : blank;
        arguments.Add(line[..end]);
        return end;
    }

    private static int ReadArgument(string line, int i, List<object?> arguments)
    {
        var argument = new StringBuilder();
        var isQuoted = false;
        while (i < line.Length && (isQuoted || line[i] is not (' ' or '\t')))
        {
            var slashes = 0;
            while (i < line.Length && line[i] == '\\')
            {
                slashes++;
                i++;
            }

            if (i >= line.Length || line[i] != '"')
            {
                argument.Append('\\', slashes);
                if (slashes == 0)
                {
                    argument.Append(line[i++]);
                }

                continue;
            }

            argument.Append('\\', slashes / 2);
            if (slashes % 2 == 1)
            {
                argument.Append('"');
            }
            else if (isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                argument.Append('"');
                i++;
            }
            else
            {
                isQuoted = !isQuoted;
            }

            i++;
        }

        arguments.Add(argument.ToString());
        return i;
    }
}
