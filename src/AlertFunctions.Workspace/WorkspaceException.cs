namespace AlertFunctions.Workspace;

/// <summary>The workspace cannot be opened or configured as asked; the message says which file and why.</summary>
public sealed class WorkspaceException : Exception
{
    public WorkspaceException(string message)
        : base(message)
    {
    }

    public WorkspaceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
