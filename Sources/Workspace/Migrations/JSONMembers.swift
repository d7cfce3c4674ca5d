import Core

/// Where the members of a JSON object lie in the text that holds it, so that one can be added or taken out and every
/// other byte stays as it is.
struct JSONMembers {
    struct Member {
        var key: String
        /// From the key's first quote to the end of the value.
        var range: Range<Int>
        var value: Range<Int>
    }

    private(set) var members: [Member] = []
    /// Just after the opening brace.
    private(set) var start: Int

    /// Finds the members of the object that begins at or after a place; nil when there is none. The text has to be valid
    /// JSON.
    init?(in text: [UInt8], at place: Int = 0) {
        var scanner = Scanner(text: text, place: place)
        if place == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.place = 3 }
        scanner.skipSpace()
        guard scanner.take("{") else { return nil }
        start = scanner.place
        scanner.skipSpace()
        if scanner.take("}") { return }
        repeat {
            scanner.skipSpace()
            let first = scanner.place
            guard scanner.skipString(), let key = Self.key(text[first..<scanner.place]) else { return nil }
            scanner.skipSpace()
            guard scanner.take(":") else { return nil }
            scanner.skipSpace()
            let value = scanner.place
            guard scanner.skipValue() else { return nil }
            members.append(Member(key: key, range: first..<scanner.place, value: value..<scanner.place))
            scanner.skipSpace()
        } while scanner.take(",")
        guard scanner.take("}") else { return nil }
    }

    /// The member of a key; of several the last, which is the one that counts.
    subscript(key: String) -> Member? { members.last { $0.key == key } }

    private static func key(_ text: ArraySlice<UInt8>) -> String? {
        text.contains(UInt8(ascii: "\\"))
            ? (try? JSONValue(parsing: text))?.string : String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
    }
}

/// Goes through JSON text that is known to be valid.
private struct Scanner {
    let text: [UInt8]
    var place: Int

    mutating func skipSpace() {
        // In valid JSON nothing else that small stands between values.
        while place < text.count, text[place] <= 0x20 { place += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard place < text.count, text[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    mutating func skipString() -> Bool {
        guard take("\"") else { return false }
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\""):
                place += 1
                return true
            case UInt8(ascii: "\\"): place += 2
            default: place += 1
            }
        }
        return false
    }

    mutating func skipValue() -> Bool {
        guard place < text.count else { return false }
        switch text[place] {
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested()
        default:
            let first = place
            while place < text.count, !Self.endsWord(text[place]) { place += 1 }
            return place > first
        }
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            place += 1
            if depth == 0 { return true }
        }
        return false
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
