using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// The groups that remembered alerts belong to, kept up as alerts change, so that a tick looks only at groups that have something
/// to say. It is derived from alerts and routes alone: after a restart it is built again and is the same.
/// </summary>
internal sealed class GroupIndex(Routes routes, NotificationLog log)
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<AlertEntry, (Severity Severity, Group[] Groups)> _memberships = [];
    private readonly HashSet<Group> _open = [];

    public void Clear()
    {
        _groups.Clear();
        _memberships.Clear();
        _open.Clear();
    }

    public void Update(AlertEntry entry)
    {
        var known = _memberships.TryGetValue(entry, out var membership);
        if (entry.IsRemoved)
        {
            foreach (var group in known ? membership.Groups : [])
            {
                group.Members.Remove(entry);
            }

            _memberships.Remove(entry);
            return;
        }

        // Of the labels only the severity can change while an alert lives.
        if (!known || membership.Severity != entry.Record.Severity)
        {
            foreach (var group in known ? membership.Groups : [])
            {
                group.Members.Remove(entry);
            }

            membership = (entry.Record.Severity, [.. routes.Match(entry.Record.Labels).Select(route => Of(route, entry.Record.Labels))]);
            _memberships[entry] = membership;
        }

        foreach (var group in membership.Groups)
        {
            group.Members.Add(entry);
            _open.Add(group);
        }
    }

    /// <summary>The groups that may have something to say now, in the order of their keys.</summary>
    public IReadOnlyList<Group> Due(DateTimeOffset now)
    {
        foreach (var group in _groups.Values)
        {
            if (group.Standing && NotifyDecision.RepeatAt(log.Of(group.Route.Receiver, group.Key), group.Route) <= now)
            {
                _open.Add(group);
            }
        }

        return [.. _open.OrderBy(g => g.Key, StringComparer.Ordinal)];
    }

    /// <summary>Sets a group aside until an alert of it changes or it is to be repeated.</summary>
    public void Settle(Group group)
    {
        group.Standing = group.Members.Any(m => m.Record is { IsEvent: false, State: AlertState.Firing });
        if (!group.Members.Any(m => m.Record.IsPendingOn(group.Route.Id)))
        {
            _open.Remove(group);
        }
    }

    private Group Of(Route route, IReadOnlyDictionary<string, string> labels)
    {
        var key = route.GroupKeyOf(labels);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new Group(key, route, route.GroupLabelsOf(labels));
        }

        return group;
    }

    internal sealed class Group(string key, Route route, IReadOnlyDictionary<string, string> labels)
    {
        public string Key => key;

        public Route Route => route;

        public IReadOnlyDictionary<string, string> Labels => labels;

        public HashSet<AlertEntry> Members { get; } = [];

        /// <summary>Whether a condition of it fires.</summary>
        public bool Standing { get; set; }
    }
}
