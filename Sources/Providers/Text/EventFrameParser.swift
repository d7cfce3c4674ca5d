/// Takes a stream of AWS's binary events (`application/vnd.amazon.eventstream`,
/// https://smithy.io/2.0/aws/amazon-eventstream.html) apart, however its bytes are cut into pieces.
///
/// An event becomes a JSON object with the event's type as its one key; one that tells of a failure has the key `error`.
struct EventFrameParser {
    /// The largest frame that is taken, in bytes: four times what AWS sends.
    private static let longestFrame: UInt32 = 64 << 20
    private static let preludeLength = 12
    private static let frameLength = 16

    private var buffer: [UInt8] = []

    /// Takes the next bytes and returns every event that they complete. Throws when a check sum is wrong, or a frame
    /// is none.
    mutating func take(_ bytes: some Collection<UInt8>) throws(AnswerFault) -> [[UInt8]] {
        buffer += bytes
        var events: [[UInt8]] = []
        var start = 0
        while let length = try Self.length(of: buffer[start...]), buffer.count - start >= length {
            if let event = try Self.event(buffer[start..<(start + length)]) { events.append(event) }
            start += length
        }
        buffer.removeFirst(start)
        return events
    }

    /// How long the frame is that begins here, in bytes; nil when too little of it has come to tell.
    private static func length(of bytes: ArraySlice<UInt8>) throws(AnswerFault) -> Int? {
        guard bytes.count >= preludeLength else { return nil }
        let prelude = bytes.prefix(8)
        guard CRC32.checksum(of: prelude) == UInt32(bigEndianBytes: bytes.dropFirst(8)) else { throw damaged }
        let length = UInt32(bigEndianBytes: prelude)
        guard (UInt32(frameLength)...longestFrame).contains(length) else { throw damaged }
        return Int(length)
    }

    private static let damaged = AnswerFault.unreadable("a frame of its stream is damaged")

    private static func event(_ frame: ArraySlice<UInt8>) throws(AnswerFault) -> [UInt8]? {
        guard CRC32.checksum(of: frame.dropLast(4)) == UInt32(bigEndianBytes: frame.suffix(4)) else { throw damaged }
        let headersLength = Int(UInt32(bigEndianBytes: frame.dropFirst(4)))
        let rest = frame.dropFirst(preludeLength).dropLast(4)
        guard headersLength <= rest.count, let headers = headers(rest.prefix(headersLength)) else { throw damaged }
        let payload = rest.dropFirst(headersLength)
        switch headers[":message-type"] {
        case "event":
            guard let type = headers[":event-type"], type.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
            return object(type, payload)
        case "exception": return object("error", payload)
        case "error": throw .reported(headers[":error-message"] ?? headers[":error-code"] ?? "an error without words")
        default: return nil
        }
    }

    /// A JSON object with one key.
    private static func object(_ key: String, _ value: ArraySlice<UInt8>) -> [UInt8] {
        Array("{\"\(key)\":".utf8) + value + Array("}".utf8)
    }

    /// The headers that are texts; nil when the bytes hold no headers.
    private static func headers(_ bytes: ArraySlice<UInt8>) -> [String: String]? {
        var headers: [String: String] = [:]
        var rest = bytes
        while let nameLength = rest.popFirst() {
            guard let name = take(Int(nameLength), of: &rest), let type = rest.popFirst(),
                let length = length(ofType: type, in: &rest), let value = take(length, of: &rest)
            else { return nil }
            if type == 7 { headers[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self) }
        }
        return headers
    }

    /// How many bytes a value of a type has; nil when no such type is known.
    private static func length(ofType type: UInt8, in rest: inout ArraySlice<UInt8>) -> Int? {
        switch type {
        case 0, 1: 0
        case 2: 1
        case 3: 2
        case 4: 4
        case 5, 8: 8
        case 6, 7: take(2, of: &rest).map { Int($0.reduce(UInt16(0)) { $0 << 8 | UInt16($1) }) }
        case 9: 16
        default: nil
        }
    }

    private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
