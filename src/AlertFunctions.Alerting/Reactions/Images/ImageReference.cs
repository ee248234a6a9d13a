using System.Text.RegularExpressions;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>An image by its content: what a tag names today it may not name tomorrow.</summary>
/// <param name="Registry">The login server in lower case, such as contoso.azurecr.io.</param>
/// <param name="Repository">The repository in it. An outside value: hostile.</param>
/// <param name="Digest"><c>sha256:</c> and 64 digits, or another algorithm's.</param>
public sealed partial record ImageReference(string Registry, string Repository, string Digest)
{
    /// <summary>The longest repository name that is believed: registries allow 255 characters.</summary>
    public const int LongestRepository = 512;

    /// <summary>Whether a text is a digest. Source: github.com/opencontainers/image-spec, descriptor.md (digests).</summary>
    public static bool IsDigest(string? text) => text is { Length: <= 200 } && DigestForm().IsMatch(text);

    /// <summary>Whether a registry could have the repository, so that it can be asked for it. Source: github.com/opencontainers/distribution-spec, spec.md (pulling manifests).</summary>
    public static bool IsRepository(string text) => text.Length <= LongestRepository && RepositoryForm().IsMatch(text);

    /// <summary>Whether a text is a tag, by the same source.</summary>
    public static bool IsTag(string text) => TagForm().IsMatch(text);

    public override string ToString() => $"{Registry}/{Repository}@{Digest}";

    [GeneratedRegex(@"^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-zA-Z=_-]{32,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestForm();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryForm();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagForm();
}
