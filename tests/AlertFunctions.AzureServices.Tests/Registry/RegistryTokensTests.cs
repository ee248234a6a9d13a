using AlertFunctions.AzureServices.Registry;
using AlertFunctions.Testing;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.AzureServices.Tests.Registry;

public sealed class RegistryTokensTests
{
    private readonly List<string> _sent = [];
    private readonly FakeTimeProvider _time = new(Some.Noon);

    [Fact]
    public async Task Token_IsExchangedForTheRepositoryAndKept()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _sent.Add($"{context.Request.Path} {await reader.ReadToEndAsync()}");
            await context.Response.WriteAsync(context.Request.Path == "/oauth2/exchange" ? """{"refresh_token":"refresh-1"}""" : """{"access_token":"access-1"}""");
        });
        var tokens = Tokens();

        var first = await tokens.GetAsync(server.Address, "shop/api", TestContext.Current.CancellationToken);
        var second = await tokens.GetAsync(server.Address, "shop/api", TestContext.Current.CancellationToken);

        Assert.Equal(("access-1", "access-1"), (first.Token, second.Token));
        Assert.Equal(
            [
                "/oauth2/exchange grant_type=access_token&service=127.0.0.1&access_token=identity-token",
                "/oauth2/token grant_type=refresh_token&service=127.0.0.1&scope=repository%3Ashop%2Fapi%3Apull%2Cmetadata_read&refresh_token=refresh-1",
            ],
            _sent);
        _time.Advance(TimeSpan.FromHours(1));
        await tokens.GetAsync(server.Address, "shop/api", TestContext.Current.CancellationToken);
        Assert.Equal(4, _sent.Count);
    }

    [Fact]
    public async Task Registry_ThatGivesNoToken_IsAFaultWithoutIt()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });

        var (token, fault) = await Tokens().GetAsync(server.Address, "shop/api", TestContext.Current.CancellationToken);

        Assert.Null(token);
        Assert.Contains("401", fault!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("identity-token", fault.ToString(), StringComparison.Ordinal);
    }

    private RegistryTokens Tokens() => new(HttpPipelineBuilder.Build(new Options()), new FixedCredential(), new RegistryOptions { Names = [] }, _time);

    private sealed class Options : ClientOptions;

    private sealed class FixedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://management.azure.com/.default"], requestContext.Scopes);
            return new AccessToken("identity-token", Some.Noon.AddDays(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
