/// The check sum of PNG's chunks and of AWS's event streams (ISO 3309).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
}

extension UInt32 {
    /// The number's four bytes, the highest first.
    var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * UInt32($0))) } }

    /// Reads four bytes, the highest first.
    init(bigEndianBytes bytes: ArraySlice<UInt8>) { self = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}
