namespace AlertFunctions.Cli.Terminal;

/// <summary>How a command ends.</summary>
internal static class ExitCode
{
    /// <summary>Nothing is wrong.</summary>
    public const int Clean = 0;

    /// <summary>Something was found or failed: a fault, a failing test, a refused query, a file that cannot be read.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl+C, as shells count it: 128 and SIGINT.</summary>
    public const int Cancelled = 130;
}
