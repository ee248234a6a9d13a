using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Routing;

/// <summary>What came of reading routes.yaml: null where it has an error.</summary>
public sealed record LoadedRoutes(Routes? Routes, ImmutableArray<CatalogueDiagnostic> Diagnostics);

/// <summary>Reads routes.yaml and reports everything that is wrong with it.</summary>
public static class RoutesLoader
{
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private static readonly (string, string)[] ReceiverTypes =
    [
        .. ((string[])[ReceiverType.Teams, ReceiverType.Webhook, ReceiverType.EventGrid, ReceiverType.TeamsActivity, ReceiverType.File]).Select(type => (type, type)),
    ];

    public static LoadedRoutes Load(string path)
    {
        var diagnostics = new List<CatalogueDiagnostic>();
        var routes = CatalogueFiles.Read(path, diagnostics) is { } text ? Read(path, text, diagnostics) : null;
        var failed = routes is null || diagnostics.Any(d => d.IsError);
        return new LoadedRoutes(failed ? null : routes, [.. DetectionLoader.Ordered(diagnostics)]);
    }

    private static Routes? Read(string path, string text, List<CatalogueDiagnostic> diagnostics)
    {
        if (YamlDocument.Parse(path, text, diagnostics) is not { } root)
        {
            return null;
        }

        if (root is not YamlMapping mapping)
        {
            diagnostics.Add(new CatalogueDiagnostic(
                root.Position, CatalogueSeverity.Error, CatalogueCodes.WrongType, "routes.yaml is a mapping of fields."));
            return null;
        }

        var fields = new YamlFields(mapping, diagnostics);
        var receivers = ReadReceivers(fields);
        var windows = ReadWindows(fields);
        var inhibitions = ReadInhibitions(fields);
        var storm = fields.Fields("storm");
        var limit = storm?.WholeNumber("alertsPerMinute");
        storm?.ReportUnknown();
        if (limit <= 0)
        {
            fields.Error(storm!.PositionOf("alertsPerMinute"), CatalogueCodes.WrongValue, "A storm begins with at least one alert.");
        }

        var names = receivers.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var route = fields.Require("route") && fields.Fields("route") is { } own
            ? ReadRoute(own, null, "root", names, windows)
            : null;
        fields.ReportUnknown();
        return route is null
            ? null
            : new Routes
            {
                Root = route,
                Receivers = receivers,
                Inhibitions = inhibitions,
                StormLimit = (int)Math.Clamp(limit ?? 50, 1, int.MaxValue),
            };
    }

    private static ImmutableArray<Receiver> ReadReceivers(YamlFields fields)
    {
        var receivers = ImmutableArray.CreateBuilder<Receiver>();
        fields.Require("receivers");
        foreach (var item in fields.ItemFields("receivers"))
        {
            var name = item.Require("name") ? item.FilledText("name") : null;
            var type = item.Require("type") ? OneOfTexts(item, "type", ReceiverTypes) : null;
            var setting = item.FilledText("setting");
            if (setting?.Contains("://", StringComparison.Ordinal) == true)
            {
                item.Error(
                    item.PositionOf("setting"), CatalogueCodes.WrongValue, "An address does not belong into this file.",
                    "name the app setting that holds it");
            }
            else if (setting is null && type is not (null or ReceiverType.File))
            {
                item.Require("setting", "the name of the app setting that holds the address");
            }

            item.ReportUnknown();
            if (name is not null && receivers.Any(r => r.Name == name))
            {
                item.Error(item.PositionOf("name"), CatalogueCodes.DuplicateId, $"The receiver '{name}' is given twice.");
            }
            else if (name is not null && type is not null)
            {
                receivers.Add(new Receiver(name, type, setting));
            }
        }

        return receivers.ToImmutable();
    }

    private static Route? ReadRoute(
        YamlFields fields, Route? parent, string place, HashSet<string> receivers, Dictionary<string, TimeWindow> windows)
    {
        var id = fields.FilledText("name") is { } name ? parent is null ? name : $"{parent.Id}/{name}" : place;
        var matchers = ReadMatchers(fields, "match");
        if (parent is null && !matchers.IsEmpty)
        {
            fields.Error(fields.PositionOf("match"), CatalogueCodes.WrongValue, "The root takes every alert and has no matchers.");
        }
        else if (parent is not null && matchers.IsEmpty)
        {
            fields.Require("match", "which alerts come here");
        }

        var receiver = ReadReceiverName(fields, parent, receivers);
        var growth = fields.FilledText("repeatGrowth");
        var factor = parent?.RepeatGrowth ?? 1;
        if (growth is not null && (!double.TryParse(growth, NumberStyles.Float, CultureInfo.InvariantCulture, out factor) || factor is < 1 or > 100))
        {
            fields.Error(fields.PositionOf("repeatGrowth"), CatalogueCodes.WrongValue, $"Field 'repeatGrowth' must be a number from 1 to 100, not '{growth}'.");
        }

        var route = new Route
        {
            Id = id,
            Receiver = receiver ?? "",
            Matchers = matchers,
            Continue = fields.Flag("continue") ?? false,
            GroupBy = fields.Has("groupBy") ? fields.Texts("groupBy") : Absent(fields, "groupBy", parent?.GroupBy ?? []),
            GroupWait = fields.Duration("groupWait") ?? parent?.GroupWait ?? TimeSpan.FromSeconds(30),
            GroupInterval = fields.Duration("groupInterval") ?? parent?.GroupInterval ?? TimeSpan.FromMinutes(5),
            RepeatInterval = fields.Duration("repeatInterval") ?? parent?.RepeatInterval,
            RepeatGrowth = factor,
            RepeatMaximum = fields.Duration("repeatMaximum") ?? parent?.RepeatMaximum ?? TimeSpan.FromDays(1),
            ActiveTimes = ReadActiveTimes(fields, windows) ?? parent?.ActiveTimes ?? [],
        };
        if (route.RepeatInterval < route.GroupInterval)
        {
            fields.Error(
                fields.PositionOf("repeatInterval"), CatalogueCodes.Schedule,
                $"The group repeats after {Durations.Format(route.RepeatInterval.Value)}, and is sent at most every {Durations.Format(route.GroupInterval)}.",
                "repeatInterval must be at least groupInterval");
        }

        var children = ReadChildren(fields, route, receivers, windows);
        fields.ReportUnknown();
        return receiver is null ? null : route with { Routes = children };
    }

    private static string? ReadReceiverName(YamlFields fields, Route? parent, HashSet<string> receivers)
    {
        if (parent is null)
        {
            fields.Require("receiver");
        }

        var receiver = fields.FilledText("receiver") ?? parent?.Receiver;
        if (fields.Has("receiver") && receiver is not null && !receivers.Contains(receiver))
        {
            fields.Error(
                fields.PositionOf("receiver"), CatalogueCodes.UnknownReceiver, $"No receiver is called '{receiver}'.",
                Spelling.DidYouMean(receiver, receivers));
        }

        return receiver;
    }

    private static ImmutableArray<Route> ReadChildren(
        YamlFields fields, Route parent, HashSet<string> receivers, Dictionary<string, TimeWindow> windows)
    {
        var children = ImmutableArray.CreateBuilder<Route>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in fields.ItemFields("routes").Index())
        {
            if (ReadRoute(item, parent, $"{parent.Id}/{index}", receivers, windows) is not { } child)
            {
                continue;
            }

            if (!seen.Add(child.Id))
            {
                item.Error(item.PositionOf("name"), CatalogueCodes.DuplicateId, $"A route beside this one is called '{child.Id}' too.");
            }

            if (children.FirstOrDefault(c => !c.Continue && !c.Matchers.IsEmpty && c.Matchers.All(m => child.Matchers.Contains(m))) is { } greedy)
            {
                item.Warn(
                    item.Position, CatalogueCodes.UnreachableRoute,
                    $"No alert comes here: '{greedy.Id}' before it takes all of them.", "move it up, or let the other one continue");
            }

            children.Add(child);
        }

        return children.ToImmutable();
    }

    private static ImmutableArray<TimeWindow>? ReadActiveTimes(YamlFields fields, Dictionary<string, TimeWindow> windows)
    {
        if (!fields.Has("activeTimes"))
        {
            fields.Node("activeTimes");
            return null;
        }

        var active = ImmutableArray.CreateBuilder<TimeWindow>();
        foreach (var name in fields.TextNodes("activeTimes"))
        {
            if (windows.TryGetValue(name.Value, out var window))
            {
                active.Add(window);
            }
            else
            {
                fields.Error(
                    name.Position, CatalogueCodes.WrongValue, $"No time window is called '{name.Value}'.",
                    Spelling.DidYouMean(name.Value, windows.Keys));
            }
        }

        return active.ToImmutable();
    }

    internal static ImmutableArray<Matcher> ReadMatchers(YamlFields fields, string name)
    {
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        foreach (var item in fields.TextNodes(name))
        {
            if (Matcher.Parse(item.Value, out var fault) is { } matcher)
            {
                matchers.Add(matcher);
            }
            else
            {
                fields.Error(item.Position, CatalogueCodes.WrongValue, fault + ".");
            }
        }

        return matchers.ToImmutable();
    }

    private static ImmutableArray<Inhibition> ReadInhibitions(YamlFields fields)
    {
        var inhibitions = ImmutableArray.CreateBuilder<Inhibition>();
        foreach (var item in fields.ItemFields("inhibitions"))
        {
            var name = item.Require("name") ? item.FilledText("name") : null;
            item.Require("source", "the alert that hides others");
            item.Require("target", "the alerts that it hides");
            item.Require("equal", "the labels that both must share, so that one node does not hide another's pods");
            var inhibition = new Inhibition(name ?? "", ReadMatchers(item, "source"), ReadMatchers(item, "target"), item.Texts("equal"));
            item.ReportUnknown();
            inhibitions.Add(inhibition);
        }

        return inhibitions.ToImmutable();
    }

    private static Dictionary<string, TimeWindow> ReadWindows(YamlFields fields)
    {
        var windows = new Dictionary<string, TimeWindow>(StringComparer.Ordinal);
        foreach (var item in fields.ItemFields("timeWindows"))
        {
            var name = item.Require("name") ? item.FilledText("name") : null;
            var zone = ReadZone(item);
            var days = ReadDays(item);
            var from = ReadTime(item, "from");
            var to = ReadTime(item, "to");
            item.ReportUnknown();
            if (name is not null && !windows.TryAdd(name, new TimeWindow(name, zone ?? TimeZoneInfo.Utc, days, from ?? default, to ?? default)))
            {
                item.Error(item.PositionOf("name"), CatalogueCodes.DuplicateId, $"The time window '{name}' is given twice.");
            }
        }

        return windows;
    }

    private static TimeZoneInfo? ReadZone(YamlFields item)
    {
        if (!item.Require("timeZone", "such as Europe/Berlin") || item.FilledText("timeZone") is not { } name)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        item.Error(item.PositionOf("timeZone"), CatalogueCodes.WrongTimeZone, $"'{name}' is not a time zone.", "such as Europe/Berlin or UTC");
        return null;
    }

    private static ImmutableArray<DayOfWeek> ReadDays(YamlFields item)
    {
        var days = new SortedSet<DayOfWeek>();
        item.Require("days", "such as [Mon-Fri]");
        foreach (var node in item.TextNodes("days"))
        {
            var ends = node.Value.Split('-').Select(d => Array.FindIndex(DayNames, n => n.Equals(d.Trim(), StringComparison.OrdinalIgnoreCase))).ToArray();
            if (ends.Length > 2 || ends.Contains(-1))
            {
                item.Error(node.Position, CatalogueCodes.WrongValue, $"'{node.Value}' is not a day or a range of days.", "Mon, or Mon-Fri");
                continue;
            }

            for (var day = ends[0]; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == ends[^1])
                {
                    break;
                }
            }
        }

        return [.. days];
    }

    private static TimeOnly? ReadTime(YamlFields item, string name)
    {
        if (!item.Require(name, "such as \"08:00\"") || item.FilledText(name) is not { } text)
        {
            return null;
        }

        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        item.Error(item.PositionOf(name), CatalogueCodes.WrongValue, $"Field '{name}' is not a time of day: '{text}'.", "such as \"08:00\"");
        return null;
    }

    private static string? OneOfTexts(YamlFields item, string name, (string Word, string Value)[] words) =>
        item.OneOf(name, [.. words.Select((w, i) => (w.Word, i))]) is { } index ? words[index].Value : null;

    private static ImmutableArray<string> Absent(YamlFields fields, string name, ImmutableArray<string> inherited)
    {
        fields.Node(name);
        return inherited;
    }
}
