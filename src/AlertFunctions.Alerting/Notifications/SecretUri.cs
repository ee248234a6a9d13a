using System.Diagnostics;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>An address that is itself a credential, as a Workflows webhook's is: it prints as ***.</summary>
[DebuggerDisplay("***")]
public sealed class SecretUri
{
    private readonly Uri _value;

    private SecretUri(Uri value) => _value = value;

    /// <summary>False where the text is not an absolute address. The text appears in no message.</summary>
    public static bool TryCreate(string? text, out SecretUri? uri)
    {
        uri = Uri.TryCreate(text, UriKind.Absolute, out var value) ? new SecretUri(value) : null;
        return uri is not null;
    }

    public override string ToString() => "***";

    /// <summary>The address itself, for the one who sends.</summary>
    internal Uri Reveal() => _value;
}
