using System.Globalization;
using System.Text;

namespace AlertFunctions.Benchmarks;

/// <summary>Records in the shape of KubePodInventory: a snapshot of 500 containers every minute, some restarting, some killed.</summary>
internal static class PodInventory
{
    private const int Containers = 500;

    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes JSON lines; the same count gives the same bytes.</summary>
    public static void Write(string path, int rows)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 20);
        for (var row = 0; row < rows; row++)
        {
            var (snapshot, container) = (row / Containers, row % Containers);
            var time = Start.AddMinutes(snapshot).AddMilliseconds(container);
            var killed = container % 50 == 7 && snapshot % 30 < 5;
            var last = killed
                ? "{\\\"lastState\\\":{\\\"terminated\\\":{\\\"reason\\\":\\\"OOMKilled\\\",\\\"finishedAt\\\":\\\"" + Iso(Start.AddMinutes(snapshot / 30 * 30)) + "\\\"}}}"
                : "{}";
            file.Write(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"TimeGenerated":"{{Iso(time)}}","Computer":"aks-pool-{{container % 12}}","ClusterId":"/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/prod","ClusterName":"prod","PodUid":"00000000-0000-0000-0000-{{container:d12}}","Name":"app-{{container / 3}}-{{container}}","Namespace":"ns{{container % 20}}","ControllerKind":"ReplicaSet","ControllerName":"app-{{container / 3}}","ContainerName":"app-{{container / 3}}/main","ContainerStatus":"running","ContainerStatusReason":"{{(killed ? "CrashLoopBackOff" : "")}}","ContainerLastStatus":"{{last}}","ContainerRestartCount":{{snapshot / 30 * (container % 50 == 7 ? 1 : 0)}},"PodRestartCount":0,"PodStatus":"Running","PodLabel":"[{\"app\":\"app-{{container / 3}}\",\"tier\":\"t{{container % 4}}\"}]","PodIp":"10.0.{{container / 250}}.{{container % 250}}","ServiceName":"svc-{{container / 3}}"}"""));
            file.Write('\n');
        }
    }

    private static string Iso(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
