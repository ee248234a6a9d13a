using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Makes partition and row keys of any text: safe in every store, different for different parts, and ordered as the text where it is plain
/// (letters, digits, . _ - :). Parts are joined by <c>|</c>; any other character becomes <c>~</c> and four hexadecimal digits.
/// </summary>
public static class StateKey
{
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:";
    private const int LongestPlainPart = 300;

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(Plain);

    /// <summary>The characters of finished keys; ordinal order is the same in every store.</summary>
    internal static SearchValues<char> Allowed { get; } = SearchValues.Create(Plain + "~|");

    public static string Of(params ReadOnlySpan<string> parts)
    {
        var key = new StringBuilder();
        foreach (var part in parts)
        {
            Append(key.Append(key.Length > 0 ? "|" : ""), part);
        }

        if (key.Length <= StateLimits.MaxKeyLength)
        {
            return key.ToString();
        }

        // The hash keeps long keys apart; what is left of the text keeps them readable. No encoded text has ~~ in it.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())));
        return $"{key.ToString(0, LongestPlainPart)}~~{hash}";
    }

    /// <summary>A time as part of a key: ordered by time, all years.</summary>
    public static string Of(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The first key behind all keys that start with <paramref name="prefix"/>, for range reads.</summary>
    public static string After(string prefix) => prefix + "~~~";

    private static void Append(StringBuilder key, string part)
    {
        foreach (var character in part)
        {
            if (PlainCharacters.Contains(character))
            {
                key.Append(character);
            }
            else
            {
                key.Append('~').Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
        }
    }
}
