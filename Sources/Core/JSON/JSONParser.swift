/// Why bytes are not JSON, and at which byte.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: String
    public var offset: Int
    public var description: String { "not valid JSON: \(reason) at byte \(offset)" }
}

extension JSONValue {
    /// How deep arrays and objects may nest.
    public static let nestingLimit = 256

    /// Reads one JSON document as Python's `json` writes it: `NaN`, `Infinity` and lone surrogates are accepted.
    ///
    /// Of a repeated key the last value counts. Throws ``JSONError`` for anything else, for text after the value and
    /// for nesting deeper than ``nestingLimit``; never traps. Takes time linear in the text.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }

    public init(parsing text: String) throws(JSONError) { try self.init(parsing: text.utf8) }
}

struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let result = try value()
        skipSpace()
        guard position == bytes.count else { throw error("text after the value") }
        return result
    }

    private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }
    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C {
            position += 1
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard let byte = current else { throw error("the text ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return try string()
        default: break
        }
        if take(word: "null") { return .null }
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        return try number()
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        depth += 1
        guard depth <= JSONValue.nestingLimit else { throw error("nesting deeper than \(JSONValue.nestingLimit)") }
        position += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try value())
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw error("',' or ']' expected") }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONObject.Member] = []
        var places: [[UInt8]: Int] = [:]
        skipSpace()
        if take("}") { return .object(JSONObject()) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\""), let key = try string().string else { throw error("a key expected") }
            skipSpace()
            guard take(":") else { throw error("':' expected") }
            let value = try value()
            if let place = places[Array(key.utf8)] {
                members[place].value = value
            } else {
                places[Array(key.utf8)] = members.count
                members.append(JSONObject.Member(key: key, value: value))
            }
            skipSpace()
            if take("}") { return .object(JSONObject(unique: members)) }
            guard take(",") else { throw error("',' or '}' expected") }
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take("-")
        if take(word: "Infinity") || (position == start && take(word: "NaN")) { return literal(from: start) }
        guard digits() else { throw error("a value expected") }
        if bytes[start...].starts(with: "-0".utf8) || bytes[start] == UInt8(ascii: "0") {
            let zero = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
            guard position == zero + 1 else { throw error("a number with a leading zero") }
        }
        if take("."), !digits() { throw error("digits expected after the point") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { throw error("digits expected in the exponent") }
        }
        return literal(from: start)
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        return position > start
    }

    private func literal(from start: Int) -> JSONValue {
        .number(JSONNumber(literal: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    private mutating func string() throws(JSONError) -> JSONValue {
        position += 1
        let start = position
        var hasEscape = false
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("a control character in a string") }
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        guard position < bytes.count else { throw error("a string without an end") }
        let raw = bytes[start..<position]
        position += 1
        guard let text = String(validating: raw, as: UTF8.self) else { throw error("invalid UTF-8") }
        guard hasEscape else { return .string(text) }
        guard let decoded = JSONEscapes.decode(raw) else { throw error("an unknown escape") }
        return decoded.isPaired ? .string(decoded.text) : .unpairedString(escaped: text)
    }

    static func replacingUnpaired(_ escaped: String) -> String {
        JSONEscapes.decode(Array(escaped.utf8)[...])?.text ?? escaped
    }
}

/// Reads the escapes of a JSON string.
enum JSONEscapes {
    static func decode(_ raw: ArraySlice<UInt8>) -> (text: String, isPaired: Bool)? {
        var units: [UInt8] = []
        var isPaired = true
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                continue
            }
            guard let kind = rest.popFirst() else { return nil }
            if kind == UInt8(ascii: "u") {
                guard let scalar = scalar(from: &rest, isPaired: &isPaired) else { return nil }
                units.append(contentsOf: String(Character(scalar)).utf8)
            } else {
                guard let plain = simple[kind] else { return nil }
                units.append(plain)
            }
        }
        return (String(decoding: units, as: UTF8.self), isPaired)
    }

    private static let simple: [UInt8: UInt8] = [
        0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    ]

    private static func scalar(from rest: inout ArraySlice<UInt8>, isPaired: inout Bool) -> Unicode.Scalar? {
        guard let high = unit(from: &rest) else { return nil }
        if let scalar = Unicode.Scalar(high) { return scalar }
        var after = rest
        if (0xD800..<0xDC00).contains(high), after.popFirst() == UInt8(ascii: "\\"),
            after.popFirst() == UInt8(ascii: "u"),
            let low = unit(from: &after), (0xDC00..<0xE000).contains(low)
        {
            rest = after
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        }
        isPaired = false
        return "\u{FFFD}"
    }

    private static func unit(from rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard rest.count >= 4 else { return nil }
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        var value: UInt32 = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
