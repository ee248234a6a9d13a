namespace AlertFunctions.Alerting.Detections;

/// <summary>Reads a catalogue from its folder. What is wrong with it is reported, all of it; nothing is thrown for a file's content.</summary>
public static class DetectionLoader
{
    /// <param name="folder">
    /// The catalogue's folder (with <c>detections/</c>, <c>functions/</c>, <c>schemas/</c> in it), or a folder of detections alone.
    /// Diagnostics name files below this path, as it was given.
    /// </param>
    public static DetectionCatalogue Load(string folder) => throw new NotImplementedException(folder);
}
