namespace AlertFunctions.Benchmarks;

/// <summary>A question as KQL and as the SQL that a DuckDB expert would write over the table <c>pods</c> made by read_json.</summary>
internal sealed record QueryPair(string Name, string Kql, string Sql)
{
    public static IReadOnlyList<QueryPair> All { get; } =
    [
        new(
            "filter and project",
            "KubePodInventory | where Namespace == 'ns7' and ContainerStatusReason == 'CrashLoopBackOff' | project TimeGenerated, Name, ContainerRestartCount",
            "SELECT TimeGenerated, Name, ContainerRestartCount FROM pods WHERE Namespace = 'ns7' AND ContainerStatusReason = 'CrashLoopBackOff'"),
        new(
            "count by bin",
            "KubePodInventory | summarize count() by bin(TimeGenerated, 10m), Namespace",
            "SELECT time_bucket(INTERVAL 10 MINUTE, TimeGenerated), Namespace, count(*) FROM pods GROUP BY ALL"),
        new(
            "latest row (arg_max)",
            "KubePodInventory | summarize arg_max(TimeGenerated, PodStatus, ContainerRestartCount) by PodUid, ContainerName",
            """
            SELECT PodUid, ContainerName, max(TimeGenerated), arg_max(PodStatus, TimeGenerated), arg_max(ContainerRestartCount, TimeGenerated)
            FROM pods GROUP BY ALL
            """),
        new(
            "join of two aggregates",
            """
            let restarts = KubePodInventory | summarize Restarts = max(ContainerRestartCount) by ControllerName;
            KubePodInventory | summarize Pods = dcount(PodUid) by ControllerName | join kind=inner restarts on ControllerName | where Restarts > 0
            """,
            """
            SELECT a.ControllerName, Pods, Restarts FROM (SELECT ControllerName, count(DISTINCT PodUid) AS Pods FROM pods GROUP BY 1) a
            JOIN (SELECT ControllerName, max(ContainerRestartCount) AS Restarts FROM pods GROUP BY 1) b USING (ControllerName) WHERE Restarts > 0
            """),
        new(
            "grouping by parsed JSON",
            """
            KubePodInventory | where ContainerLastStatus contains_cs 'OOMKilled'
            | extend Reason = tostring(parse_json(ContainerLastStatus).lastState.terminated.reason) | summarize count() by Reason, Namespace
            """,
            """
            SELECT json_extract_string(ContainerLastStatus, '$.lastState.terminated.reason') AS Reason, Namespace, count(*) FROM pods
            WHERE contains(ContainerLastStatus, 'OOMKilled') GROUP BY ALL
            """),
    ];
}
