/// A universally unique, lexicographically sortable identifier: 48 bits of milliseconds, 80 random bits,
/// 26 characters of Crockford's base 32 (https://github.com/ulid/spec).
public struct ULID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public let description: String

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    /// Told by bytes: a letter may have look-alikes that count as the same character.
    private static let bytes = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Makes an identifier that sorts by the moment's wall clock.
    public init(at moment: Moment, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt128(clamping: max(0, moment.wall / 1_000)) & 0xFFFF_FFFF_FFFF
        let random = UInt128(generator.next()) << 16 | UInt128(UInt16.random(in: .min ... .max, using: &generator))
        let value = milliseconds << 80 | random
        description = String(
            stride(from: 125, through: 0, by: -5).map { Self.alphabet[Int(value >> UInt128($0) & 31)] })
    }

    /// Makes an identifier for now, from the system's random numbers.
    public init(at moment: Moment) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: moment, using: &generator)
    }

    /// Reads the 26-character form; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 26, text.utf8.allSatisfy(Self.bytes.contains), text.first.map({ $0 <= "7" }) == true
        else {
            return nil
        }
        description = text
    }

    public static func < (left: ULID, right: ULID) -> Bool { left.description < right.description }

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
