namespace AlertFunctions.Settings;

/// <summary>What is wrong with a setting, in words for whoever deployed the app. The value itself is never in it: it may be a secret.</summary>
/// <param name="Name">The setting's name as it stands among the app settings: <c>AlertFunctions__Workspaces</c>.</param>
/// <param name="Message">What is wrong and what to write.</param>
internal sealed record SettingFault(string Name, string Message)
{
    public override string ToString() => $"{Name}: {Message}";
}
