using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.AzureServices.LogAnalytics;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.AzureServices.Tests.LogAnalytics;

public sealed class LogAnalyticsClientTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>As the service answers. Source: github.com/Azure/azure-sdk-for-go/issues/24606.</summary>
    private const string BasicTable = """
        {"error":{"message":"The request had some invalid properties","code":"BadArgumentError","correlationId":"c","innererror":{
        "code":"UnsupportedApiQueryValidationError","message":"Query of Basic Logs table is not supported with the API 'https://api.loganalytics.io/v1/workspaces/{workspaceId}/query'."} } }
        """;

    private const string EveryType = """
        {"tables":[{"name":"PrimaryResult","columns":[{"name":"B","type":"bool"},{"name":"I","type":"int"},{"name":"L","type":"long"},
        {"name":"R","type":"real"},{"name":"D","type":"decimal"},{"name":"S","type":"string"},{"name":"T","type":"datetime"},
        {"name":"P","type":"timespan"},{"name":"G","type":"guid"},{"name":"Y","type":"dynamic"}],
        "rows":[[true,1,9007199254740993,"NaN","1.10","a\n\"b\"","2015-12-31T23:59:59.9999999Z","1.02:03:04.0000001","74be27de-1e4e-49d9-b579-fe0b331d3642","{\"a\":[1]}"],
        [null,null,null,-1.5,null,null,null,null,null,"plain text"],[null,null,null,null,null,null,null,null,null,null]]}]}
        """;

    [Fact]
    public async Task QueryAsync_EveryColumnType_DecodesAsTheServiceEncodes()
    {
        var answer = Assert.IsType<QueryAnswer>(await AskAsync(context => Json(context, EveryType)));

        var first = answer.Table.Rows[0];
        Assert.Equal(true, first[0]);
        Assert.Equal(1, first[1]);
        Assert.Equal(9007199254740993L, first[2]);
        Assert.Equal(double.NaN, first[3]);
        Assert.Equal(1.10m, first[4]);
        Assert.Equal("a\n\"b\"", first[5]);
        Assert.Equal(new DateTimeOffset(2015, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_999), first[6]);
        Assert.Equal(new TimeSpan(1, 2, 3, 4) + TimeSpan.FromTicks(1), first[7]);
        Assert.Equal(Guid.Parse("74be27de-1e4e-49d9-b579-fe0b331d3642"), first[8]);
        Assert.Equal(1, Assert.IsType<JsonElement>(first[9]).GetProperty("a")[0].GetInt32());
        Assert.Equal("plain text", Assert.IsType<JsonElement>(answer.Table.Rows[1][9]).GetString());
        Assert.All(answer.Table.Rows[2], Assert.Null);
        Assert.Null(answer.PartialError);
    }

    [Fact]
    public async Task QueryAsync_SmallPiecesOnTheWire_GiveTheSameRows()
    {
        var answer = Assert.IsType<QueryAnswer>(await AskAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            var bytes = Encoding.UTF8.GetBytes(EveryType);
            for (var i = 0; i < bytes.Length; i += 7)
            {
                await context.Response.Body.WriteAsync(bytes.AsMemory(i, Math.Min(7, bytes.Length - i)));
                await context.Response.Body.FlushAsync();
            }
        }));

        Assert.Equal(3, answer.Table.Rows.Count);
        Assert.Equal("a\n\"b\"", answer.Table.Rows[0][5]);
    }

    [Fact]
    public async Task QueryAsync_Request_CarriesQueryRangeAndHeaders()
    {
        var sent = new List<string>();
        var range = new TimeRange(Now.AddHours(-1), Now);

        await AskAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                sent.Add($"{context.Request.Method} {context.Request.Path}");
                sent.Add(await reader.ReadToEndAsync());
                sent.Add(context.Request.Headers["Prefer"].ToString());
                sent.Add(context.Request.Headers.CacheControl.ToString());
                await Json(context, """{"tables":[{"name":"PrimaryResult","columns":[],"rows":[]}]}""");
            },
            new QueryRequest("T | where x == \"é\"", Now, range));

        Assert.Equal("POST /v1/workspaces/w-1/query", sent[0]);
        using var body = JsonDocument.Parse(sent[1]);
        Assert.Equal("T | where x == \"é\"", body.RootElement.GetProperty("query").GetString());
        Assert.Equal("2026-03-02T11:00:00.0000000Z/2026-03-02T12:00:00.0000000Z", body.RootElement.GetProperty("timespan").GetString());
        Assert.Equal("wait=180", sent[2]);
        Assert.Equal("no-cache", sent[3]);
    }

    [Fact]
    public async Task QueryAsync_WindowOfHoursAgo_IsGivenItsTime()
    {
        var sent = "";

        await AskAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                sent = await reader.ReadToEndAsync();
                await Json(context, """{"tables":[{"name":"PrimaryResult","columns":[],"rows":[]}]}""");
            },
            new QueryRequest("T | where TimeGenerated > ago(5m)", Now.AddHours(-3)));

        using var body = JsonDocument.Parse(sent);
        Assert.Equal(
            "T | where TimeGenerated > (datetime(2026-03-02T09:00:00.0000000Z) - (5m))",
            body.RootElement.GetProperty("query").GetString());
    }

    [Fact]
    public async Task SendAsync_ResourceScopeAndSearch_UseTheirPaths()
    {
        var paths = new List<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            paths.Add(context.Request.Path + context.Request.QueryString.ToString());
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        var client = Client(server);

        await client.SendAsync(new LogQuery { Text = "T", Scope = "/subscriptions/s/resourceGroups/r g" }, TestContext.Current.CancellationToken);
        await client.SendAsync(
            new LogQuery { Text = "T", Scope = "w", UseSearch = true, TimeRange = new TimeRange(Now.AddDays(-1), Now) },
            TestContext.Current.CancellationToken);

        Assert.Equal("/v1/subscriptions/s/resourceGroups/r%20g/query", paths[0]);
        Assert.StartsWith("/v1/workspaces/w/search?timespan=2026-03-01T12%3A00", paths[1]);
    }

    [Fact]
    public async Task SendAsync_SeveralWorkspaces_AreNamedInTheBody()
    {
        JsonElement body = default;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            context.Response.StatusCode = 204;
        });

        await Client(server).SendAsync(
            new LogQuery { Text = "T", Scope = "w-1", AdditionalWorkspaces = ["w-2", "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w-3"] },
            TestContext.Current.CancellationToken);

        Assert.Equal(
            ["w-2", "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w-3"],
            body.GetProperty("workspaces").EnumerateArray().Select(workspace => workspace.GetString()));
    }

    public static TheoryData<string, string, string> Clouds => new()
    {
        { "public", "api.loganalytics.azure.com", "https://api.loganalytics.io/.default" },
        { "government", "api.loganalytics.us", "https://api.loganalytics.us/.default" },
        { "china", "api.loganalytics.azure.cn", "https://api.loganalytics.azure.cn/.default" },
    };

    [Theory]
    [MemberData(nameof(Clouds))]
    public async Task SendAsync_InEachCloud_AsksItsHostWithItsToken(string cloud, string host, string scope)
    {
        var options = cloud switch
        {
            "government" => LogAnalyticsOptions.AzureGovernment,
            "china" => LogAnalyticsOptions.AzureChina,
            _ => LogAnalyticsOptions.AzurePublic,
        };
        var credential = new RecordingCredential();
        using var transport = new RecordingTransport();

        await new LogAnalyticsClient(options, credential, new FakeTimeProvider(Now), transport)
            .SendAsync(new LogQuery { Text = "T", Scope = "w" }, TestContext.Current.CancellationToken);

        Assert.Equal((host, "Bearer the-token", scope), (transport.Host, transport.Authorization, Assert.Single(credential.Scopes)));
    }

    [Theory]
    [InlineData(180)]
    [InlineData(600)]
    public async Task SendAsync_ServerTimeout_IsAskedForAndWaitedLongerThan(int seconds)
    {
        using var transport = new RecordingTransport();
        var options = LogAnalyticsOptions.AzurePublic with { ServerTimeout = TimeSpan.FromSeconds(seconds) };

        await new LogAnalyticsClient(options, new RecordingCredential(), new FakeTimeProvider(Now), transport)
            .SendAsync(new LogQuery { Text = "T", Scope = "w" }, TestContext.Current.CancellationToken);

        Assert.Equal(($"wait={seconds}", TimeSpan.FromSeconds(seconds + 15)), (transport.Prefer, transport.NetworkTimeout));
    }

    [Fact]
    public async Task QueryAsync_PartialError_KeepsRowsAndSaysWhy()
    {
        const string Body = """
            {"tables":[{"name":"PrimaryResult","columns":[{"name":"A","type":"long"}],"rows":[[1],[2]]},{"name":"Other","columns":[],"rows":[[[3]]]}],
            "statistics":{"a":{"b":[1,2]}},
            "error":{"code":"PartialError","message":"There were some errors.","details":[{"code":"E1","message":"m1","innererror":{"code":"E2","message":"too large"}}]}}
            """;

        var answer = Assert.IsType<QueryAnswer>(await AskAsync(context => Json(context, Body)));

        Assert.Equal(2, answer.Table.Rows.Count);
        Assert.Equal("PartialError: There were some errors. > E1: m1 > E2: too large", answer.PartialError);
    }

    [Fact]
    public async Task QueryAsync_TableOnTheBasicPlan_IsSearchedAndTheNextRunAsksThereAtOnce()
    {
        var paths = new List<string>();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            paths.Add($"{context.Request.Path}{context.Request.QueryString}");
            if (context.Request.Path.Value!.EndsWith("/query", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync(BasicTable);
            }
            else
            {
                await Json(context, """{"tables":[{"name":"T","columns":[{"name":"A","type":"long"}],"rows":[[1]]}]}""");
            }
        });
        var time = new FakeTimeProvider(Now);
        var options = Options(server.Address);
        var engine = new LogAnalyticsQueryEngine(new LogAnalyticsClient(options, new NoCredential(), time), options, "w-1");

        for (var run = 0; run < 3; run++)
        {
            var now = time.GetUtcNow();
            var request = new QueryRequest($"ContainerLogV2 | where ingestion_time() > datetime({now:O})", now, new TimeRange(now.AddHours(-1), now));
            Assert.IsType<QueryAnswer>(await engine.QueryAsync(request, TestContext.Current.CancellationToken));
            time.Advance(TimeSpan.FromMinutes(40));
        }

        Assert.Equal(["query", "search", "search", "query", "search"], paths.Select(path => path.Split('?')[0].Split('/')[^1]));
        Assert.StartsWith("/v1/workspaces/w-1/search?timespan=2026-03-02T11%3A00", paths[1]);
    }

    [Fact]
    public async Task QueryAsync_TableOnTheBasicPlanAndAQueryThatIsTooMuchForIt_SaysWhatOfIt()
    {
        var asked = 0;

        var failed = Assert.IsType<QueryFailed>(await AskAsync(
            async context =>
            {
                asked++;
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/query", StringComparison.Ordinal)
                    ? BasicTable
                    : """{"error":{"code":"BadArgumentError","message":"m"}}""");
            },
            new QueryRequest("let f = () { AKSAudit };\nf | join kind=inner (Perf) on Computer", Now, new TimeRange(Now.AddHours(-1), Now))));

        Assert.Equal((2, false), (asked, failed.Retryable));
        Assert.Equal(
            "A table of the query is on the Basic or Auxiliary plan, whose queries read one such table and up to 5 on the Analytics plan by union and lookup;"
            + " this one has a function of its own (f), 'join'. Change the query, or the table's plan. HTTP 400: BadArgumentError: m",
            failed.Detail);
    }

    [Fact]
    public async Task QueryAsync_MoreRowsThanKept_AreCounted()
    {
        var options = Options(new Uri("http://127.0.0.1")) with { MaxRows = 1 };

        var answer = Assert.IsType<QueryAnswer>(await AskAsync(
            context => Json(context, """{"tables":[{"name":"T","columns":[{"name":"A","type":"long"}],"rows":[[1],[2],[3]]}]}"""), options: options));

        Assert.Single(answer.Table.Rows);
        Assert.Equal("2 rows beyond the first 1 were not kept.", answer.PartialError);
    }

    [Fact]
    public async Task QueryAsync_MoreBytesThanKept_KeepsTheRowThatCrossesAndCountsTheRest()
    {
        var options = Options(new Uri("http://127.0.0.1")) with { MaxBytes = 150 };

        var answer = Assert.IsType<QueryAnswer>(await AskAsync(
            context => Json(context, """
                {"tables":[{"name":"T","columns":[{"name":"A","type":"string"},{"name":"Y","type":"dynamic"}],
                "rows":[["a","[]"],["b",null],["c","{\"a\":[1,2]}"],["d",[[],{"b":1}]]]}],
                "error":{"code":"PartialError","message":"m"}}
                """),
            options: options));

        Assert.Equal("a", Assert.Single(answer.Table.Rows)[0]);
        Assert.Equal("3 rows beyond the first 1 were not kept. PartialError: m", answer.PartialError);
    }

    [Theory]
    [InlineData(200, "", null, typeof(QueryFailed))]
    [InlineData(204, "", null, typeof(QueryTableNotFound))]
    [InlineData(200, """{"tables":[{"name":"T","columns":[{"name":"A","type":"long"}],"rows":[[1],[2""", null, typeof(QueryFailed))]
    [InlineData(200, """{"tables":[{"name":"T","columns":[{"name":"A","type":"long"}],"rows":[["x"]]}]}""", null, typeof(QueryFailed))]
    [InlineData(200, """{"tables":[{"name":"T","columns":[{"name":"A","type":"long"}],"rows":[[1,2]]}]}""", null, typeof(QueryFailed))]
    [InlineData(200, "<html>proxy</html>", null, typeof(QueryFailed))]
    [InlineData(400, """{"error":{"code":"BadArgumentError","message":"m","innererror":{"code":"SemanticError","message":"n","innererror":{"code":"SEM0100","message":"'where' operator: Failed to resolve table or column expression named 'Nope'"}}}}""", null, typeof(QueryTableNotFound))]
    [InlineData(400, """{"error":{"code":"BadArgumentError","message":"m","innererror":{"code":"SyntaxError","message":"n","innererror":{"code":"SYN0002","message":"o","line":1,"pos":3,"token":"Not"}}}}""", null, typeof(QueryFailed))]
    [InlineData(403, """{"error":{"code":"InsufficientAccessError","message":"m"}}""", null, typeof(QueryFailed))]
    [InlineData(429, "slow down", "17", typeof(QueryThrottled))]
    [InlineData(429, "", null, typeof(QueryThrottled))]
    [InlineData(503, "", null, typeof(QueryFailed))]
    [InlineData(504, """{"error":{"code":"GatewayTimeout","message":"Unable to unzip response"}}""", null, typeof(QueryFailed))]
    public async Task QueryAsync_Answers_BecomeOutcomes(int status, string body, string? retryAfter, Type expected)
    {
        var outcome = await AskAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            await context.Response.WriteAsync(body);
        });

        Assert.IsType(expected, outcome);
        if (outcome is QueryThrottled throttled)
        {
            Assert.Equal(retryAfter is null ? null : TimeSpan.FromSeconds(17), throttled.RetryAfter);
        }
    }

    [Fact]
    public async Task QueryAsync_RetryAfterAsDate_IsReadAgainstTheClock()
    {
        var outcome = await AskAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = Now.AddSeconds(40).ToString("R");
            return Task.CompletedTask;
        });

        Assert.Equal(TimeSpan.FromSeconds(40), Assert.IsType<QueryThrottled>(outcome).RetryAfter);
    }

    [Fact]
    public async Task QueryAsync_SyntaxError_TellsThePlace()
    {
        const string Body = """{"error":{"message":"m","code":"BadArgumentError","innererror":{"code":"SyntaxError","message":"n","innererror":{"code":"SYN0002","message":"o","line":1,"pos":3,"token":"Not"}}}}""";

        var failed = Assert.IsType<QueryFailed>(await AskAsync(async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(Body);
        }));

        Assert.False(failed.Retryable);
        Assert.Equal("HTTP 400: BadArgumentError: m > SyntaxError: n > SYN0002: o (line 1, position 3)", failed.Detail);
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(429, 1)]
    [InlineData(504, 1)]
    [InlineData(400, 1)]
    public async Task QueryAsync_FailingService_IsAskedAgainOnlyWhereThatMayHelp(int status, int requests)
    {
        var asked = 0;

        await AskAsync(context =>
        {
            asked++;
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        Assert.Equal(requests, asked);
    }

    [Fact]
    public async Task QueryAsync_ConnectionReset_IsRetryable()
    {
        var failed = Assert.IsType<QueryFailed>(await AskAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }));

        Assert.True(failed.Retryable);
    }

    [Fact]
    public void Constructor_PlainHttpToAnotherMachine_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new LogAnalyticsClient(Options(new Uri("http://example.org")), new NoCredential(), TimeProvider.System));

    private static Task Json(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    private static LogAnalyticsOptions Options(Uri endpoint) => LogAnalyticsOptions.AzurePublic with { Endpoint = endpoint, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private static LogAnalyticsClient Client(LoopbackServer server) => new(Options(server.Address), new NoCredential(), new FakeTimeProvider(Now));

    private static async Task<QueryOutcome> AskAsync(RequestDelegate answer, QueryRequest? request = null, LogAnalyticsOptions? options = null)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        var engine = new LogAnalyticsQueryEngine(Client(server), options ?? Options(server.Address), "w-1");
        return await engine.QueryAsync(request ?? new QueryRequest("T", Now), TestContext.Current.CancellationToken);
    }
}
