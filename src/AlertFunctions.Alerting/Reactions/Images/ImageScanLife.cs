namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>The life of an image's scan as pure functions: what an event or a look for evidence makes of what is known. The same object means no change.</summary>
public static class ImageScanLife
{
    private const int MostTags = 20;

    /// <summary>What a push makes of it. One that was deleted comes back only by a push after the deletion.</summary>
    public static ImageScan Pushed(ImageScan? known, ImagePushed push, ImageScanOptions options)
    {
        ArgumentNullException.ThrowIfNull(push);
        ArgumentNullException.ThrowIfNull(options);
        if (known is null || (known.State == ImageScanState.Deleted && push.At > known.EndedAt))
        {
            return new ImageScan
            {
                Image = push.Image,
                PushedAt = push.At,
                LastPushedAt = push.At,
                Deadline = push.At + options.Grace,
                DueAt = push.At + options.FirstCheck,
                Tags = push.Tag is { } tag ? [tag] : [],
                PushedBy = push.PushedBy,
                CallerIpAddress = push.CallerIpAddress,
                UserAgent = push.UserAgent,
                RegistryId = push.RegistryId,
            };
        }

        if (known.State == ImageScanState.Deleted)
        {
            return known;
        }

        var tags = push.Tag is { } added && !known.Tags.Contains(added) && known.Tags.Length < MostTags ? known.Tags.Add(added) : known.Tags;
        var isEarlier = push.At < known.PushedAt;
        var last = push.At > known.LastPushedAt ? push.At : known.LastPushedAt;
        return tags == known.Tags && !isEarlier && last == known.LastPushedAt && (known.PushedBy is not null || push.PushedBy is null)
            ? known
            : known with
            {
                Tags = tags,
                PushedAt = isEarlier ? push.At : known.PushedAt,
                LastPushedAt = last,
                Deadline = isEarlier ? push.At + options.Grace : known.Deadline,
                PushedBy = known.PushedBy ?? push.PushedBy,
                CallerIpAddress = known.CallerIpAddress ?? push.CallerIpAddress,
                UserAgent = known.UserAgent ?? push.UserAgent,
                RegistryId = known.RegistryId ?? push.RegistryId,
            };
    }

    /// <summary>What a deletion of its digest makes of it, also one that is told before the push.</summary>
    public static ImageScan Deleted(ImageScan? known, ImageReference image, DateTimeOffset at, DateTimeOffset now, ImageScanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (known is null)
        {
            return new ImageScan
            {
                Image = image,
                State = ImageScanState.Deleted,
                PushedAt = at,
                LastPushedAt = at,
                Deadline = at,
                DueAt = now + options.Memory,
                EndedAt = at,
            };
        }

        return at < known.LastPushedAt || known.State == ImageScanState.Deleted ? known
            : End(known, ImageScanState.Deleted, at, now, options);
    }

    /// <summary>What it makes of it that a tag was taken away: the image stays.</summary>
    public static ImageScan Untagged(ImageScan known, string tag)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known.Tags.Contains(tag) ? known with { Tags = known.Tags.Remove(tag) } : known;
    }

    /// <summary>What a look for evidence makes of it.</summary>
    public static ImageScan Checked(ImageScan known, IReadOnlyList<EvidenceAnswer> answers, DateTimeOffset now, ImageScanOptions options)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(options);
        if (!known.IsOpen)
        {
            return known;
        }

        var looked = known with { Answers = [.. answers], Checks = known.Checks + 1 };
        var verdicts = answers.Select(a => a.Verdict).ToHashSet();
        if (verdicts.Contains(EvidenceVerdict.Gone))
        {
            return End(looked, ImageScanState.Deleted, now, now, options);
        }

        if (verdicts.Contains(EvidenceVerdict.NotAnImage))
        {
            return End(looked, ImageScanState.NotAnImage, now, now, options);
        }

        if (verdicts.Contains(EvidenceVerdict.Scanned))
        {
            return End(looked, ImageScanState.Scanned, now, now, options);
        }

        if (known.State == ImageScanState.Overdue && now >= known.LastPushedAt + options.WatchFor)
        {
            return End(looked, ImageScanState.GivenUp, now, now, options);
        }

        var waits = answers.FirstOrDefault(a => a.IsTransient);
        if (now >= known.Deadline && (waits is null || now >= known.Deadline + options.Patience))
        {
            looked = looked with { State = ImageScanState.Overdue };
        }

        return looked with { DueAt = NextLook(looked, waits, now, options) };
    }

    private static DateTimeOffset NextLook(ImageScan scan, EvidenceAnswer? waits, DateTimeOffset now, ImageScanOptions options)
    {
        if (waits is not null && scan.State == ImageScanState.Pending && now >= scan.Deadline)
        {
            return now + Clamp(waits.RetryAfter ?? options.FirstCheck, TimeSpan.FromMinutes(1), options.Patience);
        }

        // The intervals begin anew with the alert: what follows it closely resolves it soon.
        var since = now - (scan.State == ImageScanState.Overdue ? scan.Deadline : scan.PushedAt);
        var next = now + Clamp(since, options.FirstCheck, options.LongestInterval);
        return scan.State == ImageScanState.Pending && next > scan.Deadline ? scan.Deadline : next;
    }

    private static ImageScan End(ImageScan scan, ImageScanState state, DateTimeOffset at, DateTimeOffset now, ImageScanOptions options) =>
        scan with { State = state, EndedAt = at, DueAt = scan.IsAlerting ? now : now + options.Memory };

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
