namespace AlertFunctions.Kql.Functions;

/// <summary>When the SQL of an overload gives NULL. Where its result is a string, the binder turns such NULLs into ''.</summary>
internal enum NullRule
{
    /// <summary>Where an argument is NULL, and only there.</summary>
    Propagates,

    /// <summary>Never.</summary>
    Never,

    /// <summary>For reasons of its own: text that does not parse, a value out of range.</summary>
    Maybe,
}
