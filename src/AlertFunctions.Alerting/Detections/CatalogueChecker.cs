using System.Collections.Immutable;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>
/// The checks of a loaded catalogue that need a compiler: what its queries name exists and has the right type, what a detection
/// names of its query's result is there, and the query is shaped for its signal.
/// </summary>
public static class CatalogueChecker
{
    private const string TimeColumn = "TimeGenerated";

    /// <summary>The faults that the compiler finds, and the loader's own, ordered by place.</summary>
    /// <remarks><paramref name="now"/> is what <c>now()</c> means while the queries are compiled.</remarks>
    public static ImmutableArray<CatalogueDiagnostic> Check(DetectionCatalogue catalogue, IQueryCompiler compiler, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(compiler);
        var lookBacks = new LookBackLint(catalogue);
        var rules = new AlertRuleLint(catalogue);
        var composer = new QueryComposer(catalogue);
        var found = catalogue.Detections.SelectMany(detection =>
        {
            var analysis = compiler.Analyse(detection.Query.Text, now);
            return FaultsOf(detection, analysis)
                .Concat(ColumnFaults(detection, analysis))
                .Concat(lookBacks.Check(detection))
                .Concat(NarrowingFaults(detection, analysis, composer))
                .Concat(RuleFaults(detection, analysis, rules))
                .Concat(ExpiredExceptions(detection, now));
        });
        return [.. DetectionLoader.Ordered(catalogue.Diagnostics.Concat(found))];
    }

    /// <summary>The tables of an event detection that no ingestion interval can be put upon, other than those that it reads whole by table('...').</summary>
    private static IEnumerable<CatalogueDiagnostic> NarrowingFaults(Detection detection, QueryAnalysis analysis, QueryComposer composer)
    {
        if (detection.Signal != SignalKind.Event || !IsOurs(detection))
        {
            return [];
        }

        var text = composer.Compose(detection.Query.Text);
        return analysis.Tables.Except(composer.TablesOf(detection.Query.Text), StringComparer.Ordinal)
            .Where(table => !text.Contains($"table('{table}')", StringComparison.Ordinal) && !text.Contains($"table(\"{table}\")", StringComparison.Ordinal))
            .Select(table => new CatalogueDiagnostic(
                detection.Query.PositionAt(1, 1), CatalogueSeverity.Warning, CatalogueCodes.NotNarrowed,
                $"The records of {table} cannot be told by when they were ingested: those that come later than the query looks back are lost.",
                $"name it by its plain name, declare nothing of that name, and have schemas/{table}.json; or read it whole by table('{table}')"));
    }

    /// <summary>What keeps a detection that is marked for it from being an Azure Monitor rule.</summary>
    private static IEnumerable<CatalogueDiagnostic> RuleFaults(Detection detection, QueryAnalysis analysis, AlertRuleLint rules)
    {
        if (detection.Delivery != DeliveryKind.AlertRule)
        {
            yield break;
        }

        foreach (var fault in rules.Check(detection))
        {
            yield return new CatalogueDiagnostic(fault.Position, CatalogueSeverity.Error, CatalogueCodes.NoAlertRule, fault.Message, fault.Hint);
        }

        for (var i = 0; i < detection.Identity.Length; i++)
        {
            // learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule: dimensions are text or numbers.
            if (analysis.Columns.FirstOrDefault(column => column.Name == detection.Identity[i]) is { Type: not ("string" or "int" or "long" or "real") } column)
            {
                yield return new CatalogueDiagnostic(
                    detection.Source.PositionOf($"alertFunctions.identity[{i}]"), CatalogueSeverity.Error, CatalogueCodes.NoAlertRule,
                    $"A rule cannot be split by '{column.Name}', which holds a {column.Type}.", "make it text with tostring()");
            }
        }
    }

    private static IEnumerable<CatalogueDiagnostic> ExpiredExceptions(Detection detection, DateTimeOffset now) => detection.Exceptions
        .Where(e => e.Expires <= now)
        .Select(e => new CatalogueDiagnostic(
            e.Position, CatalogueSeverity.Error, CatalogueCodes.ExpiredException,
            $"The exception of {e.Owner} has expired and hides nothing any more.", "remove it, or give it a new day"));

    private static IEnumerable<CatalogueDiagnostic> FaultsOf(Detection detection, QueryAnalysis analysis) => analysis.Faults.Select(fault =>
        new CatalogueDiagnostic(
            detection.Query.PositionAt(fault.Line, fault.Column), fault.Severity, fault.Code, fault.Message, fault.Hint));

    /// <summary>What the detection names of a result that does not have it. A query with errors has no result to look into.</summary>
    private static IEnumerable<CatalogueDiagnostic> ColumnFaults(Detection detection, QueryAnalysis analysis)
    {
        if (analysis.Faults.Any(f => f.Severity == CatalogueSeverity.Error))
        {
            yield break;
        }

        var names = analysis.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (column, field, severity) in ColumnsNamedBy(detection))
        {
            if (!names.Contains(column))
            {
                yield return new CatalogueDiagnostic(
                    detection.Source.PositionOf(field), severity, CatalogueCodes.UnknownColumn,
                    $"The query's result has no column '{column}', which '{field}' names.",
                    Spelling.DidYouMean(column, names) ?? $"it has {string.Join(", ", names)}");
            }
        }

        if (detection.SeverityColumn is { } name
            && analysis.Columns.FirstOrDefault(c => c.Name == name) is { Type: not "string" } typed)
        {
            yield return new CatalogueDiagnostic(
                detection.Source.PositionOf("alertDetailsOverride.alertSeverityColumnName"), CatalogueSeverity.Error,
                CatalogueCodes.WrongType, $"Column '{name}' holds a {typed.Type}; a severity is text.");
        }

        if (IsOurs(detection) && !names.Contains(TimeColumn))
        {
            yield return new CatalogueDiagnostic(
                detection.Query.PositionAt(1, 1), CatalogueSeverity.Warning, CatalogueCodes.UnknownColumn,
                $"The query's result has no column '{TimeColumn}': its alerts will say when they were found, not when it happened.");
        }
    }

    private static IEnumerable<(string Column, string Field, CatalogueSeverity Severity)> ColumnsNamedBy(Detection detection)
    {
        if (IsOurs(detection))
        {
            for (var i = 0; i < detection.Identity.Length; i++)
            {
                yield return (detection.Identity[i], $"alertFunctions.identity[{i}]", CatalogueSeverity.Error);
            }

            for (var i = 0; i < detection.Labels.Length; i++)
            {
                yield return (detection.Labels[i], $"alertFunctions.labels[{i}]", CatalogueSeverity.Error);
            }
        }

        for (var i = 0; i < detection.EntityMappings.Length; i++)
        {
            for (var j = 0; j < detection.EntityMappings[i].FieldMappings.Length; j++)
            {
                yield return (
                    detection.EntityMappings[i].FieldMappings[j].ColumnName,
                    $"entityMappings[{i}].fieldMappings[{j}].columnName", CatalogueSeverity.Error);
            }
        }

        foreach (var (detail, column) in detection.CustomDetails)
        {
            yield return (column, $"customDetails.{detail}", CatalogueSeverity.Error);
        }

        if (detection.SeverityColumn is { } severityColumn)
        {
            yield return (severityColumn, "alertDetailsOverride.alertSeverityColumnName", CatalogueSeverity.Error);
        }

        var formats = new[]
        {
            (detection.TitleFormat, "alertDetailsOverride.alertDisplayNameFormat"),
            (detection.DescriptionFormat, "alertDetailsOverride.alertDescriptionFormat"),
        };
        foreach (var (format, field) in formats)
        {
            foreach (var column in AlertText.ColumnsOf(format ?? "").Select(c => c.Column).Distinct(StringComparer.Ordinal))
            {
                yield return (column, field, CatalogueSeverity.Error);
            }
        }
    }

    internal static bool IsOurs(Detection detection) => detection.Source.Fields.ContainsKey("alertFunctions");
}
