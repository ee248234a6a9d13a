using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// Turns the records of a block into rows. A record that is no JSON object, names no table or has a value that its column cannot
/// hold is left out with its line; the others are kept.
/// </summary>
/// <param name="store">The tables as they are now; parsing does not change them.</param>
/// <param name="table">The table of every record; null where each names its own in <c>$table</c> or <c>Type</c>.</param>
/// <param name="isTable">Whether a name could be a table's, existing or not.</param>
/// <param name="now">The time, in ticks, of a record that tells none.</param>
internal sealed class BlockParser(TableStore store, string? table, Func<string, bool> isTable, long now)
{
    private readonly CellWriter _cells = new();
    private FlatRecordReader? _flat;

    public ParsedBlock Parse(RecordBlock block, CancellationToken cancellationToken)
    {
        var parsed = new ParsedBlock(block.Bytes);
        try
        {
            foreach (var (line, message) in block.Faults)
            {
                parsed.Skip(line, message);
            }

            var bytes = block.Bytes.Span;
            var valid = Utf8.IsValid(bytes);
            if (block.Records is null)
            {
                ParseLines(parsed, bytes, block.FirstLine, valid, cancellationToken);
            }
            else
            {
                for (var index = 0; index < block.Records.Count; index++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var (start, length, line) = block.Records[index];
                    ParseRecord(parsed, bytes.Slice(start, length), line, valid, block.IngestedAt?[index]);
                }
            }

            return parsed;
        }
        catch
        {
            parsed.Dispose();
            throw;
        }
    }

    private void ParseLines(
        ParsedBlock parsed, ReadOnlySpan<byte> bytes, long firstLine, bool valid, CancellationToken cancellationToken)
    {
        for (var line = firstLine; !bytes.IsEmpty; line++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = bytes.IndexOf((byte)'\n');
            var record = (end < 0 ? bytes : bytes[..end]).Trim(" \t\r"u8);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (!record.IsEmpty)
            {
                ParseRecord(parsed, record, line, valid, ingestedAt: null);
            }
        }
    }

    private void ParseRecord(ParsedBlock parsed, ReadOnlySpan<byte> record, long line, bool valid, long? ingestedAt)
    {
        if (!valid && !Utf8.IsValid(record))
        {
            parsed.Skip(line, "the record is not UTF-8");
            return;
        }

        if (record[0] != '{')
        {
            parsed.Skip(line, "the record is not a JSON object");
            return;
        }

        RowChunk? chunk = null;
        try
        {
            var name = table ?? TableOf(record);
            if (name is null || !isTable(name))
            {
                parsed.Skip(line, name is null
                    ? "the record names no table: neither the file, its folder, \"$table\" nor \"Type\" does"
                    : $"there is no table {name}; a custom table's name ends with _CL");
            }
            else if (store.Find(name) is not { } target)
            {
                parsed.MissingTables.Add(name);
            }
            else
            {
                var rows = parsed.RowsOf(target);
                chunk = rows.Current;
                _flat ??= new FlatRecordReader(_cells);
                if (!_flat.TryRead(rows, chunk, record))
                {
                    chunk.Rollback();
                    ReadFields(parsed, rows, chunk, record, line);
                }

                Complete(rows, chunk, ingestedAt);
                chunk.Commit();
            }
        }
        catch (JsonException fault)
        {
            chunk?.Rollback();
            parsed.Skip(line, $"the record is not JSON: {Shorten(fault)}");
        }
        catch (FormatException fault)
        {
            chunk?.Rollback();
            parsed.Skip(line, fault.Message);
        }
    }

    private void ReadFields(ParsedBlock parsed, TableRows rows, RowChunk chunk, ReadOnlySpan<byte> record, long line)
    {
        var reader = new Utf8JsonReader(record);
        reader.Read();
        var previous = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var position = reader.ValueIsEscaped ? FindEscaped(ref reader, rows, previous) : rows.Columns.Find(reader.ValueSpan, previous);
            if (position < 0)
            {
                var field = CellWriter.String(ref reader);
                reader.Read();
                NoteUnknown(parsed, rows.Table, field, ref reader, line);
                reader.Skip();
                continue;
            }

            previous = position;
            reader.Read();
            var column = rows.Table.Columns[position];
            var mayWiden = rows.Table.Growth == ColumnGrowth.ByValue && !TableDefinition.IsStandard(column.Name);
            var isUnlike = mayWiden && column.Type == KqlType.String && CellWriter.NaturalType(ref reader) == KqlType.Dynamic;
            if (!_cells.TryWrite(chunk, position, column.Type, ref reader, record) || isUnlike)
            {
                if (!mayWiden)
                {
                    throw new FormatException($"{column.Name} is no {ColumnTypes.Name(column.Type)}: {CellWriter.Describe(ref reader)}");
                }

                Grow(parsed, rows.Table.Name, column.Name, ColumnWidening.Combine(column.Type, CellWriter.NaturalType(ref reader)));
            }
        }

        // Anything but white space after the object is a fault of the record.
        reader.Read();
    }

    private static int FindEscaped(ref Utf8JsonReader reader, TableRows rows, int previous) =>
        rows.Columns.Find(Encoding.UTF8.GetBytes(CellWriter.String(ref reader)), previous);

    private void NoteUnknown(
        ParsedBlock parsed, StoredTable target, string field, ref Utf8JsonReader reader, long line)
    {
        if (field == "$table")
        {
            return;
        }

        var suffixType = TableDefinition.TypeBySuffix(field);
        KqlType? type = target.Growth switch
        {
            ColumnGrowth.BySuffix => suffixType,
            ColumnGrowth.ByValue => suffixType is { } told && _cells.CanHold(told, reader) ? told : CellWriter.NaturalType(ref reader),
            _ => null,
        };
        if (type is { } added)
        {
            // A null tells no type; the column comes with the first value.
            if (reader.TokenType != JsonTokenType.Null)
            {
                Grow(parsed, target.Name, field, added);
            }

            return;
        }

        var known = parsed.UnknownFields.GetValueOrDefault((target.Name, field), (line, 0));
        parsed.UnknownFields[(target.Name, field)] = known with { Item2 = known.Item2 + 1 };
    }

    private static void Grow(ParsedBlock parsed, string table, string column, KqlType type)
    {
        var key = (table, column);
        parsed.Growth[key] = parsed.Growth.TryGetValue(key, out var wanted) ? ColumnWidening.Combine(wanted, type) : type;
    }

    private void Complete(TableRows rows, RowChunk chunk, long? ingestedAt)
    {
        var columns = rows.Columns;
        var received = chunk.IsNull(columns.TimeReceived) ? (long?)null : chunk.GetLong(columns.TimeReceived);
        if (chunk.IsNull(columns.TimeGenerated))
        {
            chunk.SetLong(columns.TimeGenerated, ingestedAt ?? received ?? now);
        }

        chunk.SetIngestion(ingestedAt ?? received ?? chunk.GetLong(columns.TimeGenerated));
        if (chunk.IsEmptyText(columns.Type))
        {
            chunk.SetText(columns.Type, rows.NameUtf8);
        }
    }

    private static string? TableOf(ReadOnlySpan<byte> record)
    {
        string? type = null;
        var reader = new Utf8JsonReader(record);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTable = reader.ValueTextEquals("$table"u8);
            var isType = reader.ValueTextEquals("Type"u8);
            reader.Read();
            if (isTable && reader.TokenType == JsonTokenType.String)
            {
                return CellWriter.String(ref reader);
            }

            if (isType && reader.TokenType == JsonTokenType.String)
            {
                type = CellWriter.String(ref reader);
            }

            reader.Skip();
        }

        return type;
    }

    /// <summary>The reader's text without the line, which it counts from the start of the record.</summary>
    private static string Shorten(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : $"{fault.Message[..end].TrimEnd('.')} (byte {fault.BytePositionInLine + 1})";
    }
}
