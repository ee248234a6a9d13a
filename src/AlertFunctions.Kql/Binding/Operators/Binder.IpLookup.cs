using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// evaluate ipv4_lookup and ipv6_lookup: rows beside the rows of a table whose networks hold their address.
/// Sources: learn.microsoft.com/kusto/query/ipv4-lookup-plugin and ipv6-lookup-plugin.
/// </summary>
internal sealed partial class Binder
{
    // The number of the leading bits of an address or a network, and the network of so many of its bits.
    private static (string Length, string Network) NetworkOf(bool isV6, string address, string length) => isV6
        ? ($"case({address} !contains '/', 128, {address} contains '.' and tolong(split({address}, '/')[1]) <= 32, "
            + $"96 + tolong(split({address}, '/')[1]), tolong(split({address}, '/')[1]))", $"parse_ipv6_mask({address}, {length})")
        : ($"ipv4_netmask_suffix({address})", $"format_ipv4({address}, {length})");

    private BoundTable BindIpLookup(BoundTable input, CallExpression plugin)
    {
        var isV6 = plugin.Name.Text == "ipv6_lookup";
        var arguments = plugin.Arguments.ToList();
        var withUnmatched = false;
        if (arguments.Count > 3 && (arguments[^1].Name?.Text == "return_unmatched" || arguments[^1].Value is LiteralExpression { Type: KqlType.Bool }))
        {
            if (Bind(arguments[^1].Value) is not BoundLiteral { Value: bool flag })
            {
                return PluginFault(input, plugin, "return_unmatched is true or false");
            }

            withUnmatched = flag;
            arguments.RemoveAt(arguments.Count - 1);
        }

        if (arguments.Count < 3 || arguments.Skip(1).Any(a => a.Name is not null || a.Value is not NameExpression))
        {
            return PluginFault(input, plugin, $"{plugin.Name.Text} takes a table, a column of each side and columns that both have");
        }

        var networks = BindRight(arguments[0].Value);
        if (input.IsError || networks.IsError)
        {
            return input with { IsError = true };
        }

        var names = arguments.Skip(1).Select(a => (NameExpression)a.Value).ToList();
        ColumnSymbol? Of(BoundTable table, NameExpression name) => Side(table, name.Name, name.Span, ReferenceEquals(table, input) ? "left" : "right")?.Column;
        if (Of(input, names[0]) is not { } address || Of(networks, names[1]) is not { } network)
        {
            return input with { IsError = true };
        }

        var keys = names.Skip(2).Select(n => (Left: Of(input, n), Right: Of(networks, n))).ToList();
        if (keys.Exists(k => k.Left is null || k.Right is null))
        {
            return input with { IsError = true };
        }

        if (address.Type != KqlType.String || network.Type != KqlType.String
            || keys.Exists(k => k.Left!.Type != k.Right!.Type || k.Left.Type == KqlType.Dynamic))
        {
            return PluginFault(input, plugin, "The addresses are strings, and further columns have one type on both sides");
        }

        // An address is in a network when its own network of that many bits is the same: joined by equality for each length
        // that the networks have, and once for each address.
        var (ip, range) = (Quoted(address.Name), Quoted(network.Name));
        var by = string.Concat(keys.Select(k => ", " + Quoted(k.Left!.Name)));
        var ofRange = NetworkOf(isV6, range, "['$bits']");
        var ofAddress = NetworkOf(isV6, ip, "['$bits']");
        var ranges = BindOwn(
            $"['$networks'] | extend ['$bits'] = {ofRange.Length} | extend ['$network'] = {ofRange.Network} | where isnotempty(['$network'])",
            ("$networks", new TableEntity(networks)));
        var found = BindOwn(
            $"['$input'] | distinct {ip}{by} | extend ['$one'] = 1 "
            + "| lookup kind=inner (['$ranges'] | distinct ['$bits'] | extend ['$one'] = 1) on ['$one'] "
            + $"| where ['$bits'] <= {ofAddress.Length} | extend ['$network'] = {ofAddress.Network} "
            + $"| lookup kind=inner (['$ranges']) on ['$bits'], ['$network']{by} | project-away ['$one'], ['$bits'], ['$network']",
            ("$input", new TableEntity(input)),
            ("$ranges", new TableEntity(ranges)));
        var joined = BindOwn(
            $"['$input'] | lookup kind={(withUnmatched ? "leftouter" : "inner")} (['$found']) on {ip}{by}", ("$input", new TableEntity(input)), ("$found", new TableEntity(found)));

        // The page of ipv6_lookup prints the columns of the networks first.
        var own = input.Columns.Count;
        return isV6 ? Passed(joined, joined.Columns.Skip(own).Concat(joined.Columns.Take(own))) : joined;
    }
}
