using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class FileNotifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("alertfn-cards-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task NotifyAsync_TheSameNotificationTwice_IsOneFileWithTheCard()
    {
        var folder = Path.Combine(_folder, "a", "b");
        var notifier = new FileNotifier(folder, CardOptions.Default);
        var notification = Some.Notification(Some.Alert());

        Assert.IsType<Sent>(await notifier.NotifyAsync(notification, TestContext.Current.CancellationToken));
        Assert.IsType<Sent>(await notifier.NotifyAsync(notification, TestContext.Current.CancellationToken));

        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(FileNotifier.FileName(notification), Path.GetFileName(file));
        Assert.Equal(AdaptiveCard.Render(notification, CardOptions.Default), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void FileName_HostileGroupNames_NeverReachThePath()
    {
        var notification = Some.Notification(Some.Alert());
        notification = notification with { Group = notification.Group with { Key = "../../etc/passwd", Receiver = "a/b\\c:d" } };

        Assert.Matches("^20260302T120000Z-high-[0-9a-f]{12}\\.json$", FileNotifier.FileName(notification));
    }

    [Fact]
    public void FileName_OtherGroupReasonOrTime_IsAnotherFile()
    {
        var first = Some.Notification(Some.Alert());
        Notification[] others =
        [
            first with { Reason = NotifyReason.RepeatIntervalElapsed },
            first with { Now = first.Now.AddTicks(1) },
            first with { Group = first.Group with { Key = "other" } },
        ];

        Assert.Equal(4, others.Append(first).Select(FileNotifier.FileName).Distinct().Count());
    }

    [Fact]
    public async Task NotifyAsync_TheFolderIsAFile_IsRetriedAndNamesNoPath()
    {
        var blocked = Path.Combine(_folder, "blocked");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);

        var result = await new FileNotifier(Path.Combine(blocked, "x"), CardOptions.Default)
            .NotifyAsync(Some.Notification(Some.Alert()), TestContext.Current.CancellationToken);

        var retry = Assert.IsType<Retry>(result);
        Assert.DoesNotContain(_folder, retry.Detail, StringComparison.Ordinal);
    }
}
