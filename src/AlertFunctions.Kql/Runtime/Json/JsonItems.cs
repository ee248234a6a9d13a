using System.Text;

namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// What mv-expand makes rows of: an array's items, a bag's properties as bags of one (or arrays of name and value), any other value
/// itself, null as well. An empty array or bag makes none.
/// Source: learn.microsoft.com/kusto/query/mv-expand-operator.
/// </summary>
/// <param name="list">What takes them; null where nothing does.</param>
/// <param name="asArrays">Whether properties are arrays.</param>
internal readonly struct JsonItems(ITextList? list, bool asArrays)
{
    /// <summary>The items of what parse_json gives for a text; a dynamic is the same as its text.</summary>
    public void Split(ReadOnlySpan<byte> utf8)
    {
        if (CanonicalJson.TrySplit(utf8, this))
        {
            return;
        }

        list?.Clear();
        var text = Encoding.UTF8.GetString(utf8);
        switch (string.IsNullOrWhiteSpace(text) ? null : JsonReader.Read(text))
        {
            case List<object?> items:
                foreach (var item in items)
                {
                    Add(item);
                }

                break;
            case JsonBag bag:
                foreach (var (name, value) in bag)
                {
                    Add(asArrays ? new List<object?> { name, value } : new JsonBag { [name] = value });
                }

                break;
            case var value:
                Add(value);
                break;
        }
    }

    /// <summary>Adds an item by its JSON.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        if (json.SequenceEqual("null"u8))
        {
            AddNull();
        }
        else if (list is not null)
        {
            json.CopyTo(list.Add(json.Length));
        }
    }

    /// <summary>Adds a bag's property by the JSON of its name and of its value.</summary>
    public void AddProperty(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (list is not null)
        {
            var item = list.Add(name.Length + value.Length + 3);
            item[0] = (byte)(asArrays ? '[' : '{');
            name.CopyTo(item[1..]);
            item[name.Length + 1] = (byte)(asArrays ? ',' : ':');
            value.CopyTo(item[(name.Length + 2)..]);
            item[^1] = (byte)(asArrays ? ']' : '}');
        }
    }

    public void AddNull() => list?.AddNull();

    private void Add(object? value) => Add(Encoding.UTF8.GetBytes(JsonText.Write(value) ?? "null"));
}
