namespace AlertFunctions.Kql.Runtime;

/// <summary>Takes the texts that a runtime function makes a list of, in their order.</summary>
public interface ITextList
{
    /// <summary>Adds a text of so many bytes; the caller writes them, valid UTF-8, before it adds another.</summary>
    Span<byte> Add(int length);

    void AddNull();

    /// <summary>Forgets what was added of this list.</summary>
    void Clear();
}
