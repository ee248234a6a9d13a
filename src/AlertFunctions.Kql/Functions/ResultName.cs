namespace AlertFunctions.Kql.Functions;

/// <summary>How a column is named whose expression has no name of its own and is a call of this function.</summary>
internal enum ResultName
{
    /// <summary><c>Column1</c>; for an aggregate of one column, <c>name_column</c> (see <see cref="Prefixed"/>).</summary>
    Default,

    /// <summary>The name of the first argument where that is a column: <c>bin(x, 5)</c> is <c>x</c>.</summary>
    FirstArgument,

    /// <summary>Prefix, underscore, first argument's name: <c>sum(x)</c> is <c>sum_x</c>; <c>sum_</c> where it has no name.</summary>
    Prefixed,

    /// <summary>As <see cref="Prefixed"/>, of the first two arguments: <c>covariance(x, y)</c> is <c>covariance_x_y</c>.</summary>
    PrefixedTwice,

    /// <summary>The prefix, whatever the arguments.</summary>
    Fixed,

    /// <summary>Always <c>Column1</c>.</summary>
    None,
}
