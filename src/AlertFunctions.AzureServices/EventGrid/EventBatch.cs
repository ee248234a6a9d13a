using System.Collections.Immutable;
using System.Text.Json;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>What a delivery held: the good events, and for each other one why it is none.</summary>
public sealed record EventBatch<T>(ImmutableArray<T> Events, ImmutableArray<EventFault> Faults)
    where T : class
{
    internal delegate T? Reader(EventEnvelope envelope, out string? fault);

    /// <summary>Reads each event; one that is none is a fault and keeps no other from being read.</summary>
    internal static EventBatch<T> Read(IEnumerable<JsonElement> delivered, Reader read)
    {
        var events = ImmutableArray.CreateBuilder<T>();
        var faults = ImmutableArray.CreateBuilder<EventFault>();
        foreach (var json in delivered)
        {
            if (!EventEnvelope.TryRead(json, out var envelope, out var fault))
            {
                faults.Add(new EventFault("", fault));
            }
            else if (read(envelope, out fault) is { } happened)
            {
                events.Add(happened);
            }
            else
            {
                faults.Add(new EventFault(Shortened(envelope.Id), Shortened(fault!)));
            }
        }

        return new EventBatch<T>(events.ToImmutable(), faults.ToImmutable());
    }

    private static string Shortened(string text) => text.Length <= EventEnvelope.LongestText ? text : text[..EventEnvelope.LongestText] + "…";
}

/// <summary>An event that cannot be handled and is dropped: delivered again it would be the same.</summary>
/// <param name="Id">The event's id, as far as it has one.</param>
/// <param name="Detail">What is wrong with it. Outside text is in it.</param>
public sealed record EventFault(string Id, string Detail);
