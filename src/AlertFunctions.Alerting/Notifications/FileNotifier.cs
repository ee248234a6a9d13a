using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// Writes each notification's card as a JSON file. The name follows from the notification alone, so that one sent twice is one file; a reader never
/// sees half a file.
/// </summary>
/// <param name="folder">Where the files go; made when it is missing.</param>
/// <param name="cards">What the cards look like.</param>
public sealed class FileNotifier(string folder, CardOptions cards) : INotifier
{
    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName(notification));
        var unfinished = path + ".tmp";
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(unfinished, AdaptiveCard.Render(notification, cards), cancellationToken);
            File.Move(unfinished, path, overwrite: true);
            return new Sent();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Retry(FailureReason.ServerError, $"The card could not be written: {error.GetType().Name}.");
        }
    }

    /// <summary>
    /// Time, worst severity and a hash of what makes the notification this one: names of a group's outside values never become part of a path.
    /// </summary>
    public static string FileName(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var identity = $"{notification.Group.Receiver}\n{notification.Group.Key}\n{notification.Reason}\n{notification.Now.UtcTicks}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        var severity = notification.Group.Alerts[0].Severity.ToString().ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{notification.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{severity}-{hash}.json");
    }
}
