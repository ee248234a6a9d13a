namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>The operator scan. Source of queries and rows where nothing else is said: learn.microsoft.com/kusto/query/scan-operator.</summary>
public sealed class ScanTests
{
    private const string Events =
        """
        let Events = datatable (Ts: timespan, Event: string) [
            0m, "A", 1m, "Start", 2m, "B", 3m, "D", 4m, "Stop", 6m, "C", 8m, "Start", 11m, "E", 12m, "Stop"
        ];

        """;

    private const string Sessions =
        """
        let Events = datatable (Ts: timespan, Event: string) [
            0m, "A", 1m, "A", 2m, "B", 3m, "D", 32m, "B", 36m, "C", 38m, "D", 41m, "E", 75m, "A"
        ];
        Events
        | sort by Ts asc
        | scan with_match_id=session_id declare (sessionStart: timespan) with (
            step inSession: true => sessionStart = iff(isnull(inSession.sessionStart), Ts, inSession.sessionStart);
            step endSession output=none: Ts - inSession.sessionStart > 30m;
        )
        """;

    private const string Logins =
        """
        let LogsEvents = datatable(Timestamp:datetime, userID:int, EventType:string) [
            datetime(2024-05-28 08:15:23), 1, "login", datetime(2024-05-28 08:30:15), 2, "login", datetime(2024-05-28 09:10:27), 3, "login",
            datetime(2024-05-28 12:30:45), 1, "logout", datetime(2024-05-28 11:45:32), 2, "logout", datetime(2024-05-28 13:25:19), 3, "logout"
        ];
        LogsEvents
        | sort by userID, Timestamp
        | partition hint.strategy=native by userID (
            sort by Timestamp asc
            | scan declare (start: datetime, end: datetime, sessionDuration: timespan) with (
                step s1 output=none: EventType == "login" => start = Timestamp;
                step s2 output=all: EventType == "logout" => start = s1.start, end = Timestamp, sessionDuration = Timestamp - s1.start;
            )
        )
        | project start, end, userID, sessionDuration
        | sort by userID asc
        """;

    public static TheoryData<string, string[]> Queries { get; } = new()
    {
        { "range x from 1 to 5 step 1 | scan declare (c:long=0) with (step s1: true => c = x + s1.c;)", ["1 | 1", "2 | 3", "3 | 6", "4 | 10", "5 | 15"] },
        {
            "range x from 1 to 5 step 1 | extend y = 2 * x | scan declare (a:long=0, b:long=0) with "
            + "(step s1: true => a = iff(s1.a >= 10, x, x + s1.a), b = iff(s1.b >= 10, y, y + s1.b);)",
            ["1 | 2 | 1 | 2", "2 | 4 | 3 | 6", "3 | 6 | 6 | 12", "4 | 8 | 10 | 8", "5 | 10 | 5 | 18"]
        },
        {
            Sessions,
            [
                "00:00:00 | A | 00:00:00 | 0", "00:01:00 | A | 00:00:00 | 0", "00:02:00 | B | 00:00:00 | 0", "00:03:00 | D | 00:00:00 | 0",
                "00:32:00 | B | 00:32:00 | 1", "00:36:00 | C | 00:32:00 | 1", "00:38:00 | D | 00:32:00 | 1", "00:41:00 | E | 00:32:00 | 1",
                "01:15:00 | A | 01:15:00 | 2",
            ]
        },
        {
            Logins,
            [
                "2024-05-28T08:15:23.0000000Z | 2024-05-28T12:30:45.0000000Z | 1 | 04:15:22",
                "2024-05-28T08:30:15.0000000Z | 2024-05-28T11:45:32.0000000Z | 2 | 03:15:17",
                "2024-05-28T09:10:27.0000000Z | 2024-05-28T13:25:19.0000000Z | 3 | 04:14:52",
            ]
        },
        {
            Events + "Events | sort by Ts asc | scan with_match_id=m_id with (step s1: Event == 'Start'; "
            + "step s2: Event != 'Start' and Event != 'Stop' and Ts - s1.Ts <= 5m; step s3: Event == 'Stop' and Ts - s1.Ts <= 5m;)",
            [
                "00:01:00 | Start | 0", "00:02:00 | B | 0", "00:03:00 | D | 0", "00:04:00 | Stop | 0", "00:08:00 | Start | 1", "00:11:00 | E | 1",
                "00:12:00 | Stop | 1",
            ]
        },

        // By hand: a row may match several steps, the last one first; what a step does not assign has its default.
        {
            "range x from 1 to 3 step 1 | scan with_match_id=m declare (s:string, n:long=-1) with (step a: true => n = x; step b: x > a.x => s = strcat('b', a.n);)",
            ["1 |  | 1 | 0", "2 | b1 | -1 | 0", "2 |  | 2 | 1", "3 | b2 | -1 | 1", "3 |  | 3 | 2"]
        },
        { "range x from 3 to 1 step -1 | scan declare (c:long=0) with (step s: true => c = 10 * s.c + x;)", ["3 | 3", "2 | 32", "1 | 321"] },
        { "range x from 1 to 3 step 1 | scan with (step s output=none: true;)", [] },
        { "range x from 1 to 3 step 1 | where x > 5 | scan with (step s: true;)", [] },

        // By hand: matching again keeps an active sequence's id and remembers the later record; rows that match nothing are left out.
        {
            "datatable(t:long, e:string)[1, 'a', 2, 'a', 3, 'x', 4, 'b', 5, 'b'] | sort by t asc | scan with_match_id=m declare (from:long) with "
            + "(step a: e == 'a' => from = t; step b: e == 'b' => from = a.t;)",
            ["1 | a | 1 | 0", "2 | a | 2 | 0", "4 | b | 2 | 0", "5 | b | 2 | 0"]
        },

        // By hand: ids and states are each group's own; the order within it stays for what follows.
        {
            "datatable(k:string, t:long)['x', 1, 'y', 2, 'x', 3, 'y', 4] | partition by k (sort by t desc | scan with_match_id=m declare (n:long=0) with "
            + "(step s: true => n = s.n + t;) | extend r = row_number()) | sort by k asc, r asc",
            ["x | 3 | 3 | 0 | 1", "x | 1 | 4 | 0 | 2", "y | 4 | 4 | 0 | 1", "y | 2 | 6 | 0 | 2"]
        },
        { "let L = datatable(v:long)[2, 3]; range x from 1 to 4 step 1 | scan with (step s: x in (L) and x < toscalar(L | summarize max(v));) | extend p = prev(x)", ["2 | "] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Query_Scan_GivesRowsInTheirOrder(string query, string[] expected)
    {
        using var workspace = new WorkspaceQuery();

        var rows = await workspace.TextAsync(query, TestContext.Current.CancellationToken);

        Assert.Equal(string.Join('\n', expected), rows);
    }

    [Theory]
    [InlineData("T | scan with (step s: true;)", "KQL120")]
    [InlineData("T | sort by x asc | scan with (step s output=last: true;)", "KQL200")]
    [InlineData("T | sort by x asc | scan with (step s optional: true;)", "KQL200")]
    [InlineData("T | scan order by x asc with (step s: true;)", "KQL200")]
    [InlineData("T | sort by x asc | scan with (step x: true;)", "KQL200")]
    [InlineData("T | sort by x asc | scan with (step a: b.x == 1; step b: true;)", "KQL200")]
    [InlineData("T | sort by x asc | scan with (step a: a.y == 1;)", "KQL101")]
    [InlineData("T | sort by x asc | scan with (step a: true; step a: true;)", "KQL121")]
    [InlineData("T | sort by x asc | scan with (step a: true => x = 1;)", "KQL123")]
    [InlineData("T | sort by x asc | scan with (step a: x;)", "KQL113")]
    [InlineData("T | sort by x asc | scan with (step a: row_number() == 1;)", "KQL120")]
    [InlineData("T | sort by x asc | scan declare (x:long) with (step a: true;)", "KQL121")]
    [InlineData("T | sort by x asc | scan declare (n:long = 'a') with (step a: true;)", "KQL109")]
    [InlineData("T | sort by x asc | scan with_match_id=x with (step a: true;)", "KQL121")]
    public void Compile_ScanThatCannotBeAnswered_IsAFault(string query, string code)
    {
        const string Rows = "let T = datatable(x:long)[1, 2]; ";
        using var workspace = Workspace.EmbeddedWorkspace.Open(new Workspace.WorkspaceOptions());

        var compiled = workspace.Compile(Rows + query, new CompileOptions { Now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) });

        Assert.Equal(code, Assert.Single(compiled.Diagnostics).Code);
    }
}
