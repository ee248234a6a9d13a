using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>Reads <c>name.exceptions.yaml</c> beside a detection.</summary>
internal static class ExceptionsReader
{
    public static ImmutableArray<AlertException> Read(string path, List<CatalogueDiagnostic> diagnostics)
    {
        if (CatalogueFiles.Read(path, diagnostics) is not { } text || YamlDocument.Parse(path, text, diagnostics) is not { } root)
        {
            return [];
        }

        if (root is not YamlMapping mapping)
        {
            diagnostics.Add(new CatalogueDiagnostic(
                root.Position, CatalogueSeverity.Error, CatalogueCodes.WrongType, "A file of exceptions has the field 'exceptions'."));
            return [];
        }

        var fields = new YamlFields(mapping, diagnostics);
        fields.Require("exceptions");
        var exceptions = ImmutableArray.CreateBuilder<AlertException>();
        foreach (var item in fields.ItemFields("exceptions"))
        {
            item.Require("match", "which alerts are expected");
            var matchers = RoutesLoader.ReadMatchers(item, "match");
            var owner = item.Require("owner", "who answers for it") ? item.FilledText("owner") : null;
            var reason = item.Require("reason", "why the alert is expected") ? item.FilledText("reason") : null;
            var expires = item.Require("expires", "a day, such as 2026-12-31") ? Day(item, "expires") : null;
            item.ReportUnknown();
            if (!matchers.IsEmpty && owner is not null && reason is not null && expires is { } day)
            {
                exceptions.Add(new AlertException(matchers, owner, reason, day, item.PositionOf("expires")));
            }
        }

        fields.ReportUnknown();
        return exceptions.ToImmutable();
    }

    private static DateTimeOffset? Day(YamlFields item, string name)
    {
        if (item.FilledText(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
        {
            return day;
        }

        item.Error(item.PositionOf(name), CatalogueCodes.WrongValue, $"Field '{name}' is not a day: '{text}'.", "write 2026-12-31");
        return null;
    }
}
