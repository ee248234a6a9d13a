using System.Globalization;

namespace AlertFunctions.Benchmarks;

/// <summary>
/// A question as KQL and as the SQL that a DuckDB expert would write over the table <c>pods</c> made by read_json. Both give the
/// same rows; columns are compared by the names that the SQL gives them.
/// </summary>
internal sealed record QueryPair(string Name, string Kql, string Sql)
{
    public static IReadOnlyList<QueryPair> All { get; } =
    [
        new(
            "filter, project",
            """
            KubePodInventory | where Namespace == 'ns7' and ContainerStatusReason == 'CrashLoopBackOff'
            | project TimeGenerated, Name, ContainerRestartCount
            """,
            """
            SELECT TimeGenerated, Name, ContainerRestartCount FROM pods
            WHERE Namespace = 'ns7' AND ContainerStatusReason = 'CrashLoopBackOff'
            """),
        new(
            "count by bin",
            "KubePodInventory | summarize Records = count() by bin(TimeGenerated, 10m), Namespace",
            "SELECT time_bucket(INTERVAL 10 MINUTE, TimeGenerated) AS TimeGenerated, Namespace, count(*) AS Records FROM pods GROUP BY ALL"),
        new(
            "arg_max",
            "KubePodInventory | summarize arg_max(TimeGenerated, PodStatus, ContainerRestartCount) by PodUid, ContainerName",
            """
            SELECT PodUid, ContainerName, max(TimeGenerated) AS TimeGenerated, arg_max(PodStatus, TimeGenerated) AS PodStatus,
                arg_max(ContainerRestartCount, TimeGenerated) AS ContainerRestartCount
            FROM pods GROUP BY ALL
            """),
        new(
            "arg_max(*)",
            "KubePodInventory | summarize arg_max(TimeGenerated, *) by PodUid, ContainerName",
            "SELECT * FROM pods WHERE rowid IN (SELECT arg_max(rowid, TimeGenerated) FROM pods GROUP BY PodUid, ContainerName)"),
        new(
            "join",
            """
            let workloads = KubePodInventory | summarize Pods = dcount(PodUid), Restarts = max(ContainerRestartCount) by ControllerName;
            KubePodInventory | where ContainerStatusReason == 'CrashLoopBackOff'
            | join kind=inner workloads on ControllerName
            | summarize Records = count(), Pods = max(Pods), Restarts = max(Restarts) by Namespace, ControllerName
            """,
            """
            SELECT Namespace, ControllerName, count(*) AS Records, max(w.Pods) AS Pods, max(w.Restarts) AS Restarts
            FROM pods JOIN (
                SELECT ControllerName, count(DISTINCT PodUid) AS Pods, max(ContainerRestartCount) AS Restarts FROM pods GROUP BY ALL
            ) AS w USING (ControllerName)
            WHERE ContainerStatusReason = 'CrashLoopBackOff' GROUP BY ALL
            """),
        new(
            "anti-join",
            """
            let seen = KubePodInventory | where TimeGenerated < datetime({split}) | distinct PodUid;
            KubePodInventory | where TimeGenerated >= datetime({split})
            | join kind=leftanti seen on PodUid
            | summarize FirstSeen = min(TimeGenerated) by PodUid, Namespace
            """,
            """
            SELECT PodUid, Namespace, min(TimeGenerated) AS FirstSeen
            FROM pods ANTI JOIN (SELECT DISTINCT PodUid FROM pods WHERE TimeGenerated < TIMESTAMP '{split}') AS seen USING (PodUid)
            WHERE TimeGenerated >= TIMESTAMP '{split}' GROUP BY ALL
            """),
        new(
            "parse_json",
            """
            KubePodInventory | where ContainerLastStatus != '{}'
            | extend Reason = tostring(parse_json(ContainerLastStatus).lastState.terminated.reason)
            | summarize Records = count() by Reason, Namespace
            """,
            """
            SELECT json_extract_string(ContainerLastStatus, '$.lastState.terminated.reason') AS Reason, Namespace, count(*) AS Records
            FROM pods WHERE ContainerLastStatus <> '{}' GROUP BY ALL
            """),
        new(
            "has",
            "KubePodInventory | where PodLabel has 'app-42' | summarize Records = count() by Namespace, Name",
            """
            SELECT Namespace, Name, count(*) AS Records FROM pods
            WHERE contains(lower(PodLabel), 'app-42') AND regexp_matches(PodLabel, '(?i)\bapp-42\b') GROUP BY ALL
            """),
        new(
            "make-series",
            """
            KubePodInventory
            | make-series Records = count() default = 0 on TimeGenerated from datetime({start}) to datetime({end}) step 1h by Namespace
            """,
            """
            WITH bins AS (SELECT Namespace, time_bucket(INTERVAL 1 HOUR, TimeGenerated) AS Bin, count(*) AS Records FROM pods
                WHERE TimeGenerated >= TIMESTAMP '{start}' AND TimeGenerated < TIMESTAMP '{end}' GROUP BY ALL),
            axis AS (SELECT unnest(range(TIMESTAMP '{start}', TIMESTAMP '{end}', INTERVAL 1 HOUR)) AS Bin)
            SELECT Namespace, list(coalesce(Records, 0) ORDER BY Bin) AS Records, list(Bin ORDER BY Bin) AS TimeGenerated
            FROM (SELECT DISTINCT Namespace FROM bins) CROSS JOIN axis LEFT JOIN bins USING (Namespace, Bin) GROUP BY Namespace
            """),
        new(
            "mv-expand",
            """
            KubePodInventory | where Namespace == 'ns7'
            | mv-expand Label = parse_json(PodLabel)
            | summarize Records = count() by App = tostring(Label.app), Tier = tostring(Label.tier)
            """,
            """
            SELECT Label->>'$.app' AS App, Label->>'$.tier' AS Tier, count(*) AS Records
            FROM (SELECT unnest(json_extract(PodLabel, '$[*]')) AS Label FROM pods WHERE Namespace = 'ns7') GROUP BY ALL
            """),
    ];

    /// <summary>The pair over so many records: times in its texts are those of the records.</summary>
    public QueryPair For(int rows)
    {
        var end = PodInventory.End(rows);
        var split = PodInventory.Start + ((end - PodInventory.Start) / 2);
        return this with { Kql = Fill(Kql), Sql = Fill(Sql) };

        string Fill(string text) => text
            .Replace("{start}", Text(PodInventory.Start), StringComparison.Ordinal)
            .Replace("{split}", Text(split), StringComparison.Ordinal)
            .Replace("{end}", Text(end), StringComparison.Ordinal);
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
