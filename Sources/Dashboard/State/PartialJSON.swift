import Core

/// Reads JSON that is still being written: whatever is open at the end counts as closed.
///
/// A model's answer grows piece by piece; the reader of the dashboard wants its text, not its braces.
struct PartialJSON {
    private var scalars: Substring.UnicodeScalarView
    private var depth = 0

    /// Deeper values are left out: no answer needs them, and hostile ones do.
    private static let deepest = 64

    /// The object or array that the text begins with, a Markdown fence before it left out; nil for other texts.
    static func read(_ text: String) -> JSONValue? {
        var rest = text[...]
        if let start = rest.firstIndex(where: { !$0.isWhitespace }) { rest = rest[start...] }
        if rest.hasPrefix("```") {
            guard let end = rest.firstIndex(where: \.isNewline) else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        var reader = PartialJSON(scalars: rest.unicodeScalars)
        reader.skipSpace()
        guard let first = reader.scalars.first, first == "{" || first == "[" else { return nil }
        return reader.value()
    }

    private init(scalars: Substring.UnicodeScalarView) { self.scalars = scalars }

    private mutating func skipSpace() {
        while let next = scalars.first, next == " " || next == "\n" || next == "\t" || next == "\r" {
            scalars.removeFirst()
        }
    }

    /// Takes the scalar when it comes next.
    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard scalars.first == scalar else { return false }
        scalars.removeFirst()
        return true
    }

    /// The next value; nil where none has begun yet.
    private mutating func value() -> JSONValue? {
        skipSpace()
        guard let first = scalars.first, depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        switch first {
        case "{": return object()
        case "[": return array()
        case "\"": return .string(string())
        default: return literal()
        }
    }

    private mutating func object() -> JSONValue {
        _ = take("{")
        var object = JSONObject()
        while true {
            skipSpace()
            guard scalars.first == "\"" else { break }
            let key = string()
            skipSpace()
            guard take(":"), let member = value() else { break }
            object[key] = member
            skipSpace()
            guard take(",") else { break }
        }
        _ = take("}")
        return .object(object)
    }

    private mutating func array() -> JSONValue {
        _ = take("[")
        var elements: [JSONValue] = []
        while true {
            skipSpace()
            guard scalars.first != "]", let element = value() else { break }
            elements.append(element)
            skipSpace()
            guard take(",") else { break }
        }
        _ = take("]")
        return .array(elements)
    }

    private mutating func string() -> String {
        _ = take("\"")
        var text = String.UnicodeScalarView()
        while let next = scalars.popFirst(), next != "\"" {
            if next == "\\" {
                if let escaped = escape() { text.append(escaped) }
            } else {
                text.append(next)
            }
        }
        return String(text)
    }

    /// What stands behind a backslash; nil when it is not there yet.
    private mutating func escape() -> Unicode.Scalar? {
        guard let next = scalars.popFirst() else { return nil }
        switch next {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\n"
        case "b", "f": return " "
        case "u": return codePoint()
        default: return next
        }
    }

    private mutating func codePoint() -> Unicode.Scalar? {
        guard let first = unit() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard take("\\"), take("u"), let second = unit() else { return nil }
        guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func unit() -> UInt32? {
        let digits = String(scalars.prefix(4))
        scalars = scalars.dropFirst(4)
        return digits.unicodeScalars.count == 4 ? UInt32(digits, radix: 16) : nil
    }

    /// A number or a word; an unfinished one counts as what it is so far.
    private mutating func literal() -> JSONValue? {
        var word = ""
        while let next = scalars.first, next.properties.isAlphabetic || "+-.0123456789".unicodeScalars.contains(next) {
            word.unicodeScalars.append(next)
            scalars.removeFirst()
        }
        switch word {
        case "": return nil
        case "true": return true
        case "false": return false
        case "null": return .null
        default:
            let isNumber = word.first.map { $0.isNumber || $0 == "-" } ?? false
            return isNumber ? .number(JSONNumber(literal: word)) : .string(word)
        }
    }
}
