using Microsoft.Kiota.Abstractions.Serialization;

namespace AlertFunctions.AzureServices.Directory;

/// <summary>
/// The answer of getByIds as far as it is needed: <c>{"value":[{"@odata.type","id","displayName","userPrincipalName"}],"@odata.nextLink"}</c>. The client's
/// own model of a directory object knows every kind that there is, and with it all of Graph's models would go into the executable, 18 MB of them.
/// </summary>
internal sealed class PrincipalPage : IParsable
{
    public List<Entry>? Value { get; private set; }

    public string? NextLink { get; private set; }

    public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>
    {
        ["value"] = node => Value = node.GetCollectionOfObjectValues(_ => new Entry())?.ToList(),
        ["@odata.nextLink"] = node => NextLink = node.GetStringValue(),
    };

    public void Serialize(ISerializationWriter writer) => throw new InvalidOperationException("Unreachable: answers are only read.");

    /// <summary>One directory object.</summary>
    internal sealed class Entry : IParsable
    {
        /// <summary>Such as <c>#microsoft.graph.user</c>.</summary>
        public string? Type { get; private set; }

        public string? Id { get; private set; }

        public string? DisplayName { get; private set; }

        public string? UserPrincipalName { get; private set; }

        public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>
        {
            ["@odata.type"] = node => Type = node.GetStringValue(),
            ["id"] = node => Id = node.GetStringValue(),
            ["displayName"] = node => DisplayName = node.GetStringValue(),
            ["userPrincipalName"] = node => UserPrincipalName = node.GetStringValue(),
        };

        public void Serialize(ISerializationWriter writer) => throw new InvalidOperationException("Unreachable: answers are only read.");
    }
}
