using System.Net;

namespace AlertFunctions.Workspace.Http;

/// <summary>Where a workspace's HTTP API listens and how strict it is.</summary>
public sealed record WorkspaceServerOptions
{
    /// <value>The address to listen on; loopback, because the API asks for no credentials.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <value>The port; 0 takes a free one.</value>
    public int Port { get; init; }

    /// <value>Whether callers are throttled as the service throttles them: 200 requests in 30 s, five queries at a time.</value>
    public bool EnforceLimits { get; init; }

    /// <value>Rows after which a result is cut and the answer carries a PartialError.</value>
    public int MaxRows { get; init; } = 500_000;

    /// <value>Bytes of rows after which a result is cut and the answer carries a PartialError.</value>
    public long MaxBytes { get; init; } = 64_000_000;

    /// <value>Tables on the Basic plan, which only the search endpoint reads.</value>
    public IReadOnlySet<string> BasicTables { get; init; } = new HashSet<string>();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
