namespace AlertFunctions.Hosting;

/// <summary>One function of the app: its name, what starts it and what it does.</summary>
internal interface IFunction
{
    /// <summary>The name of its folder and of the path that the host calls; case-sensitive.</summary>
    string Name { get; }

    TriggerBinding Trigger { get; }

    /// <summary>Does the work. An exception makes the invocation fail, and the host's retry rules for the trigger apply.</summary>
    /// <param name="invocation">What the host sent.</param>
    /// <param name="cancellationToken">Ends before the host's functionTimeout, at which it would kill the whole process.</param>
    Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken);
}
