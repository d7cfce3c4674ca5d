/// A universally unique, lexicographically sortable identifier: 48 bits of milliseconds, 80 random bits,
/// 26 characters of Crockford's base 32 (https://github.com/ulid/spec).
public struct ULID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    private let value: UInt128

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Makes an identifier that sorts by the moment's wall clock.
    public init(at moment: Moment, using generator: inout some RandomNumberGenerator) {
        let random = UInt128(generator.next()) << 16 | UInt128(UInt16.random(in: .min ... .max, using: &generator))
        value = Self.milliseconds(of: moment) << 80 | random
    }

    /// Makes an identifier for now, from the system's random numbers.
    public init(at moment: Moment) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: moment, using: &generator)
    }

    /// Makes an identifier that sorts after `last`, and by the moment's wall clock. Its random bits are the last one's
    /// plus 1, as the format's monotonic form has it: asking the system for others takes longer than admitting a call.
    package init(at moment: Moment, after last: ULID) {
        let next = last.value &+ 1
        let milliseconds = max(Self.milliseconds(of: moment), next >> 80)
        value = milliseconds << 80 | next & (1 << 80 - 1)
    }

    private init(value: UInt128) { self.value = value }

    private static func milliseconds(of moment: Moment) -> UInt128 {
        UInt128(clamping: max(0, moment.wall / 1_000)) & 0xFFFF_FFFF_FFFF
    }

    /// Reads the 26-character form; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 26, text.utf8.first.map({ $0 <= UInt8(ascii: "7") }) == true else { return nil }
        var value: UInt128 = 0
        for byte in text.utf8 {
            guard let digit = Self.alphabet.firstIndex(of: byte) else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.value = value
    }

    /// The 26-character form.
    public var description: String {
        String(unsafeUninitializedCapacity: 26) { bytes in
            for index in 0..<26 {
                bytes[index] = Self.alphabet[Int(truncatingIfNeeded: value >> (125 - 5 * index)) & 31]
            }
            return 26
        }
    }

    public static func < (left: ULID, right: ULID) -> Bool { left.value < right.value }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ULID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a ULID")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
