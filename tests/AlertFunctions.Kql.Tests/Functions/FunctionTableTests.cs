using AlertFunctions.Kql.Functions;

namespace AlertFunctions.Kql.Tests.Functions;

/// <summary>What must hold of every row of the function table.</summary>
public sealed class FunctionTableTests
{
    [Fact]
    public void Names_AreUnique_AcrossScalarsAndRefusals()
    {
        // FrozenDictionary refuses a second equal key, so that reading the tables is the test of each.
        Assert.NotEmpty(FunctionTable.Scalars);
        Assert.NotEmpty(FunctionTable.Aggregates);
        Assert.DoesNotContain(FunctionTable.Scalars.Keys, name => RefusedFunctions.TryGetReason(name, out _));
    }
}
