using AlertFunctions;
using AlertFunctions.Hosting;
using AlertFunctions.Settings;
using AlertFunctions.Telemetry;
using AlertFunctions.Triggers;

if (args is ["--write-functions", var folder])
{
    // For the build: what the host needs to know is told by the functions themselves.
    using var nothing = new AppServices(new AppSettings(), TimeProvider.System);
    FunctionJson.WriteAll(folder, AppFunctions.Create(nothing));
    return 0;
}

try
{
    var builder = FunctionsHost.CreateBuilder(args, Environment.GetEnvironmentVariable(FunctionsHost.PortVariable));
    var settings = SettingsReader.Read(builder.Configuration);
    AppTelemetry.Add(builder);
    var application = builder.Build();
    AppTelemetry.ReportSettings(application, settings);
    using var services = new AppServices(settings, TimeProvider.System)
    {
        Log = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger(AppMetrics.Source),
        FlushTelemetry = AppTelemetry.Flush(application),
    };
    FunctionsHost.Map(application, AppFunctions.Create(services), TimeProvider.System);
    await application.RunAsync();
}
#pragma warning disable CA1031 // The end of the process, whatever it dies of: the host restarts it unless the exit code is 0.
catch (Exception exception)
#pragma warning restore CA1031
{
    return FunctionsHost.Fail(exception);
}

// A SIGTERM ends here. 200 asks the host for a restart; 0 would leave it calling a process that is gone.
return 200;
