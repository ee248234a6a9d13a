using System.Diagnostics;
using System.Globalization;
using AlertFunctions.EvaluationLoad;

// evaluationload ADDRESS REQUESTS DETECTIONS WORKSPACES: prints how long the evaluations took and what processor time the process used from its start on, in milliseconds.
var load = new Load(new Uri(args[0]), Number(args[1]), Number(args[2]), Number(args[3]));
var elapsed = await load.RunAsync(CancellationToken.None);
using var process = Process.GetCurrentProcess();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds} {process.TotalProcessorTime.TotalMilliseconds}"));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
