namespace AlertFunctions.Kql.Functions;

/// <summary>
/// The units that the convert_ functions take, each as so many of its quantity's base unit. Listed are units that an
/// international agreement defines exactly; the service's factors of the others are not published (those that the pages print
/// are rounded), so that a conversion with one of them is refused.
/// Sources: learn.microsoft.com/kusto/query/convert-length-function and the pages beside it; the SI Brochure; the international
/// yard and pound agreement of 1959.
/// </summary>
internal static class UnitFactors
{
    private const double Inch = 0.0254;
    private const double Foot = 0.3048;
    private const double Yard = 0.9144;
    private const double Mile = 1609.344;
    private const double Pound = 0.45359237;
    private const double Gravity = 9.80665;
    private const double Hour = 3600;
    private const double Gallon = 231 * Inch * Inch * Inch;
    private const double ImperialGallon = 0.00454609;
    private const double Calorie = 4.184;
    private const double ElectronVolt = 1.602176634e-19;

    /// <summary>By quantity (the word behind convert_), each unit's size; NaN for a documented unit that is refused.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> ByQuantity =
        new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal)
        {
            ["angle"] = Units(
                ("Degree", 1), ("Arcminute", 1 / 60.0), ("Arcsecond", 1 / 3600.0), ("Millidegree", 1e-3), ("Microdegree", 1e-6),
                ("Nanodegree", 1e-9), ("Gradian", 0.9), ("Revolution", 360), ("Radian", 180 / Math.PI),
                ("Deciradian", 18 / Math.PI), ("Centiradian", 1.8 / Math.PI), ("Milliradian", 0.18 / Math.PI),
                ("Microradian", 1.8e-4 / Math.PI), ("Nanoradian", 1.8e-7 / Math.PI), ("NatoMil", double.NaN), ("Tilt", double.NaN)),
            ["energy"] = Units(
                ("Joule", 1), ("Kilojoule", 1e3), ("Megajoule", 1e6), ("Gigajoule", 1e9), ("Millijoule", 1e-3), ("Erg", 1e-7),
                ("WattHour", Hour), ("KilowattHour", 1e3 * Hour), ("MegawattHour", 1e6 * Hour), ("GigawattHour", 1e9 * Hour),
                ("TerawattHour", 1e12 * Hour), ("WattDay", 24 * Hour), ("KilowattDay", 24e3 * Hour), ("MegawattDay", 24e6 * Hour),
                ("GigawattDay", 24e9 * Hour), ("TerawattDay", 24e12 * Hour), ("Calorie", Calorie), ("Kilocalorie", 1e3 * Calorie),
                ("Megacalorie", 1e6 * Calorie), ("BritishThermalUnit", 1055.05585262), ("KilobritishThermalUnit", 1055.05585262e3),
                ("MegabritishThermalUnit", 1055.05585262e6), ("GigabritishThermalUnit", 1055.05585262e9),
                ("ElectronVolt", ElectronVolt), ("KiloelectronVolt", 1e3 * ElectronVolt), ("MegaelectronVolt", 1e6 * ElectronVolt),
                ("GigaelectronVolt", 1e9 * ElectronVolt), ("TeraelectronVolt", 1e12 * ElectronVolt),
                ("DecathermEc", double.NaN), ("DecathermImperial", double.NaN), ("DecathermUs", double.NaN), ("FootPound", double.NaN),
                ("HorsepowerHour", double.NaN), ("ThermEc", double.NaN), ("ThermImperial", double.NaN), ("ThermUs", double.NaN)),
            ["force"] = Units(
                ("Newton", 1), ("Decanewton", 10), ("Kilonewton", 1e3), ("Meganewton", 1e6), ("Millinewton", 1e-3),
                ("Micronewton", 1e-6), ("Dyn", 1e-5), ("KilogramForce", Gravity), ("KiloPond", Gravity), ("TonneForce", 1e3 * Gravity),
                ("KilopoundForce", double.NaN), ("OunceForce", double.NaN), ("Poundal", double.NaN), ("PoundForce", double.NaN),
                ("ShortTonForce", double.NaN)),
            ["length"] = Units(
                ("Meter", 1), ("Decameter", 10), ("Hectometer", 100), ("Kilometer", 1e3), ("Decimeter", 0.1), ("Centimeter", 0.01),
                ("Millimeter", 1e-3), ("Micrometer", 1e-6), ("Nanometer", 1e-9), ("Angstrom", 1e-10), ("Inch", Inch), ("Foot", Foot),
                ("Yard", Yard), ("Mile", Mile), ("Mil", Inch / 1000), ("Microinch", Inch / 1e6), ("Hand", 4 * Inch),
                ("Fathom", 6 * Foot), ("NauticalMile", 1852), ("Chain", 22 * Yard), ("Twip", Inch / 1440),
                ("AstronomicalUnit", double.NaN), ("DataMile", double.NaN), ("DtpPica", double.NaN), ("DtpPoint", double.NaN),
                ("KilolightYear", double.NaN), ("Kiloparsec", double.NaN), ("LightYear", double.NaN), ("MegalightYear", double.NaN),
                ("Megaparsec", double.NaN), ("Parsec", double.NaN), ("PrinterPica", double.NaN), ("PrinterPoint", double.NaN),
                ("Shackle", double.NaN), ("SolarRadius", double.NaN), ("UsSurveyFoot", double.NaN)),
            ["mass"] = Units(
                ("Gram", 1e-3), ("Kilogram", 1), ("Tonne", 1e3), ("Kilotonne", 1e6), ("Megatonne", 1e9), ("Decagram", 1e-2),
                ("Hectogram", 0.1), ("Decigram", 1e-4), ("Centigram", 1e-5), ("Milligram", 1e-6), ("Microgram", 1e-9),
                ("Nanogram", 1e-12), ("Pound", Pound), ("Kilopound", 1e3 * Pound), ("Megapound", 1e6 * Pound), ("Ounce", Pound / 16),
                ("Stone", 14 * Pound), ("ShortTon", 2000 * Pound), ("LongTon", 2240 * Pound), ("ShortHundredweight", 100 * Pound),
                ("LongHundredweight", 112 * Pound), ("Grain", Pound / 7000), ("EarthMass", double.NaN), ("SolarMass", double.NaN),
                ("Slug", double.NaN)),
            ["speed"] = Speeds(),
            ["temperature"] = Units(
                ("DegreeCelsius", 1), ("MillidegreeCelsius", 1e-3), ("Kelvin", 1), ("DegreeFahrenheit", 5 / 9.0), ("DegreeRankine", 5 / 9.0),
                ("DegreeDelisle", -2 / 3.0), ("DegreeNewton", 100 / 33.0), ("DegreeReaumur", 1.25), ("DegreeRoemer", 40 / 21.0),
                ("SolarTemperature", double.NaN)),
            ["volume"] = Units(
                ("CubicMeter", 1), ("CubicDecimeter", 1e-3), ("CubicCentimeter", 1e-6), ("CubicMillimeter", 1e-9),
                ("CubicMicrometer", 1e-18), ("CubicKilometer", 1e9), ("CubicHectometer", 1e6), ("Liter", 1e-3), ("Decaliter", 1e-2),
                ("Hectoliter", 0.1), ("Kiloliter", 1), ("Megaliter", 1e3), ("Deciliter", 1e-4), ("Centiliter", 1e-5),
                ("Milliliter", 1e-6), ("Microliter", 1e-9), ("CubicInch", Inch * Inch * Inch), ("CubicFoot", Foot * Foot * Foot),
                ("CubicYard", Yard * Yard * Yard), ("CubicMile", Mile * Mile * Mile), ("HectocubicMeter", 100), ("KilocubicMeter", 1e3),
                ("UsGallon", Gallon), ("ImperialGallon", ImperialGallon), ("ImperialPint", ImperialGallon / 8),
                ("ImperialOunce", ImperialGallon / 160), ("UsQuart", Gallon / 4), ("UsPint", Gallon / 8), ("UsOunce", Gallon / 128),
                ("OilBarrel", 42 * Gallon),

                // The page's example gives this factor.
                ("AcreFoot", 1 / 0.000810714),
                ("AuTablespoon", double.NaN), ("BoardFoot", double.NaN), ("DecausGallon", double.NaN), ("DeciusGallon", double.NaN),
                ("HectocubicFoot", double.NaN), ("HectousGallon", double.NaN), ("ImperialBeerBarrel", double.NaN),
                ("KilocubicFoot", double.NaN), ("KiloimperialGallon", double.NaN), ("KilousGallon", double.NaN),
                ("MegacubicFoot", double.NaN), ("MegaimperialGallon", double.NaN), ("MegausGallon", double.NaN),
                ("MetricCup", double.NaN), ("MetricTeaspoon", double.NaN), ("UkTablespoon", double.NaN), ("UsBeerBarrel", double.NaN),
                ("UsCustomaryCup", double.NaN), ("UsLegalCup", double.NaN), ("UsTablespoon", double.NaN), ("UsTeaspoon", double.NaN)),
        };

    /// <summary>The degrees Celsius at the zero of a unit of temperature; 0 for any other unit.</summary>
    public static double Zero(object? unit) => unit switch
    {
        "Kelvin" or "DegreeRankine" => -273.15,
        "DegreeFahrenheit" => -160 / 9.0,
        "DegreeDelisle" => 100,
        "DegreeRoemer" => -100 / 7.0,
        _ => 0,
    };

    private static Dictionary<string, double> Units(params (string Name, double Size)[] units) =>
        units.ToDictionary(unit => unit.Name, unit => unit.Size, StringComparer.Ordinal);

    private static Dictionary<string, double> Speeds()
    {
        var speeds = Units(("Knot", 1852 / Hour), ("MilePerHour", Mile / Hour));
        foreach (var (unit, length, hasHour) in (ReadOnlySpan<(string, double, bool)>)
            [
                ("Meter", 1, true), ("Kilometer", 1e3, true), ("Decimeter", 0.1, false), ("Centimeter", 0.01, true),
                ("Millimeter", 1e-3, true), ("Micrometer", 1e-6, false), ("Nanometer", 1e-9, false), ("Inch", Inch, true),
                ("Foot", Foot, true), ("Yard", Yard, true), ("UsSurveyFoot", double.NaN, true),
            ])
        {
            speeds[unit + "PerSecond"] = length;
            speeds[unit + "PerMinute"] = length / 60;
            if (hasHour)
            {
                speeds[unit + "PerHour"] = length / Hour;
            }
        }

        return speeds;
    }
}
