namespace AlertFunctions.Hosting;

/// <summary>What starts a function: its bindings in function.json. Source: learn.microsoft.com/azure/azure-functions/functions-triggers-bindings.</summary>
internal abstract record TriggerBinding(string Name)
{
    /// <summary>How long a call may take. host.json's functionTimeout is 10 minutes, at which the host kills the process with every call in it.</summary>
    public virtual TimeSpan Deadline => TimeSpan.FromMinutes(9);
}

/// <summary>Six-field NCrontab in UTC, or %SETTING% for one from the app's settings.</summary>
internal sealed record TimerBinding(string Schedule) : TriggerBinding("timer");

/// <summary>A queue of the app's own storage account.</summary>
internal sealed record QueueBinding(string Queue) : TriggerBinding("message");

/// <summary>One event a call.</summary>
internal sealed record EventGridBinding() : TriggerBinding("event")
{
    /// <summary>Event Grid waits 30 seconds and then delivers the event again.</summary>
    public override TimeSpan Deadline => TimeSpan.FromSeconds(25);
}

/// <summary>An HTTP route below /api.</summary>
/// <param name="Route">As in function.json, such as <c>alerts/{fingerprint}</c>.</param>
/// <param name="AuthorizationLevel">function, or anonymous where the function itself decides who may call.</param>
/// <param name="Methods">Lower-case method names.</param>
internal sealed record HttpBinding(string Route, string AuthorizationLevel, params IReadOnlyList<string> Methods) : TriggerBinding("request")
{
    /// <summary>Azure's front end gives a caller up after 230 seconds.</summary>
    public override TimeSpan Deadline => TimeSpan.FromSeconds(100);
}
