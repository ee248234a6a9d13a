namespace AlertFunctions.Cli.Simulation;

/// <summary>A node and the address of its kubelet.</summary>
internal sealed record Node(string Name, string Address)
{
    public const double CapacityBytes = 8.0 * 1024 * 1024 * 1024;
    public const double AllocatableBytes = 5.5 * 1024 * 1024 * 1024;
}

/// <summary>
/// What owns pods: <paramref name="Kind"/> is ReplicaSet, DaemonSet, StatefulSet or Job. <paramref name="LimitBytes"/> is the container's memory limit, null
/// for none; <paramref name="UsualBytes"/> is what it uses when all is well.
/// </summary>
internal sealed record Controller(string Namespace, string Name, string Kind, int Replicas, string Image, double? LimitBytes, double UsualBytes);

/// <summary>A life of a container, from its start to its end; <paramref name="End"/> and <paramref name="EndReason"/> are null while it runs.</summary>
internal sealed record ContainerLife(string ContainerId, DateTimeOffset Start, DateTimeOffset? End, string? EndReason, int ExitCode);

/// <summary>A pod of one container. <paramref name="Lives"/> are in order; the last one is the present.</summary>
internal sealed record Pod(
    Controller Controller,
    string OwnerName,
    string Name,
    string Uid,
    string Address,
    Node Node,
    DateTimeOffset Created,
    IReadOnlyList<ContainerLife> Lives,
    bool Leaks)
{
    /// <summary>The number of lives that had ended by then, which is the restart count.</summary>
    public int EndedBy(DateTimeOffset time) => Lives.Count(life => life.End <= time);

    /// <summary>The life at that time: null between two of them.</summary>
    public ContainerLife? At(DateTimeOffset time) => Lives.FirstOrDefault(life => life.Start <= time && (life.End is null || life.End > time));

    public ContainerLife? LastEndedBy(DateTimeOffset time) => Lives.LastOrDefault(life => life.End <= time);

    /// <summary>A leaking container climbs steadily from its usual use to its limit, where its life ends; the others breathe.</summary>
    public double MemoryAt(DateTimeOffset time, Random random)
    {
        var noise = 1 + (0.03 * (random.NextDouble() - 0.5));
        if (At(time) is not { } life)
        {
            return 0;
        }

        if (!Leaks || life.EndReason != "OOMKilled" || life.End is not { } end || Controller.LimitBytes is not { } limit)
        {
            var daily = 1 + (0.1 * Math.Sin(time.TimeOfDay.TotalHours / 24 * 2 * Math.PI));
            return Controller.UsualBytes * daily * noise;
        }

        // A life that began well before the leak was released climbs only in its last stretch.
        var climb = TimeSpan.FromMinutes(Math.Min(150, (end - life.Start).TotalMinutes));
        var share = Math.Clamp(1 - ((end - time) / climb), 0, 1);
        return Math.Min(limit, (Controller.UsualBytes * noise) + (share * (limit - Controller.UsualBytes)));
    }
}
