using System.Collections.Immutable;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>What lies under <c>alertFunctions:</c>, and what a rule that lacks it gets instead.</summary>
internal sealed partial class DetectionReader
{
    private static readonly TimeSpan DefaultSettle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultLateness = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LeastResolveAfter = TimeSpan.FromMinutes(15);

    private static Signal? ReadSignal(
        YamlFields fields, ImmutableArray<EntityMapping> entities, TimeSpan? frequency, TimeSpan? period, string? description)
    {
        if (!fields.Has(Extension))
        {
            fields.Node(Extension);
            return SignalOfSentinelRule(fields, entities, period, description);
        }

        if (fields.Fields(Extension) is not { } own)
        {
            return null;
        }

        var kind = own.Require("signal", "event or condition") ? own.OneOf("signal", Signals) : null;
        var identity = ReadIdentity(own);
        var labels = ReadColumns(own, "labels");
        foreach (var both in own.TextNodes("labels").Where(l => identity.Contains(l.Value)))
        {
            own.Warn(both.Position, CatalogueCodes.WrongIdentity, $"'{both.Value}' is an identity column, and these are labels already.");
        }

        var delivery = own.OneOf("deliver", Deliveries) ?? DeliveryKind.Evaluation;
        var settle = own.Duration("settle");
        var lateness = own.Duration("lateness");
        var resolveAfter = own.Duration("resolveAfter");
        RefuseOn(own, kind, SignalKind.Condition, "settle", "a condition is evaluated over event time; say 'lateness'");
        RefuseOn(own, kind, SignalKind.Event, "lateness", "an event is found by its ingestion time; say 'settle'");
        RefuseOn(own, kind, SignalKind.Event, "resolveAfter", "an event does not resolve");
        if (kind == SignalKind.Condition && resolveAfter < frequency)
        {
            own.Error(
                own.PositionOf("resolveAfter"), CatalogueCodes.Schedule,
                $"The alert would resolve after {Durations.Format(resolveAfter.Value)}, before the next run, {Durations.Format(frequency.Value)} later, can see it again.",
                "resolveAfter must be at least queryFrequency");
        }

        var runbook = own.Require("runbook", "say why it matters, what to look at and what to do", CatalogueCodes.MissingRunbook)
            ? own.Text("runbook")?.Trim()
            : null;
        if (runbook is { Length: 0 })
        {
            own.Error(own.PositionOf("runbook"), CatalogueCodes.MissingRunbook, "The runbook is blank.");
        }

        own.ReportUnknown();
        return kind is null || runbook is null
            ? null
            : new Signal(
                kind.Value, identity, labels, delivery, settle ?? DefaultSettle, lateness ?? DefaultLateness,
                resolveAfter ?? Longer(LeastResolveAfter, 2 * (frequency ?? TimeSpan.Zero)), runbook);
    }

    /// <summary>
    /// A rule as Sentinel has it: what its entities name identifies an alert, and the interval reaches back over the whole look-back,
    /// because a rule may count or join over it.
    /// </summary>
    private static Signal? SignalOfSentinelRule(
        YamlFields fields, ImmutableArray<EntityMapping> entities, TimeSpan? period, string? description)
    {
        if (period is null || description is null)
        {
            return null;
        }

        var identity = entities.SelectMany(e => e.FieldMappings).Select(m => m.ColumnName).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var identified = identity.IsEmpty ? "by all columns but TimeGenerated, because it maps no entities" : "by the columns of its entities";
        fields.Warn(
            fields.Position, CatalogueCodes.SentinelRule,
            $"A Sentinel rule: an event signal, identified {identified}, with its description as the runbook.",
            $"say what it is under '{Extension}'");
        return new Signal(
            SignalKind.Event, identity, [], DeliveryKind.Evaluation, Longer(period.Value, DefaultSettle), DefaultLateness, LeastResolveAfter, description);
    }

    private static ImmutableArray<string> ReadIdentity(YamlFields own)
    {
        if (!own.Require("identity", "the columns of the result that make an alert the same alert"))
        {
            return [];
        }

        var identity = ReadColumns(own, "identity");
        if (own.Node("identity") is YamlSequence { Items.Count: 0 })
        {
            own.Error(own.PositionOf("identity"), CatalogueCodes.WrongIdentity, "The identity names no column.");
        }

        foreach (var time in own.TextNodes("identity").Where(c => c.Value == "TimeGenerated"))
        {
            own.Warn(
                time.Position, CatalogueCodes.WrongIdentity,
                "TimeGenerated in the identity makes every record an alert of its own.", "name what the record is about");
        }

        return identity;
    }

    private static ImmutableArray<string> ReadColumns(YamlFields own, string name)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        foreach (var column in own.TextNodes(name))
        {
            if (string.IsNullOrWhiteSpace(column.Value))
            {
                own.Error(column.Position, CatalogueCodes.WrongIdentity, $"Field '{name}' names a column without a name.");
            }
            else if (columns.Contains(column.Value))
            {
                own.Error(column.Position, CatalogueCodes.WrongIdentity, $"Field '{name}' names '{column.Value}' twice.");
            }
            else if (LabelNames.Reserved.Contains(column.Value))
            {
                own.Error(
                    column.Position, CatalogueCodes.WrongIdentity, $"'{column.Value}' is a label that every alert has.", "rename the column");
            }
            else
            {
                columns.Add(column.Value);
            }
        }

        return columns.ToImmutable();
    }

    private static void RefuseOn(YamlFields own, SignalKind? kind, SignalKind refused, string name, string hint)
    {
        if (kind == refused && own.Has(name))
        {
            own.Error(
                own.PositionOf(name), CatalogueCodes.WrongValue,
                $"Field '{name}' has no meaning for {(refused == SignalKind.Event ? "an event" : "a condition")}.", hint);
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed record Signal(
        SignalKind Kind,
        ImmutableArray<string> Identity,
        ImmutableArray<string> Labels,
        DeliveryKind Delivery,
        TimeSpan Settle,
        TimeSpan Lateness,
        TimeSpan ResolveAfter,
        string Runbook);
}
