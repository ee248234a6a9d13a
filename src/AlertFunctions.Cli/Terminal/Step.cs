namespace AlertFunctions.Cli.Terminal;

/// <summary>How far a long work is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 where that is not known.</param>
/// <param name="Detail">What to show beside the bar.</param>
internal readonly record struct Step(double Done, double Total, string Detail);
