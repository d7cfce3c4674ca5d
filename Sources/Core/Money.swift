/// An exact amount of United States dollars, counted in whole pico-dollars (1e-12 $).
///
/// Every price published by the providers is a whole number of pico-dollars for one token, so sums and products
/// are exact. Arithmetic saturates at the ends of the range instead of trapping.
public struct Money: Hashable, Comparable, Sendable {
    /// The amount in pico-dollars.
    public let picodollars: Int128

    public static let zero = Money(picodollars: 0)
    /// The largest amount: what an overflowing sum becomes.
    public static let greatest = Money(picodollars: Int128.max)

    static let picodollarsPerDollar: Int128 = 1_000_000_000_000
    private static let fractionDigits = 12

    @inlinable public init(picodollars: some BinaryInteger) {
        self.picodollars = Int128(clamping: picodollars)
    }

    /// Why a text is not an amount of money.
    public enum ParseError: Error, Hashable, Sendable {
        /// The text is not a decimal number.
        case notANumber
        /// The number has digits below a pico-dollar.
        case finerThanPicodollar
        /// The number is larger than any amount this program handles (a million million dollars).
        case tooLarge
    }

    /// Reads a decimal number of dollars, with or without an exponent (`5`, `0.00002`, `2.5e-6`), exactly.
    ///
    /// Underscores between digits are accepted, as YAML 1.1 does. Throws ``ParseError``; never rounds.
    public init(dollars text: String) throws(ParseError) {
        guard let decimal = DecimalText(text) else { throw .notANumber }
        let shift = decimal.exponent + Self.fractionDigits
        var digits = decimal.digits.drop(while: { $0 == 0 })
        guard !digits.isEmpty else {
            picodollars = 0
            return
        }
        if shift < 0 {
            guard -shift <= digits.count, digits.suffix(-shift).allSatisfy({ $0 == 0 }) else {
                throw .finerThanPicodollar
            }
            digits = digits.dropLast(-shift)
        }
        guard digits.count + max(shift, 0) <= 2 * Self.fractionDigits else { throw .tooLarge }
        var value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        for _ in 0..<max(shift, 0) { value *= 10 }
        picodollars = decimal.isNegative ? -value : value
    }

    /// The amount in dollars as a plain decimal without an exponent and without trailing zeros: `0.000123`, `5`, `-1.5`.
    public var dollars: String {
        let (whole, fraction) = picodollars.magnitude.quotientAndRemainder(
            dividingBy: UInt128(Self.picodollarsPerDollar))
        let sign = picodollars < 0 ? "-" : ""
        guard fraction > 0 else { return "\(sign)\(whole)" }
        let digits = String(fraction)
        let padded = String(repeating: "0", count: Self.fractionDigits - digits.count) + digits
        let trimmed = padded.reversed().drop(while: { $0 == "0" }).reversed()
        return "\(sign)\(whole).\(String(trimmed))"
    }

    /// The amount in dollars, rounded half away from zero to a fixed number of decimals (0 to 12): `0.31`.
    public func dollars(decimals: Int) -> String {
        let kept = min(max(decimals, 0), Self.fractionDigits)
        var unit: UInt128 = 1
        for _ in 0..<(Self.fractionDigits - kept) { unit *= 10 }
        let scaled = picodollars.magnitude / unit + (picodollars.magnitude % unit >= (unit + 1) / 2 && unit > 1 ? 1 : 0)
        let sign = picodollars < 0 && scaled > 0 ? "-" : ""
        guard kept > 0 else { return "\(sign)\(scaled)" }
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, kept + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(kept)).\(padded.suffix(kept))"
    }

    public static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.picodollars.addingReportingOverflow(right.picodollars)
        if overflow { return Money(picodollars: right.picodollars < 0 ? Int128.min : Int128.max) }
        return Money(picodollars: sum)
    }

    public static func - (left: Money, right: Money) -> Money {
        let (difference, overflow) = left.picodollars.subtractingReportingOverflow(right.picodollars)
        if overflow { return Money(picodollars: right.picodollars < 0 ? Int128.max : Int128.min) }
        return Money(picodollars: difference)
    }

    @inlinable public static func * (amount: Money, count: some BinaryInteger) -> Money {
        let factor = Int128(clamping: count)
        let (product, overflow) = amount.picodollars.multipliedReportingOverflow(by: factor)
        if overflow {
            return Money(picodollars: (amount.picodollars < 0) == (factor < 0) ? Int128.max : Int128.min)
        }
        return Money(picodollars: product)
    }

    public static func += (left: inout Money, right: Money) { left = left + right }
}

extension Money: Codable {
    /// Reads the form that ``encode(to:)`` writes: dollars as a decimal string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        try self.init(dollars: container.decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(dollars)
    }
}

/// A decimal literal taken apart: its digits as one integer, times ten to the exponent.
private struct DecimalText {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0

    init?(_ text: String) {
        var rest = Substring(text)
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        let parts = rest.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        if parts.count == 2 {
            guard let value = Int(parts[1]), (-400...400).contains(value) else { return nil }
            exponent = value
        }
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        for (index, part) in mantissa.enumerated() {
            for byte in part.utf8 where byte != UInt8(ascii: "_") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                digits.append(byte - UInt8(ascii: "0"))
                if index == 1 { exponent -= 1 }
            }
        }
        guard !digits.isEmpty, digits.count <= 400, mantissa.allSatisfy({ $0.first != "_" }) else { return nil }
    }
}
