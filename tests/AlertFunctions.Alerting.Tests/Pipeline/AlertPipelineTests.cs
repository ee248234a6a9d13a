using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Pipeline;

public sealed class AlertPipelineTests
{
    private static readonly Detection Event = Some.Detection("aks/event");
    private static readonly Detection Condition = Some.Detection("aks/condition", SignalKind.Condition);

    private static readonly Route Gathering = new()
    {
        Id = "root",
        Receiver = "team",
        GroupBy = ["detection"],
        GroupWait = TimeSpan.FromMinutes(1),
        GroupInterval = TimeSpan.FromMinutes(5),
        RepeatInterval = TimeSpan.FromHours(1),
        RepeatGrowth = 2,
        RepeatMaximum = TimeSpan.FromHours(3),
    };

    [Fact]
    public async Task Event_MetAgain_IsToldOnce()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("10:00", Event, EventAlert("a"));
        await scenario.FindsAsync("10:05", Event, EventAlert("a"), EventAlert("b"));
        await scenario.FindsAsync("10:10", Event, EventAlert("a"));

        Assert.Equal(["10:00 FirstNotification a", "10:05 FirstNotification b"], Told(scenario.Team));
    }

    [Fact]
    public async Task Evidence_NothingMoreWillBeSent_IsDropped()
    {
        var routes = new Routes
        {
            Root = new Route
            {
                Id = "root",
                Receiver = "team",
                Routes =
                [
                    new Route { Id = "root/a", Receiver = "team", Continue = true },
                    new Route { Id = "root/b", Receiver = "other" },
                ],
            },
        };
        using var scenario = new PipelineScenario(routes);
        scenario.Other.Answer = _ => new Retry(FailureReason.ServerError, "down");

        await scenario.FindsAsync("10:00", Event, EventAlert("a"));
        await scenario.FindsAsync("10:00", Condition, ConditionAlert("b"));
        Assert.All(scenario.Book.Entries, entry => Assert.NotNull(entry.Record.Rows));

        scenario.Other.Answer = _ => null;
        await scenario.DispatchAsync("12:00");
        var (told, fires) = (Record(scenario, EventAlert("a")), Record(scenario, ConditionAlert("b")));
        Assert.Equal((null, null), (told.Rows, told.Description));
        Assert.Equal("Something is wrong.", fires.Description);
        Assert.NotNull(fires.Rows);

        await scenario.FindsAsync("12:30", Condition);
        Assert.Equal(AlertState.Resolved, scenario.Other.Taken[^1].Group.Alerts[0].State);
        Assert.NotEmpty(scenario.Other.Taken[^1].Group.Alerts[0].Rows.Rows);
        Assert.Null(Record(scenario, ConditionAlert("b")).Rows);
        Assert.All(scenario.Book.Entries, entry => Assert.InRange(AlertPackDocument.Write(entry.Record.Detection, "", [entry.Record]).Length, 1, 400));
    }

    [Fact]
    public async Task Event_SeenAgainAfterItCouldBeMet_IsANewAlert()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("08:00", Event, EventAlert("a"));
        await scenario.FindsAsync("12:00", Event, EventAlert("a"));

        Assert.Equal(2, scenario.Team.Taken.Count);
    }

    [Fact]
    public async Task Condition_GoneForResolveAfter_ResolvesOnce()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("10:00", Condition, ConditionAlert("a"));
        await scenario.FindsAsync("10:05", Condition);
        await scenario.FindsAsync("10:10", Condition);
        await scenario.FindsAsync("10:15", Condition);
        await scenario.FindsAsync("10:20", Condition);
        await scenario.FindsAsync("10:25", Condition, ConditionAlert("a"));

        Assert.Equal(["10:00 FirstNotification a", "10:15 AlertsResolved a*", "10:25 FirstNotification a"], Told(scenario.Team));
    }

    [Fact]
    public async Task Condition_Flapping_IsHeldFiring()
    {
        using var scenario = new PipelineScenario();
        var quick = Condition with { ResolveAfter = TimeSpan.FromMinutes(5) };

        for (var minute = 0; minute < 60; minute += 5)
        {
            await scenario.FindsAsync($"10:{minute:00}", quick, minute % 10 == 0 ? [ConditionAlert("a")] : []);
        }

        // Three swings are told; from then on a gap of five minutes no longer counts as over.
        Assert.Equal(
            [
                "10:00 FirstNotification a", "10:05 AlertsResolved a*", "10:10 FirstNotification a", "10:15 AlertsResolved a*",
                "10:20 FirstNotification a",
            ],
            Told(scenario.Team));
    }

    [Fact]
    public async Task Condition_CameAndWentUntold_IsToldAsOver()
    {
        using var scenario = new PipelineScenario();
        scenario.Team.Answer = _ => new Retry(FailureReason.ServerError, "500");

        await scenario.FindsAsync("10:00", Condition, ConditionAlert("a"));
        await scenario.FindsAsync("10:15", Condition);
        scenario.Team.Answer = _ => null;
        await scenario.DispatchAsync("11:30");

        Assert.Equal(["11:30 FirstNotification a*"], Told(scenario.Team));
    }

    [Fact]
    public async Task Group_WaitsGathersAndRepeatsWithGrowth()
    {
        using var scenario = new PipelineScenario(new Routes { Root = Gathering });

        var first = await scenario.FindsAsync("10:00", Condition, ConditionAlert("a"));
        await scenario.FindsAsync("10:01", Condition, ConditionAlert("a"), ConditionAlert("b"));
        await scenario.FindsAsync("10:03", Condition, ConditionAlert("a"), ConditionAlert("b"), ConditionAlert("c"));
        for (var time = TimeSpan.FromMinutes(604); time <= TimeSpan.FromHours(21); time += TimeSpan.FromMinutes(1))
        {
            await scenario.FindsAsync(time.ToString("hh\\:mm", null), Condition, ConditionAlert("a"), ConditionAlert("b"), ConditionAlert("c"));
        }

        Assert.Equal(SuppressionReason.GroupWaiting, Assert.Single(first.Suppressed).Reason);
        Assert.Equal(
            [
                "10:01 FirstNotification a b", "10:06 NewAlertsInGroup a b c", "11:06 RepeatIntervalElapsed a b c",
                "13:06 RepeatIntervalElapsed a b c", "16:06 RepeatIntervalElapsed a b c", "19:06 RepeatIntervalElapsed a b c",
            ],
            Told(scenario.Team));
    }

    [Fact]
    public async Task Delivery_Failing_IsTriedLaterAndDelaysNobody()
    {
        var routes = new Routes
        {
            Root = Gathering with
            {
                GroupWait = TimeSpan.Zero,
                Routes = [Gathering with { Id = "root/other", Receiver = "other", Matchers = [Matcher.Parse("Name=b", out _)!], GroupWait = TimeSpan.Zero }],
            },
        };
        using var scenario = new PipelineScenario(routes);
        scenario.Team.Answer = _ => new Retry(FailureReason.RateLimited, "429", TimeSpan.FromMinutes(10));

        var report = await scenario.FindsAsync("10:00", Event, EventAlert("a"), EventAlert("b"));
        await scenario.DispatchAsync("10:05");
        scenario.Team.Answer = _ => null;
        await scenario.DispatchAsync("10:09");
        await scenario.DispatchAsync("10:10");
        await scenario.DispatchAsync("10:11");

        Assert.Contains(report.Suppressed, s => s is { Reason: SuppressionReason.DeliveryFailed } && s.Detail.Contains("429", StringComparison.Ordinal));
        Assert.Equal(["10:00 FirstNotification b"], Told(scenario.Other));
        Assert.Equal(["10:10 FirstNotification a"], Told(scenario.Team));
    }

    [Fact]
    public async Task Notifier_Throwing_StopsNoOther()
    {
        using var scenario = new PipelineScenario();
        scenario.Team.Answer = _ => throw new InvalidOperationException("https://secret.example/hook");

        var report = await scenario.FindsAsync("10:00", Event, EventAlert("a"));

        var (_, result) = Assert.Single(report.Failed);
        Assert.DoesNotContain("secret", Assert.IsType<Failed>(result).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ClosesEventsAndHoldsConditions()
    {
        using var scenario = new PipelineScenario();
        await scenario.Silences.SaveAsync(
            new Silence("s1", [Matcher.Parse("Name=~a|c", out _)!], "Ada", "maintenance", PipelineScenario.At("09:00"), PipelineScenario.At("10:30")),
            TestContext.Current.CancellationToken);

        var report = await scenario.FindsAsync("10:00", Event, EventAlert("a"), EventAlert("b"));
        await scenario.FindsAsync("10:00", Condition, ConditionAlert("c"));
        var held = scenario.Book.Entries.Single(e => e.Record.Labels["Name"] == "c").Record.Held;
        await scenario.FindsAsync("10:31", Condition, ConditionAlert("c"));

        Assert.Equal(["10:00 FirstNotification b", "10:31 FirstNotification c"], Told(scenario.Team));
        Assert.Contains("silenced by Ada until 2026-03-02 10:30Z (s1): maintenance", report.Suppressed.Select(s => s.Detail));
        Assert.Equal(SuppressionReason.Silenced, held?.Reason);
        var closed = scenario.Book.Entries.Single(e => e.Record.Labels["Name"] == "a").Record.Deliveries["root"];
        Assert.Equal(SuppressionReason.Silenced, closed.Instead);
    }

    [Fact]
    public async Task Inhibition_HidesWhatSharesTheLabels()
    {
        var routes = new Routes
        {
            Root = new Route { Id = "root", Receiver = "team", GroupBy = ["detection"] },
            Inhibitions =
            [
                new Inhibition(
                    "node explains pods", [Matcher.Parse("detection=aks/condition", out _)!], [Matcher.Parse("detection=aks/event", out _)!], ["Node"]),
            ],
        };
        using var scenario = new PipelineScenario(routes);

        await scenario.FindsAsync("10:00", Condition, Some.Alert("node", Condition.Id, Severity.High, "Node=n1"));
        var report = await scenario.FindsAsync(
            "10:01", Event, Some.Alert("a", Event.Id, Severity.Low, "Node=n1"), Some.Alert("b", Event.Id, Severity.Low, "Node=n2"));

        Assert.Equal(["10:00 FirstNotification node", "10:01 FirstNotification b"], Told(scenario.Team));
        Assert.Contains("explained by 'aks/condition node' (node explains pods)", report.Suppressed.Select(s => s.Detail));
    }

    [Fact]
    public async Task Exception_HidesWhatItShouldAndNotTheRest()
    {
        var excepted = Event with
        {
            Exceptions =
            [
                new AlertException(
                    [Matcher.Parse("Name=a", out _)!], "Ada", "load test", PipelineScenario.At("11:00"), new SourcePosition("x", 1, 1)),
            ],
        };
        using var scenario = new PipelineScenario(detections: excepted);

        var report = await scenario.FindsAsync("10:00", excepted, EventAlert("a"), EventAlert("b"));

        Assert.Equal(["10:00 FirstNotification b"], Told(scenario.Team));
        Assert.Contains("expected until 2026-03-02 11:00Z by an exception of Ada: load test", report.Suppressed.Select(s => s.Detail));
    }

    [Fact]
    public async Task ActiveTimes_HoldAlertsUntilTheyBegin()
    {
        var hours = new TimeWindow("hours", TimeZoneInfo.Utc, [.. Enum.GetValues<DayOfWeek>()], new TimeOnly(8, 0), new TimeOnly(18, 0));
        using var scenario = new PipelineScenario(new Routes { Root = new Route { Id = "root", Receiver = "team", ActiveTimes = [hours] } });

        var report = await scenario.FindsAsync("07:00", Event, EventAlert("a"));
        await scenario.DispatchAsync("07:59");
        await scenario.DispatchAsync("08:00");

        Assert.Equal("the route root sends only within hours", Assert.Single(report.Suppressed).Detail);
        Assert.Equal(["08:00 FirstNotification a"], Told(scenario.Team));
    }

    [Fact]
    public async Task Storm_BecomesOneDigestAndIsRecordedOneByOne()
    {
        var routes = new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["Name"] }, StormLimit = 20 };
        using var scenario = new PipelineScenario(routes);
        var many = Enumerable.Range(0, 60).Select(i => Some.Alert($"p{i:00}", Event.Id, Severity.Low, $"Cluster=c{i % 3}", $"Namespace=n{i}")).ToArray();

        await scenario.FindsAsync("10:00", Event, many);
        await scenario.FindsAsync("10:05", Event, many);

        var digest = Assert.Single(Assert.Single(scenario.Team.Taken).Group.Alerts);
        Assert.Equal(60, digest.Count);
        Assert.Equal("60 alerts at once, in 60 groups", digest.Title);
        Assert.Contains("By cluster: c0 20, c1 20, c2 20.", digest.Description, StringComparison.Ordinal);
        Assert.Contains("and 45 more with 45.", digest.Description, StringComparison.Ordinal);
        Assert.All(scenario.Book.Entries, e => Assert.False(e.Record.IsPendingOn("root")));
    }

    [Fact]
    public async Task Storm_ThatTwoProcessesTellOf_IsNoticedByTheSecond()
    {
        var routes = new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["Name"], GroupWait = TimeSpan.Zero }, StormLimit = 20 };
        var store = new MemoryStateStore();
        using var first = new PipelineScenario(routes, store);
        using var second = new PipelineScenario(routes, store);
        using var later = new PipelineScenario(routes, store);

        await first.FindsAsync("10:00", Event, Numbered(0));
        await second.FindsAsync("10:00:30", Event, Numbered(100));
        await later.FindsAsync("10:02", Event, Numbered(200));

        Assert.Equal(15, first.Team.Taken.Count);
        Assert.Equal("15 alerts at once, in 15 groups", Assert.Single(Assert.Single(second.Team.Taken).Group.Alerts).Title);
        Assert.Equal(15, later.Team.Taken.Count);

        static Alert[] Numbered(int from) => [.. Enumerable.Range(from, 15).Select(i => Some.Alert($"p{i}", Event.Id))];
    }

    [Fact]
    public async Task Severity_Rising_IsNews()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("10:00", Condition, Some.Alert("a", Condition.Id, Severity.Low));
        await scenario.FindsAsync("10:05", Condition, Some.Alert("a", Condition.Id, Severity.High));
        await scenario.FindsAsync("10:10", Condition, Some.Alert("a", Condition.Id, Severity.Low));

        Assert.Equal([Severity.Low, Severity.High], scenario.Team.Taken.Select(n => n.Group.Alerts[0].Severity));
    }

    [Fact]
    public async Task Restart_AtAnyTime_ForgetsNothing()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("10:00", Event, EventAlert("a"));
        await scenario.FindsAsync("10:00", Condition, ConditionAlert("c"));
        scenario.Restart();
        await scenario.FindsAsync("10:05", Event, EventAlert("a"));
        await scenario.FindsAsync("10:05", Condition, ConditionAlert("c"));
        scenario.Restart();
        await scenario.FindsAsync("10:10", Condition);
        await scenario.FindsAsync("10:15", Condition);
        await scenario.FindsAsync("10:20", Condition);

        Assert.Equal(["10:00 FirstNotification a", "10:00 FirstNotification c", "10:20 AlertsResolved c*"], Told(scenario.Team));
        Assert.Equal(["c"], scenario.Team.Taken[^1].Group.Alerts[0].Rows.Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task Restart_ConditionOffAndOn_HoldsAsIfNothingHadBeen()
    {
        using var scenario = new PipelineScenario();

        await scenario.FindsAsync("10:00", Condition, ConditionAlert("c"));
        await scenario.FindsAsync("10:05", Condition, ConditionAlert("c"));
        await scenario.FindsAsync("10:10", Condition, ConditionAlert("c"));
        scenario.Restart();
        await scenario.FindsAsync("10:15", Condition);
        scenario.Restart();
        await scenario.FindsAsync("10:20", Condition);
        Assert.Equal(["10:00 FirstNotification c"], Told(scenario.Team));

        await scenario.FindsAsync("10:25", Condition);
        Assert.Equal(["10:00 FirstNotification c", "10:25 AlertsResolved c*"], Told(scenario.Team));
    }

    [Fact]
    public async Task Restart_EventOfShortMemorySeenForLong_IsNotToldAgain()
    {
        using var scenario = new PipelineScenario();
        var brief = Event with
        {
            QueryFrequency = TimeSpan.FromMinutes(1),
            QueryPeriod = TimeSpan.FromMinutes(2),
            Settle = TimeSpan.FromMinutes(2),
        };

        foreach (var time in new[] { "10:00", "10:01", "10:02", "10:03", "10:04" })
        {
            await scenario.FindsAsync(time, brief, EventAlert("a"));
        }

        scenario.Restart();
        await scenario.FindsAsync("10:06", brief, EventAlert("a"));

        Assert.Equal(["10:00 FirstNotification a"], Told(scenario.Team));
    }

    [Fact]
    public async Task Acknowledged_StillFiring_IsNotRepeatedAndItsEndIsTold()
    {
        var store = new MemoryStateStore();
        using var scenario = new PipelineScenario(new Routes { Root = Gathering with { GroupWait = TimeSpan.Zero } }, store);
        var desk = new AlertDesk(store);
        await scenario.FindsAsync("10:00", Condition, ConditionAlert("a"));
        var alert = (await desk.FindAsync(ConditionAlert("a").Fingerprint, CancellationToken.None))!;

        Assert.True(await desk.AcknowledgeAsync(alert, "Ada", PipelineScenario.At("10:10"), CancellationToken.None));
        Assert.False(await desk.AcknowledgeAsync(alert, "Bob", PipelineScenario.At("10:11"), CancellationToken.None));
        scenario.Restart();
        var late = await scenario.FindsAsync("12:00", Condition, ConditionAlert("a"));
        await scenario.FindsAsync("12:05", Condition, ConditionAlert("a") with { Severity = Severity.High });
        await scenario.FindsAsync("13:30", Condition, ConditionAlert("a") with { Severity = Severity.High });
        await scenario.FindsAsync("14:00", Condition);

        // What became worse must be acknowledged anew.
        Assert.Equal(["10:00 FirstNotification a", "12:05 FirstNotification a", "13:30 RepeatIntervalElapsed a", "14:00 AlertsResolved a*"], Told(scenario.Team));
        var kept = Assert.Single(late.Suppressed);
        Assert.Equal((SuppressionReason.Acknowledged, true), (kept.Reason, kept.Detail.Contains("Ada", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\"quoted\"")]
    [InlineData(" a=b \n")]
    public async Task Silenced_ByItsLink_HidesThisAlertAlone(string name)
    {
        var store = new MemoryStateStore();
        using var scenario = new PipelineScenario(new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["Name"] } }, store);
        var desk = new AlertDesk(store);
        await scenario.FindsAsync("10:00", Condition, ConditionAlert(name));
        var alert = (await desk.FindAsync(ConditionAlert(name).Fingerprint, CancellationToken.None))!;

        Assert.True(await desk.SilenceAsync(alert, "Ada", PipelineScenario.At("10:10"), TimeSpan.FromHours(1), CancellationToken.None));
        await scenario.FindsAsync("10:20", Condition, ConditionAlert("other"));
        await scenario.FindsAsync("10:40", Condition, ConditionAlert("other"));

        Assert.Equal([name, "other"], scenario.Team.Taken.Select(n => n.Group.Alerts[0].Labels["Name"]));
    }

    private static AlertRecord Record(PipelineScenario scenario, Alert alert) =>
        scenario.Book.Entries.Single(entry => entry.Record.Fingerprint == alert.Fingerprint).Record;

    private static Alert EventAlert(string name) => Some.Alert(name, Event.Id);

    private static Alert ConditionAlert(string name) => Some.Alert(name, Condition.Id);

    /// <summary>Each notification as its time, its reason and its alerts' names; a star marks one that is over.</summary>
    private static ImmutableArray<string> Told(CollectingNotifier notifier) =>
    [
        .. notifier.Taken.Select(n => $"{n.Now:HH:mm} {n.Reason} "
            + string.Join(' ', n.Group.Alerts.Select(a => a.Labels["Name"] + (a.State == AlertState.Resolved ? "*" : "")).Order(StringComparer.Ordinal))),
    ];
}
