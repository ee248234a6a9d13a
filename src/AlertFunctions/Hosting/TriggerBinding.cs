namespace AlertFunctions.Hosting;

/// <summary>What starts a function: its bindings in function.json. Source: learn.microsoft.com/azure/azure-functions/functions-triggers-bindings.</summary>
internal abstract record TriggerBinding(string Name);

/// <summary>Six-field NCrontab in UTC, or %SETTING% for one from the app's settings.</summary>
internal sealed record TimerBinding(string Schedule) : TriggerBinding("timer");

/// <summary>A queue of the app's own storage account.</summary>
internal sealed record QueueBinding(string Queue) : TriggerBinding("message");

/// <summary>One event a call.</summary>
internal sealed record EventGridBinding() : TriggerBinding("event");

/// <summary>An HTTP route below /api.</summary>
/// <param name="Route">As in function.json, such as <c>alerts/{fingerprint}</c>.</param>
/// <param name="AuthorizationLevel">function, or anonymous where the function itself decides who may call.</param>
/// <param name="Methods">Lower-case method names.</param>
internal sealed record HttpBinding(string Route, string AuthorizationLevel, params IReadOnlyList<string> Methods) : TriggerBinding("request");
