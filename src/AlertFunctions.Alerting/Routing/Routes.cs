using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Routing;

/// <summary>
/// A place that notifications go to; its type is one of <see cref="ReceiverType"/>. Its address and credentials are never in the file:
/// <paramref name="Setting"/> names the app setting that holds them.
/// </summary>
public sealed record Receiver(string Name, string Type, string? Setting);

/// <summary>While an alert that matches <paramref name="Source"/> fires, those that match <paramref name="Target"/> and have the same values of <paramref name="Equal"/> are hidden.</summary>
public sealed record Inhibition(string Name, ImmutableArray<Matcher> Source, ImmutableArray<Matcher> Target, ImmutableArray<string> Equal);

/// <summary>What routes.yaml says.</summary>
public sealed record Routes
{
    public required Route Root { get; init; }

    public ImmutableArray<Receiver> Receivers { get; init; } = [];

    public ImmutableArray<Inhibition> Inhibitions { get; init; } = [];

    /// <summary>More alerts than this to one receiver within a minute become one digest.</summary>
    public int StormLimit { get; init; } = 50;

    /// <summary>One receiver for everything, at once and without repetition: what a single run without routes.yaml uses.</summary>
    public static Routes Single(string receiver, params ReadOnlySpan<string> groupBy) => new()
    {
        Root = new Route { Id = "root", Receiver = receiver, GroupBy = [.. groupBy] },
        Receivers = [new Receiver(receiver, ReceiverType.File, null)],
    };

    /// <summary>The routes that an alert with these labels takes: at least one, because the root takes what no other does.</summary>
    public ImmutableArray<Route> Match(IReadOnlyDictionary<string, string> labels)
    {
        var matched = ImmutableArray.CreateBuilder<Route>();
        Collect(Root, labels, matched);
        return matched.ToImmutable();
    }

    /// <summary>The way of an alert through the tree, for people: each route that was tried, and what kept the alert from it.</summary>
    public ImmutableArray<RouteStep> Explain(IReadOnlyDictionary<string, string> labels)
    {
        var steps = ImmutableArray.CreateBuilder<RouteStep>();
        var taken = Match(labels);
        Walk(Root);
        return steps.ToImmutable();

        bool Walk(Route route)
        {
            var failing = route.Matchers.FirstOrDefault(m => !m.Matches(labels));
            steps.Add(new RouteStep(route, failing, taken.Contains(route)));
            if (failing is not null)
            {
                return false;
            }

            foreach (var child in route.Routes)
            {
                if (Walk(child) && !child.Continue)
                {
                    break;
                }
            }

            return true;
        }
    }

    private static bool Collect(Route route, IReadOnlyDictionary<string, string> labels, ImmutableArray<Route>.Builder matched)
    {
        if (!route.Matchers.All(m => m.Matches(labels)))
        {
            return false;
        }

        var taken = false;
        foreach (var child in route.Routes)
        {
            if (Collect(child, labels, matched))
            {
                taken = true;
                if (!child.Continue)
                {
                    break;
                }
            }
        }

        if (!taken)
        {
            matched.Add(route);
        }

        return true;
    }
}

/// <summary>One route on an alert's way.</summary>
/// <param name="Route">The route that was tried.</param>
/// <param name="Failing">The first matcher that the labels do not satisfy; null where all are.</param>
/// <param name="Taken">The alert is sent from here.</param>
public sealed record RouteStep(Route Route, Matcher? Failing, bool Taken);
