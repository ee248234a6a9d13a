using System.Text.Json;
using AlertFunctions.Alerting.Principals;
using AlertFunctions.AzureServices.Directory;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.Directory;

public sealed class GraphDirectoryTests
{
    private static readonly Guid Adele = Guid.Parse("84b80893-8749-40a3-97b7-68513b600544");
    private static readonly Guid Team = Guid.Parse("5d6059b6-368d-45f8-91e1-8e07d485f1d0");
    private static readonly Guid Deployment = Guid.Parse("0b944de3-e0fc-4774-a49a-b135213725ef");

    // The shape of the documented answer, learn.microsoft.com/graph/api/directoryobject-getbyids; the third may not be read, the last is of a kind we do not name.
    private const string Answer = """
        {"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#directoryObjects","value":[
        {"@odata.type":"#microsoft.graph.user","id":"84b80893-8749-40a3-97b7-68513b600544","businessPhones":["+1 425 555 0109"],"displayName":"Adele Vance",
         "givenName":"Adele","jobTitle":null,"mail":"AdeleV@contoso.com","preferredLanguage":"en-US","userPrincipalName":"AdeleV@contoso.com"},
        {"@odata.type":"#microsoft.graph.group","id":"5d6059b6-368d-45f8-91e1-8e07d485f1d0","displayName":"Platform team","groupTypes":["Unified"],"securityEnabled":true},
        {"@odata.type":"#microsoft.graph.servicePrincipal","id":"0b944de3-e0fc-4774-a49a-b135213725ef","displayName":null,"appId":null},
        {"@odata.type":"#microsoft.graph.somethingNew","id":"11111111-1111-1111-1111-111111111111","displayName":"New"}]}
        """;

    [Fact]
    public async Task FindAsync_EveryKind_GivesNamesAndWhatMayBeRead()
    {
        var requests = new List<string>();

        var answer = await AskAsync([Adele, Team, Deployment, Adele], async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            requests.Add($"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync()}");
            await Json(context, 200, Answer);
        });

        Assert.Null(answer.Fault);
        Assert.Equal(new Principal(Adele, PrincipalKind.User, "Adele Vance", "AdeleV@contoso.com"), answer.Principals[Adele]);
        Assert.Equal("Platform team (group)", answer.Principals[Team].Text);
        Assert.Equal(new Principal(Deployment, PrincipalKind.ServicePrincipal, null), answer.Principals[Deployment]);
        Assert.Equal(PrincipalKind.Other, answer.Principals[Guid.Parse("11111111-1111-1111-1111-111111111111")].Kind);
        var request = Assert.Single(requests);
        Assert.StartsWith("POST /v1.0/directoryObjects/getByIds ", request, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(request[request.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal(3, body.RootElement.GetProperty("ids").GetArrayLength());
        Assert.Equal(["user", "group", "servicePrincipal"], body.RootElement.GetProperty("types").EnumerateArray().Select(t => t.GetString()));
    }

    [Fact]
    public async Task FindAsync_MoreThanAThousandIds_AsksInBatchesAndKeepsWhatCameBeforeAFault()
    {
        var sizes = new List<int>();

        var answer = await AskAsync([Adele, .. Enumerable.Range(1, 2000).Select(i => new Guid(i, 0, 0, new byte[8]))], async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            sizes.Add(body.RootElement.GetProperty("ids").GetArrayLength());
            if (sizes.Count == 1)
            {
                await Json(context, 200, Answer);
            }
            else
            {
                await Refuse(context, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
            }
        });

        Assert.Equal([1000, 1000], sizes);
        Assert.True(answer.Principals.ContainsKey(Adele));
        Assert.Contains("HTTP 403 Authorization_RequestDenied: Insufficient privileges", answer.Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "InvalidAuthenticationToken")]
    [InlineData(403, "Authorization_RequestDenied")]
    [InlineData(404, "Request_ResourceNotFound")]
    public async Task FindAsync_Refused_IsAFault(int status, string code)
    {
        var answer = await AskAsync([Adele], context => Refuse(context, status, code, "No."));

        Assert.Empty(answer.Principals);
        Assert.Contains($"HTTP {status} {code}: No.", answer.Fault!.Detail, StringComparison.Ordinal);
        Assert.Null(answer.Fault.RetryAfter);
    }

    [Fact]
    public async Task FindAsync_ThrottledForLong_DoesNotWaitAndSaysWhenToComeBack()
    {
        var calls = 0;

        var answer = await AskAsync([Adele], context =>
        {
            calls++;
            context.Response.Headers.RetryAfter = "120";
            return Refuse(context, 429, "TooManyRequests", "Too many.");
        });

        Assert.Equal(1, calls);
        Assert.Equal(TimeSpan.FromSeconds(120), answer.Fault!.RetryAfter);
    }

    [Fact]
    public async Task FindAsync_ThrottledForNoTime_AsksAgain()
    {
        var calls = 0;

        var answer = await AskAsync([Adele], context =>
        {
            if (++calls > 1)
            {
                return Json(context, 200, Answer);
            }

            context.Response.Headers.RetryAfter = "0";
            return Refuse(context, 503, "serviceNotAvailable", "Soon.");
        });

        Assert.Equal(2, calls);
        Assert.Null(answer.Fault);
        Assert.True(answer.Principals.ContainsKey(Adele));
    }

    [Fact]
    public async Task FindAsync_FaultOfTheServiceThatStays_GivesUpWithItsStatus()
    {
        var answer = await AskAsync([Adele], context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return Refuse(context, 503, "serviceNotAvailable", "Later.");
        });

        Assert.Contains("HTTP 503", answer.Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"value":[{"@odata.type":"#microsoft.graph.user","id":"84b8""", "the answer is cut short")]
    [InlineData("<html>gateway</html>", "a gateway answers")]
    [InlineData("""{"@odata.nextLink":"https://graph.microsoft.com/v1.0/next","value":[]}""", "the answer goes on elsewhere")]
    [InlineData("{}", "the answer holds nothing")]
    public async Task FindAsync_AnswerThatIsNotWhole_IsAFaultAndNobodyIsMissing(string body, string what)
    {
        var answer = await AskAsync([Adele], context => Json(context, 200, body));

        Assert.True(answer.Fault is not null, what);
    }

    [Fact]
    public async Task FindAsync_NobodyAnswers_IsAFault()
    {
        Uri address;
        await using (var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask))
        {
            address = server.Address;
        }

        var answer = await Directory(address, maxRetries: 0).FindAsync([Adele], TestContext.Current.CancellationToken);

        Assert.Contains("no connection", answer.Fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PlainHttpElsewhere_IsRefused() => Assert.Throws<ArgumentException>(
        () => GraphClient.Create(new GraphOptions { Endpoint = new Uri("http://graph.example.com") }, new NoCredential()));

    private static async Task<DirectoryAnswer> AskAsync(IReadOnlyCollection<Guid> ids, RequestDelegate answer)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        return await Directory(server.Address, maxRetries: 2).FindAsync(ids, TestContext.Current.CancellationToken);
    }

    private static GraphDirectory Directory(Uri address, int maxRetries)
    {
        var options = new GraphOptions { Endpoint = address, MaxRetries = maxRetries };
        return new GraphDirectory(GraphClient.Create(options, new NoCredential()), options);
    }

    private static Task Refuse(HttpContext context, int status, string code, string message) => Json(
        context, status,
        $$"""{"error":{"code":"{{code}}","message":"{{message}}","innerError":{"date":"2026-03-02T12:00:00","request-id":"r","client-request-id":"c"} } }""");

    private static async Task Json(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
