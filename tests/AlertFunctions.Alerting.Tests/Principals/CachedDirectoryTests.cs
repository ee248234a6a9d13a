using AlertFunctions.Alerting.Principals;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.Principals;

public sealed class CachedDirectoryTests
{
    private static readonly Principal Anna = new(Guid.Parse("84b80893-8749-40a3-97b7-68513b600544"), PrincipalKind.User, "Anna", "anna@contoso.com");
    private static readonly Guid Stranger = Guid.Parse("5d6059b6-368d-45f8-91e1-8e07d485f1d0");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly Scripted _inner = new();
    private readonly CachedDirectory _directory;

    public CachedDirectoryTests() => _directory = new CachedDirectory(_inner, _time);

    [Fact]
    public async Task FindAsync_AskedTwice_AsksTheDirectoryOnce()
    {
        await FindAsync(Anna.Id, Stranger);
        var second = await FindAsync(Anna.Id, Stranger);

        Assert.Equal([[Anna.Id, Stranger]], _inner.Asked);
        Assert.Equal(Anna, Assert.Single(second.Principals).Value);
        Assert.Null(second.Fault);
    }

    [Fact]
    public async Task FindAsync_TimePasses_AsksForTheUnknownBeforeTheKnown()
    {
        await FindAsync(Anna.Id, Stranger);
        _time.Advance(CachedDirectory.UnknownLifetime);
        await FindAsync(Anna.Id, Stranger);
        _time.Advance(CachedDirectory.KnownLifetime);
        await FindAsync(Anna.Id);

        Assert.Equal([[Anna.Id, Stranger], [Stranger], [Anna.Id]], _inner.Asked);
    }

    [Fact]
    public async Task FindAsync_DirectoryAtFault_GivesOldNamesAndLeavesItAlone()
    {
        await FindAsync(Anna.Id);
        _time.Advance(CachedDirectory.KnownLifetime);
        _inner.Fault = new DirectoryFault("HTTP 429", TimeSpan.FromMinutes(10));

        var first = await FindAsync(Anna.Id);
        _time.Advance(TimeSpan.FromMinutes(9));
        var second = await FindAsync(Anna.Id, Stranger);
        _inner.Fault = null;
        _time.Advance(TimeSpan.FromMinutes(1));
        var third = await FindAsync(Stranger);

        Assert.Equal(Anna, first.Principals[Anna.Id]);
        Assert.Equal(Anna, second.Principals[Anna.Id]);
        Assert.Equal("HTTP 429", second.Fault!.Detail);
        Assert.Null(third.Fault);
        Assert.Equal([[Anna.Id], [Anna.Id], [Stranger]], _inner.Asked);
    }

    [Fact]
    public async Task FindAsync_PrincipalDeleted_IsForgotten()
    {
        await FindAsync(Anna.Id);
        _time.Advance(CachedDirectory.KnownLifetime);
        _inner.Known.Clear();

        var answer = await FindAsync(Anna.Id);

        Assert.Empty(answer.Principals);
        Assert.Null(answer.Fault);
    }

    [Theory]
    [InlineData(PrincipalKind.User, "Anna", "anna@contoso.com", "Anna (anna@contoso.com)")]
    [InlineData(PrincipalKind.User, null, "anna@contoso.com", "anna@contoso.com")]
    [InlineData(PrincipalKind.Group, "Platform", null, "Platform (group)")]
    [InlineData(PrincipalKind.ServicePrincipal, "deploy", null, "deploy (application)")]
    [InlineData(PrincipalKind.Other, null, null, "84b80893-8749-40a3-97b7-68513b600544")]
    public void Text_Principal_IsOneLineForPeople(PrincipalKind kind, string? name, string? signIn, string expected) =>
        Assert.Equal(expected, new Principal(Anna.Id, kind, name, signIn).Text);

    private Task<DirectoryAnswer> FindAsync(params Guid[] ids) => _directory.FindAsync(ids, TestContext.Current.CancellationToken);

    private sealed class Scripted : IDirectory
    {
        public List<Guid[]> Asked { get; } = [];

        public List<Principal> Known { get; } = [Anna];

        public DirectoryFault? Fault { get; set; }

        public async Task<DirectoryAnswer> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
        {
            Asked.Add([.. ids]);
            return Fault is null ? await new MemoryDirectory(Known).FindAsync(ids, cancellationToken) : new DirectoryAnswer(new Dictionary<Guid, Principal>(), Fault);
        }
    }
}
