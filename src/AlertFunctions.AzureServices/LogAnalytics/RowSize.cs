using System.Runtime.InteropServices;
using System.Text.Json;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>About how much memory a decoded row takes, in bytes: what a limit on kept rows counts, since a row of small numbers takes many times its JSON.</summary>
internal static class RowSize
{
    private const int Header = 24;
    private const int Reference = 8;
    private const int Boxed = 32;

    // The document behind an element, with an entry of 12 bytes for each of its values, of which JSON of logs has one in about six bytes.
    private const int Document = 200;
    private const int EntriesPerByte = 2;

    public static long Of(IReadOnlyList<object?> row)
    {
        var size = (long)Header + (Reference * row.Count);
        foreach (var cell in row)
        {
            size += cell switch
            {
                null => 0,
                string text => Header + (sizeof(char) * text.Length),
                JsonElement json => Document + ((1 + EntriesPerByte) * JsonMarshal.GetRawUtf8Value(json).Length),
                _ => Boxed,
            };
        }

        return size;
    }
}
