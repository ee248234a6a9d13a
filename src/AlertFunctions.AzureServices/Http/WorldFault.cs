using System.Text.Json;
using Azure;

namespace AlertFunctions.AzureServices.Http;

/// <summary>Tells what the world does to a call of a service from our bugs, which travel.</summary>
internal static class WorldFault
{
    /// <summary>Network faults, time-outs, bodies cut short and credentials that give no token.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException or HttpRequestException or IOException or OperationCanceledException or AggregateException or JsonException
        || exception.GetType().Namespace == "Azure.Identity";
}
