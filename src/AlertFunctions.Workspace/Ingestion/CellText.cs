using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>The forms in which text of a record stands for a value; spaces around it do not count. False is "no such value".</summary>
internal static class CellText
{
    public static bool TryBool(ReadOnlySpan<byte> text, out bool value)
    {
        text = Trim(text);
        value = Ascii.EqualsIgnoreCase(text, "true"u8) || text.SequenceEqual("1"u8);
        return value || Ascii.EqualsIgnoreCase(text, "false"u8) || text.SequenceEqual("0"u8);
    }

    /// <summary>A whole number, also one written with a fraction of zero or an exponent.</summary>
    public static bool TryLong(ReadOnlySpan<byte> text, out long value)
    {
        text = Trim(text);
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
        {
            return true;
        }

        if (TryDecimal(text, out var scaled) && scaled % TenTo18 == 0)
        {
            var whole = scaled / TenTo18;
            value = unchecked((long)whole);
            return whole == value;
        }

        return false;
    }

    public static bool TryReal(ReadOnlySpan<byte> text, out double value)
    {
        text = Trim(text);
        return (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
            || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A number of at most 20 digits before the point and 18 after it, times 10^18; further digits are rounded.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out Int128 scaled)
    {
        text = Trim(text);
        scaled = 0;
        var exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (exponentAt >= 0)
        {
            if (!int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > 60)
            {
                return false;
            }

            text = text[..exponentAt];
        }

        var point = text.IndexOf((byte)'.');
        var digits = point < 0 ? text.ToArray() : [.. text[..point], .. text[(point + 1)..]];
        var places = point < 0 ? 0 : text.Length - point - 1;
        if (digits.Length is 0 or > 80
            || !BigInteger.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var shift = 18 - places + exponent;
        if (shift >= 0)
        {
            number *= BigInteger.Pow(10, shift);
        }
        else
        {
            var divisor = BigInteger.Pow(10, -shift);
            number = (number + (number.Sign * (divisor / 2))) / divisor;
        }

        if (BigInteger.Abs(number) >= BigInteger.Pow(10, 38))
        {
            return false;
        }

        scaled = (Int128)number;
        return true;
    }

    public static bool TryGuid(ReadOnlySpan<byte> text, out Guid value)
    {
        text = Trim(text);
        return (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
            || Guid.TryParse(Encoding.UTF8.GetString(text), out value);
    }

    /// <summary>A time span as <c>[-][d.]hh:mm[:ss[.fffffff]]</c>, in ticks.</summary>
    public static bool TryTimeSpan(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        text = Trim(text);
        if (text.IndexOf((byte)':') < 0
            || !TimeSpan.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        ticks = value.Ticks;
        return true;
    }

    /// <summary>
    /// A time, in ticks: ISO 8601 with any number of fraction digits, of which seven count, or another form that names a day
    /// and perhaps a time of it, as the portal exports them (month before day). Without an offset it is UTC.
    /// </summary>
    public static bool TryDateTime(ReadOnlySpan<byte> text, out long ticks)
    {
        text = Trim(text);
        return TryIsoDateTime(text, out ticks) || TryOtherDateTime(text, out ticks);
    }

    private static readonly Int128 TenTo18 = (Int128)1_000_000_000_000_000_000;

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    private static bool TryIsoDateTime(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 19
            || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[19..];
        var fraction = 0L;
        if (rest is [(byte)'.', ..])
        {
            var digits = 1;
            for (var unit = 1_000_000L; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++, unit /= 10)
            {
                fraction += (rest[digits] - '0') * unit;
            }

            rest = rest[digits..];
        }

        if (!TryOffset(rest, out var offset))
        {
            return false;
        }

        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>Nothing, Z, or ±hh:mm, ±hhmm or ±hh, in ticks.</summary>
    private static bool TryOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text is [(byte)'Z'] or [(byte)'z'])
        {
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || (text.Length == 6 && text[3] != ':')
            || !TryDigits(text[1..3], out var hours))
        {
            return false;
        }

        var minutes = 0;
        if ((text.Length > 3 && !TryDigits(text[^2..], out minutes)) || hours > 14 || minutes > 59)
        {
            return false;
        }

        ticks = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }

    private static bool TryOtherDateTime(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;

        // "12:30" alone would be taken as a time of today, and a plain number as nothing sensible.
        if (text.IndexOfAny(DateSeparators) < 0)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(text).Replace(", ", " ", StringComparison.Ordinal);
        const DateTimeStyles Styles =
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;
        if (!DateTime.TryParse(words, CultureInfo.InvariantCulture, Styles, out var value))
        {
            return false;
        }

        ticks = value.Ticks;
        return true;
    }

    private static readonly SearchValues<byte> DateSeparators = SearchValues.Create("-/ "u8);
}
