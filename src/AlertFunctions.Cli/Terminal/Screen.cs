using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace AlertFunctions.Cli.Terminal;

/// <summary>A stream of the process as a person or a pipe reads it. Values from outside cannot steer a terminal through it.</summary>
internal sealed class Screen
{
    // A pipe has no width: tables that are cut or wrapped there cannot be searched.
    private const int PipeWidth = 4096;

    /// <summary>How JSON is written to people and pipes: indented, and with letters as letters.</summary>
    public static readonly JsonWriterOptions JsonOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly SearchValues<char> Unprintable = CreateUnprintable();

    private readonly TextWriter _writer;

    public Screen(TextWriter writer, bool isTerminal)
    {
        _writer = writer;
        IsTerminal = isTerminal;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            Console.Profile.Width = PipeWidth;
        }
    }

    public bool IsTerminal { get; }

    public IAnsiConsole Console { get; }

    public void WriteLine(string text = "") => _writer.WriteLine(Printable(text));

    public void WriteTable(IEnumerable<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = IsTerminal ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(Printable(column), new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable(cell))));
        }

        Console.Write(table);
    }

    /// <summary>Writes one indented JSON document and a line end.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonOptions))
        {
            write(writer);
        }

        _writer.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>Writes a machine's format as it is; where a person sees it after all, without what would steer the terminal.</summary>
    public void Write(string text) =>
        _writer.Write(IsTerminal ? Printable(text.ReplaceLineEndings("\n")) : text);

    /// <summary>
    /// Shows control characters as text: an escape sequence in a log record must not move the cursor, hide a line or set a title,
    /// and a change of writing direction must not make one name look like another.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAny(Unprintable))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (Unprintable.Contains(character))
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                printable.Append(character);
            }
        }

        return printable.ToString();
    }

    // The control characters of Unicode's blocks C0 and C1 but for tab and line end, and the bidirectional controls.
    private static SearchValues<char> CreateUnprintable() => SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(c => char.IsControl(c) && c is not ('\t' or '\n')),
        '\u061C', '\u200E', '\u200F', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);
}
