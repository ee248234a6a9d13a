using System.Globalization;
using System.Text;

namespace AlertFunctions.Benchmarks;

/// <summary>
/// Records in the shape of KubePodInventory: a snapshot of 500 containers every minute. Some containers restart and are killed;
/// one in ten is replaced by a new pod every hour.
/// </summary>
internal static class PodInventory
{
    private const int Containers = 500;

    /// <summary>The columns of the records, with the types that an expert gives them.</summary>
    public const string SqlColumns = """
        {TimeGenerated: 'TIMESTAMP', Computer: 'VARCHAR', ClusterId: 'VARCHAR', ClusterName: 'VARCHAR', PodUid: 'VARCHAR', Name: 'VARCHAR',
        Namespace: 'VARCHAR', ControllerKind: 'VARCHAR', ControllerName: 'VARCHAR', ContainerID: 'VARCHAR', ContainerName: 'VARCHAR',
        ContainerStatus: 'VARCHAR', ContainerStatusReason: 'VARCHAR', ContainerLastStatus: 'VARCHAR', ContainerRestartCount: 'INTEGER',
        ContainerStartTime: 'TIMESTAMP', PodStartTime: 'TIMESTAMP', PodRestartCount: 'INTEGER', PodStatus: 'VARCHAR', PodLabel: 'VARCHAR',
        PodIp: 'VARCHAR', ServiceName: 'VARCHAR'}
        """;

    public static DateTime Start { get; } = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The time of the last snapshot among so many records.</summary>
    public static DateTime End(int rows) => Start.AddMinutes((rows - 1) / Containers);

    /// <summary>Writes JSON lines; the same count gives the same bytes.</summary>
    public static void Write(string path, int rows)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 20);
        for (var row = 0; row < rows; row++)
        {
            file.Write(Record(row / Containers, row % Containers));
            file.Write('\n');
        }
    }

    private static string Record(int snapshot, int container)
    {
        var app = container / 3;
        var pod = container % 10 == 3 ? (snapshot / 60 * Containers) + container : container;
        var restarts = container % 50 == 7;
        var isKilled = restarts && snapshot % 30 < 5;
        var started = container % 10 == 3 ? Start.AddMinutes(snapshot / 60 * 60) : Start;
        var last = isKilled
            ? """{\"lastState\":{\"terminated\":{\"reason\":\"OOMKilled\",\"finishedAt\":\""" + "\"" + Iso(Start.AddMinutes(snapshot / 30 * 30)) + "\\\"}}}"
            : "{}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"TimeGenerated":"{{Iso(Start.AddMinutes(snapshot).AddMilliseconds(container))}}","Computer":"aks-pool-{{container % 12}}","ClusterId":"/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/prod","ClusterName":"prod","PodUid":"00000000-0000-0000-0000-{{pod:d12}}","Name":"app-{{app}}-{{pod}}","Namespace":"ns{{container % 20}}","ControllerKind":"ReplicaSet","ControllerName":"app-{{app}}","ContainerID":"{{pod * 2654435761L:x16}}","ContainerName":"app-{{app}}/main","ContainerStatus":"running","ContainerStatusReason":"{{(isKilled ? "CrashLoopBackOff" : "")}}","ContainerLastStatus":"{{last}}","ContainerRestartCount":{{(restarts ? snapshot / 30 : 0)}},"ContainerStartTime":"{{Iso(started)}}","PodStartTime":"{{Iso(started)}}","PodRestartCount":0,"PodStatus":"Running","PodLabel":"[{\"app\":\"app-{{app}}\",\"tier\":\"t{{container % 4}}\"}]","PodIp":"10.0.{{container / 250}}.{{container % 250}}","ServiceName":"svc-{{app}}"}""");
    }

    private static string Iso(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
