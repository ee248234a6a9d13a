namespace AlertFunctions.Alerting.Detections;

/// <summary>A place in a file; line and column count from 1, as editors show them.</summary>
public readonly record struct SourcePosition(string Path, int Line, int Column)
{
    public override string ToString() => $"{Path}:{Line}:{Column}";
}
