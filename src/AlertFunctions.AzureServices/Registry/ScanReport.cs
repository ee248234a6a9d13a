using System.Globalization;
using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// Reads what a scanner attached to an image: whether it is about vulnerabilities at all, and how many severe ones it lists.
/// </summary>
internal static class ScanReport
{
    /// <summary>
    /// What the report found. Null where the document is no report of vulnerabilities: an SBOM lists what is in an image and proves no scan.
    /// </summary>
    public static ScanFindings? Read(JsonElement report)
    {
        // What cosign attests lies in an envelope, as Base64; the statement inside holds the scanner's own report.
        if (Envelope(report).Text("payload") is { } payload)
        {
            return TryDecode(payload, out var statement) && IsAboutVulnerabilities(statement.Text("predicateType"))
                ? OfStatement(statement)
                : null;
        }

        if (report.Text("predicateType") is { } predicate)
        {
            return IsAboutVulnerabilities(predicate) ? OfStatement(report) : null;
        }

        return OfSarif(report) ?? OfCycloneDx(report) ?? OfSpdx(report) ?? OfTrivy(report);
    }

    /// <summary>Whether a predicate type names vulnerabilities. Source: github.com/in-toto/attestation (vulns), github.com/sigstore/cosign (COSIGN_VULN_ATTESTATION_SPEC).</summary>
    public static bool IsAboutVulnerabilities(string? predicateType) =>
        predicateType is not null && predicateType.Contains("vuln", StringComparison.OrdinalIgnoreCase);

    private static JsonElement Envelope(JsonElement report) =>
        report.Member("dsseEnvelope") is { ValueKind: JsonValueKind.Object } bundled ? bundled : report;

    private static ScanFindings OfStatement(JsonElement statement)
    {
        var scanner = statement.Member("predicate").Member("scanner");
        var result = scanner.Member("result");
        var found = OfSarif(result) ?? OfCycloneDx(result) ?? OfTrivy(result);
        return found ?? Count(scanner.Items("result").SelectMany(v => v.Items("severity")).Select(s => Rank(s.Text("score"))));
    }

    /// <summary>Source: docs.oasis-open.org/sarif/sarif/v2.1.0; <c>security-severity</c> is a CVSS score, docs.github.com/code-security (SARIF support).</summary>
    private static ScanFindings? OfSarif(JsonElement report)
    {
        if (report.ValueKind != JsonValueKind.Object || !report.TryGetProperty("runs", out var runs) || runs.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var found = new ScanFindings(0, 0);
        foreach (var run in runs.EnumerateArray())
        {
            var rules = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var rule in run.Member("tool").Member("driver").Items("rules"))
            {
                rules[rule.Text("id") ?? ""] = rule.Member("properties").Text("security-severity");
            }

            // The same vulnerability in several files of the image is one finding.
            var ids = run.Items("results").Select(result => result.Text("ruleId") ?? "").Distinct();
            found += Count(ids.Select(id => Rank(rules.GetValueOrDefault(id))));
        }

        return found;
    }

    /// <summary>Source: cyclonedx.org/docs/1.6/json (vulnerabilities, ratings).</summary>
    private static ScanFindings? OfCycloneDx(JsonElement report) =>
        report.Text("bomFormat") == "CycloneDX" && report.TryGetProperty("vulnerabilities", out _)
            ? Count(report.Items("vulnerabilities")
                .Select(v => v.Items("ratings").Select(r => Rank(r.Text("severity"))).DefaultIfEmpty(0).Max()))
            : null;

    /// <summary>Source: spdx.github.io/spdx-spec/v2.3, external references of the category SECURITY. SPDX has no severities.</summary>
    private static ScanFindings? OfSpdx(JsonElement report) =>
        report.Text("spdxVersion") is not null
        && report.Items("packages").SelectMany(p => p.Items("externalRefs"))
            .Any(r => r.Text("referenceCategory") == "SECURITY" && r.Text("referenceType") is "advisory" or "fix" or "url" or "swid")
            ? new ScanFindings(0, 0)
            : null;

    /// <summary>Trivy's own JSON, which it also attests: <c>Results[].Vulnerabilities[].Severity</c>.</summary>
    private static ScanFindings? OfTrivy(JsonElement report) =>
        report.ValueKind == JsonValueKind.Object && report.TryGetProperty("SchemaVersion", out _) && report.TryGetProperty("ArtifactName", out _)
            ? Count(report.Items("Results").SelectMany(r => r.Items("Vulnerabilities")).Select(v => Rank(v.Text("Severity"))))
            : null;

    private static ScanFindings Count(IEnumerable<int> ranks) =>
        ranks.Aggregate(new ScanFindings(0, 0), (sum, rank) => rank switch { 2 => sum with { Critical = sum.Critical + 1 }, 1 => sum with { High = sum.High + 1 }, _ => sum });

    /// <summary>2 for critical, 1 for high, 0 for anything else; of a name or a CVSS score.</summary>
    private static int Rank(string? severity) => severity?.ToUpperInvariant() switch
    {
        "CRITICAL" => 2,
        "HIGH" => 1,
        var text when double.TryParse(text, CultureInfo.InvariantCulture, out var score) => score >= 9 ? 2 : score >= 7 ? 1 : 0,
        _ => 0,
    };

    private static bool TryDecode(string payload, out JsonElement statement)
    {
        statement = default;
        var bytes = new byte[payload.Length];
        if (!Convert.TryFromBase64String(payload, bytes, out var length))
        {
            return false;
        }

        try
        {
            statement = JsonElement.Parse(Encoding.UTF8.GetString(bytes, 0, length));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
