using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>What the holder of a link may do to its alert.</summary>
public enum LinkAction
{
    Acknowledge = 1,
    Silence = 2,
}

/// <summary>What a link grants.</summary>
/// <param name="Action">To do what.</param>
/// <param name="Fingerprint">To which alert.</param>
/// <param name="IssuedAt">Since when, in whole seconds.</param>
public sealed record AlertLink(LinkAction Action, string Fingerprint, DateTimeOffset IssuedAt)
{
    /// <summary>The end of every link: whoever has it may use it, and cards are forwarded.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public DateTimeOffset ExpiresAt => IssuedAt + Lifetime;
}

/// <summary>
/// Makes and reads the links of a card's buttons: <c>{address}/api/alert-links/{token}</c>. A token is Base64url of action (1 byte), fingerprint (16), time
/// of issue (8, seconds since 1970) and HMAC-SHA256 over them (32): it cannot be made, or made to mean another alert, without the key.
/// </summary>
public sealed class AlertLinks
{
    /// <summary>A key has at least so many characters.</summary>
    public const int LeastKeyLength = 32;

    private const int PayloadBytes = 1 + 16 + 8;
    private const int TokenBytes = PayloadBytes + HMACSHA256.HashSizeInBytes;

    private readonly Uri _address;
    private readonly byte[] _key;

    /// <param name="address">Where the app answers people: https, without a path.</param>
    /// <param name="key">A secret of the deployment. Another key revokes every link.</param>
    public AlertLinks(Uri address, string key)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length < LeastKeyLength)
        {
            throw new ArgumentException($"A key has at least {LeastKeyLength} characters.", nameof(key));
        }

        _address = address;
        _key = Encoding.UTF8.GetBytes(key);
    }

    public Uri UrlOf(AlertLink link) => new(_address, $"/api/alert-links/{TokenOf(link)}");

    /// <summary>Reads a token of an outside caller. False where it is not ours, or its time is over.</summary>
    public bool TryRead(string token, DateTimeOffset now, [NotNullWhen(true)] out AlertLink? link)
    {
        ArgumentNullException.ThrowIfNull(token);
        link = null;
        Span<byte> bytes = stackalloc byte[TokenBytes + 3];
        if (token.Length > 2 * TokenBytes || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done || length != TokenBytes)
        {
            return false;
        }

        var payload = bytes[..PayloadBytes];
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, payload), bytes[PayloadBytes..TokenBytes]))
        {
            return false;
        }

        var read = new AlertLink(
            (LinkAction)payload[0],
            Convert.ToHexStringLower(payload[1..17]),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(payload[17..])));
        if (!Enum.IsDefined(read.Action) || now >= read.ExpiresAt)
        {
            return false;
        }

        link = read;
        return true;
    }

    private string TokenOf(AlertLink link)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        bytes[0] = (byte)link.Action;
        Convert.FromHexString(link.Fingerprint).CopyTo(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], link.IssuedAt.ToUnixTimeSeconds());
        HMACSHA256.HashData(_key, bytes[..PayloadBytes], bytes[PayloadBytes..]);
        return Base64Url.EncodeToString(bytes);
    }
}
