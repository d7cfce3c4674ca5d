import Foundation
import Testing

@testable import Core

@Suite struct MoneyTests {
    private static let least = Money(picodollars: Int128.min)

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0e-400", 0), ("0.0e400", 0), ("5", 5_000_000_000_000), ("+5", 5_000_000_000_000),
        ("-1.5", -1_500_000_000_000), ("007", 7_000_000_000_000), ("5.", 5_000_000_000_000), (".5", 500_000_000_000),
        ("0.00002", 20_000_000), ("2.5e-6", 2_500_000), ("2.5E+1", 25_000_000_000_000), ("1e-12", 1), ("-1e-12", -1),
        ("0.000000000001", 1), ("1.0000000000000", 1_000_000_000_000), ("10e-13", 1), ("1200e-14", 12),
        ("1_000", 1_000_000_000_000_000), ("1_0.0_5", 10_050_000_000_000), ("0.000_000_000_001", 1),
    ])
    func decimalsAreReadExactly(_ text: String, _ picodollars: Int) throws {
        #expect(try Money(dollars: text) == Money(picodollars: picodollars))
    }

    @Test(arguments: [
        "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e1.5", "1e5e5", "1e_5", "1e401", "1e-401",
        "1e99999999999999999999",
        "abc", "NaN", "inf", "0x10", "1.2.3", "1,5", "$5", "5$", " 1", "1 ", "--1", "+-1", "_1", "1._5", "١", "½",
        "5\n",
        String(repeating: "0", count: 401),
    ])
    func whatIsNoDecimalIsRefused(_ text: String) {
        #expect(throws: Money.ParseError.notANumber) { try Money(dollars: text) }
    }

    @Test func fourHundredDigitsAreStillRead() throws {
        #expect(try Money(dollars: String(repeating: "0", count: 399) + "7").dollars == "7")
    }

    @Test(arguments: ["1e-13", "1e-14", "5e-400", "0.0000000000001", "1.0000000000005", "105e-13", "-1e-13"])
    func digitsBelowAPicodollarAreRefusedAndNotRounded(_ text: String) {
        #expect(throws: Money.ParseError.finerThanPicodollar) { try Money(dollars: text) }
    }

    @Test(arguments: ["1e12", "1000000000000", "-1000000000000", "1e400", "1000000000000.000000000001", "10e11"])
    func amountsOfAMillionMillionAreTooLarge(_ text: String) {
        #expect(throws: Money.ParseError.tooLarge) { try Money(dollars: text) }
    }

    @Test(arguments: ["999999999999.999999999999", "-999999999999.999999999999", "100000000000", "0.1", "-0.000123"])
    func textComesBackAsItWasRead(_ text: String) throws {
        #expect(try Money(dollars: text).dollars == text)
    }

    @Test func dollarsArePlainDecimalsWithoutTrailingZeros() throws {
        #expect(Money.zero.dollars == "0")
        #expect(try Money(dollars: "5.00").dollars == "5")
        #expect(try Money(dollars: "1.230e-4").dollars == "0.000123")
        #expect(try Money(dollars: "-1.50").dollars == "-1.5")
        #expect(Money(picodollars: 1).dollars == "0.000000000001")
        #expect(Money(picodollars: -1_000_000_000_001).dollars == "-1.000000000001")
        #expect(Money.greatest.dollars == "170141183460469231731687303.715884105727")
        #expect(Self.least.dollars == "-170141183460469231731687303.715884105728")
    }

    @Test(arguments: [
        ("0.5", 0, "1"), ("0.499999999999", 0, "0"), ("1.5", 0, "2"), ("-0.5", 0, "-1"), ("-0.4", 0, "0"),
        ("9.5", 0, "10"), ("12", 0, "12"), ("0.305", 2, "0.31"), ("0.304999999999", 2, "0.30"), ("-1.005", 2, "-1.01"),
        ("-0.004", 2, "0.00"), ("0.995", 2, "1.00"), ("5", 2, "5.00"), ("123.4567895", 6, "123.456790"),
        ("0.0000005", 6, "0.000001"), ("0.000000499999", 6, "0.000000"), ("-0.0000005", 6, "-0.000001"),
        ("-0.000000499999", 6, "0.000000"), ("0.000000000005", 11, "0.00000000001"),
        ("0.000000000004", 11, "0.00000000000"), ("0.000000000001", 12, "0.000000000001"),
        ("-1", 12, "-1.000000000000"), ("0.000000000001", 13, "0.000000000001"), ("1.5", -1, "2"),
    ])
    func roundingIsHalfAwayFromZero(_ text: String, _ decimals: Int, _ expected: String) throws {
        #expect(try Money(dollars: text).dollars(decimals: decimals) == expected)
    }

    @Test func endsOfTheRangeAreRoundedWithoutOverflow() {
        #expect(Money.greatest.dollars(decimals: 0) == "170141183460469231731687304")
        #expect(Self.least.dollars(decimals: 0) == "-170141183460469231731687304")
        #expect(Self.least.dollars(decimals: 12) == "-170141183460469231731687303.715884105728")
    }

    @Test func sumsAreExactAndSaturate() throws {
        #expect(try (Money(dollars: "0.1") + Money(dollars: "0.2")).dollars == "0.3")
        #expect(try (Money(dollars: "0.1") - Money(dollars: "0.3")).dollars == "-0.2")
        let one = Money(picodollars: 1)
        #expect(Money.greatest + one == .greatest)
        #expect(Self.least + Money(picodollars: -1) == Self.least)
        #expect(Self.least - one == Self.least)
        #expect(Money.greatest - Money(picodollars: -1) == .greatest)
        #expect(Money.greatest + Self.least == Money(picodollars: -1))
        var sum = try Money(dollars: "1.25")
        sum += try Money(dollars: "0.75")
        #expect(sum.dollars == "2")
    }

    @Test func productsAreExactAndSaturate() throws {
        #expect(try (Money(dollars: "0.0000025") * 1_000_000).dollars == "2.5")
        #expect(try (Money(dollars: "0.5") * -3).dollars == "-1.5")
        #expect(Money.greatest * 0 == .zero)
        #expect(Money.greatest * 2 == .greatest)
        #expect(Money.greatest * -2 == Self.least)
        #expect(Self.least * 2 == Self.least)
        #expect(Self.least * -1 == .greatest)
        #expect(Money(picodollars: 1) * UInt128.max == .greatest)
    }

    @Test func countsBeyondTheRangeAreClamped() {
        #expect(Money(picodollars: UInt128.max) == .greatest)
        #expect(Money(picodollars: UInt64.max).picodollars == Int128(UInt64.max))
    }

    @Test func amountsAreOrderedByValue() throws {
        let texts = ["-2", "-0.1", "0", "0.000000000001", "0.1", "10", "9e10"]
        let amounts = try texts.map { try Money(dollars: $0) }
        #expect(amounts.shuffled().sorted() == amounts)
        #expect(Self.least < .zero && Money.zero < .greatest)
        #expect(!(Money.zero < .zero))
    }

    @Test func codedFormIsADecimalString() throws {
        let amounts = try [Money(dollars: "0.000123"), Money(dollars: "-5"), .zero]
        let bytes = try JSONEncoder().encode(amounts)
        #expect(String(decoding: bytes, as: UTF8.self) == #"["0.000123","-5","0"]"#)
        #expect(try JSONDecoder().decode([Money].self, from: bytes) == amounts)
    }

    @Test func codedFormThatIsNoAmountIsRefused() {
        #expect(throws: Money.ParseError.notANumber) {
            try JSONDecoder().decode([Money].self, from: Data(#"["five"]"#.utf8))
        }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Money].self, from: Data("[0.1]".utf8)) }
    }
}
