using AlertFunctions.Hosting;

IReadOnlyList<IFunction> functions = [];
var application = FunctionsHost.CreateBuilder(args, Environment.GetEnvironmentVariable(FunctionsHost.PortVariable)).Build();
FunctionsHost.Map(application, functions, TimeProvider.System);
await application.RunAsync();

// Exit code 0 would tell the host that the end was meant, and it would never start the app again.
return 200;
