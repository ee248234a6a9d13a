using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Reactions.Images;

/// <summary>Images and their events for tests that do not care which.</summary>
internal static class SomeImage
{
    public static ImageReference Reference(char digit = 'a', string repository = "shop/api") =>
        new("contoso.azurecr.io", repository, "sha256:" + new string(digit, 64));

    public static ImagePushed Push(char digit = 'a', string? tag = "1.4", TimeSpan after = default, string repository = "shop/api") =>
        new(Reference(digit, repository), Some.Noon + after) { Tag = tag, MediaType = "application/vnd.oci.image.manifest.v1+json" };

    public static ImageDeleted Deletion(char digit = 'a', TimeSpan after = default, string repository = "shop/api") =>
        new("contoso.azurecr.io", repository, Some.Noon + after) { Digest = Reference(digit).Digest };
}
