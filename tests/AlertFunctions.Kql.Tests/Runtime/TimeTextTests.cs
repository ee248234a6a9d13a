using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Tests.Runtime;

/// <summary>Text of datetimes and timespans. Source: learn.microsoft.com/kusto/query/scalar-data-types/datetime and .../timespan.</summary>
public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2014-05-25T08:20:03.123456Z", "2014-05-25T08:20:03.1234560Z")]
    [InlineData("2014-05-25T08:20:03.123456", "2014-05-25T08:20:03.1234560Z")]
    [InlineData("2014-05-25T08:20", "2014-05-25T08:20:00.0000000Z")]
    [InlineData("2014-11-08 15:55:55.123456Z", "2014-11-08T15:55:55.1234560Z")]
    [InlineData("2014-11-08 15:55", "2014-11-08T15:55:00.0000000Z")]
    [InlineData("2014-11-08", "2014-11-08T00:00:00.0000000Z")]
    [InlineData("Sat, 8 Nov 14 15:05:02 GMT", "2014-11-08T15:05:02.0000000Z")]
    [InlineData("Sat, 8 Nov 14 15:05", "2014-11-08T15:05:00.0000000Z")]
    [InlineData("8 Nov 14 15:05 GMT", "2014-11-08T15:05:00.0000000Z")]
    [InlineData("Saturday, 08-Nov-14 15:05:02 GMT", "2014-11-08T15:05:02.0000000Z")]
    [InlineData("08-Nov-14 15:05", "2014-11-08T15:05:00.0000000Z")]
    [InlineData("2014-11-08 15:05:25 GMT", "2014-11-08T15:05:25.0000000Z")]
    [InlineData("2014-11-08T15:05 GMT", "2014-11-08T15:05:00.0000000Z")]
    [InlineData("2015-12-31 23:59:59.9", "2015-12-31T23:59:59.9000000Z")]
    [InlineData("12-02-2022", "2022-12-02T00:00:00.0000000Z")]
    [InlineData("2022-01-01T10:00:00+02:00", "2022-01-01T08:00:00.0000000Z")]
    [InlineData("2022-01-01T10:00:00.12345678Z", "2022-01-01T10:00:00.1234567Z")]
    [InlineData("3/1/2022 1:05:00 PM", "2022-03-01T13:05:00.0000000Z")]
    public void Parse_DocumentedFormats_GivesInstant(string text, string expected) =>
        Assert.Equal(expected, DateTimeText.Format(DateTimeText.Parse(text)!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("2014-13-01")]
    [InlineData("2014-02-30")]
    [InlineData("0000-01-01")]
    [InlineData("2014-01-01T25:00")]
    [InlineData("10:00")]
    [InlineData("2014-01-01T10:00 XYZ")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    public void Parse_OtherText_GivesNull(string text) => Assert.Null(DateTimeText.Parse(text));

    [Theory]
    [InlineData("0.00:03:00", "00:03:00")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("0.1s", "00:00:00.1000000")]
    [InlineData("100ms", "00:00:00.1000000")]
    [InlineData("10microsecond", "00:00:00.0000100")]
    [InlineData("1tick", "00:00:00.0000001")]
    [InlineData("15 seconds", "00:00:15")]
    [InlineData("2", "2.00:00:00")]
    [InlineData("0.12:34:56.7", "12:34:56.7000000")]
    [InlineData("-01:00:00", "-01:00:00")]
    [InlineData("12.23:45:00", "12.23:45:00")]
    public void ParseTimeSpan_DocumentedFormats_GivesSpan(string text, string expected) =>
        Assert.Equal(expected, TimeSpanText.Format(TimeSpanText.Parse(text)!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("25:00:00")]
    [InlineData("1 fortnight")]
    [InlineData("99999999999d")]
    public void ParseTimeSpan_OtherText_GivesNull(string text) => Assert.Null(TimeSpanText.Parse(text));

    [Theory]
    [InlineData("2017-01-29 09:00:05", "yy-MM-dd [HH:mm:ss]", "17-01-29 [09:00:05]")]
    [InlineData("2017-01-29 09:00:05", "yyyy-M-dd [H:mm:ss]", "2017-1-29 [9:00:05]")]
    [InlineData("2017-01-29 09:00:05", "yy-MM-dd [hh:mm:ss tt]", "17-01-29 [09:00:05 AM]")]
    [InlineData("2009-06-15T13:45:30.0001150", "FFFFFFF", "000115")]
    [InlineData("2009-06-15T13:45:30.05", "F", "")]
    [InlineData("2009-06-15T13:45:30.6175425", "fffffff", "6175425")]
    [InlineData("2009-06-15T00:45:30", "h", "12")]
    public void FormatDateTime_Elements_AreAsDocumented(string date, string format, string expected) =>
        Assert.Equal(expected, TimeFormat.FormatDateTime(DateTimeText.Parse(date)!.Value, format));

    [Theory]
    [InlineData("29.09:00:05.12345", "dd.hh:mm:ss:FF", "29.09:00:05:12")]
    [InlineData("29.09:00:05.12345", "ddd.h:mm:ss [fffffff]", "029.9:00:05 [1234500]")]
    public void FormatTimeSpan_Elements_AreAsDocumented(string span, string format, string expected) =>
        Assert.Equal(expected, TimeFormat.FormatTimeSpan(TimeSpanText.Parse(span)!.Value, format));

    [Theory]
    [InlineData("yyyyy")]
    [InlineData("x")]
    [InlineData("yyyy!MM")]
    public void Format_UndocumentedElement_GivesNull(string format) => Assert.Null(TimeFormat.FormatDateTime(0, format));

    [Theory]
    [InlineData("year", "2017-01-01", "2000-12-31", 17)]
    [InlineData("quarter", "2017-07-01", "2017-03-30", 2)]
    [InlineData("month", "2017-01-01", "2015-12-30", 13)]
    [InlineData("week", "2017-10-29 00:00", "2017-09-30 23:59", 5)]
    [InlineData("day", "2017-10-29 00:00", "2017-09-30 23:59", 29)]
    [InlineData("minute", "2017-10-30 23:05:01", "2017-10-30 23:00:59", 5)]
    [InlineData("nanosecond", "2017-10-30 23:00:00.0000000", "2017-10-30 23:00:00.0000007", -700)]
    public void Difference_Periods_CountBoundaries(string period, string first, string second, long expected) =>
        Assert.Equal(expected, TimeRuntime.Difference(period, DateTimeText.Parse(first)!.Value, DateTimeText.Parse(second)!.Value));

    [Theory]
    [InlineData("month", -15, "2017-01-01", "2015-10-01T00:00:00.0000000Z")]
    [InlineData("week", 100, "2017-01-01", "2018-12-02T00:00:00.0000000Z")]
    [InlineData("month", 1, "2017-01-31", "2017-02-28T00:00:00.0000000Z")]
    public void Add_Periods_MovesDate(string period, long amount, string date, string expected) =>
        Assert.Equal(expected, DateTimeText.Format(TimeRuntime.Add(period, amount, DateTimeText.Parse(date)!.Value)!.Value));

    [Fact]
    public void Add_BeyondYear9999_GivesNull() => Assert.Null(TimeRuntime.Add("year", 9000, DateTimeText.Parse("2017-01-01")!.Value));
}
