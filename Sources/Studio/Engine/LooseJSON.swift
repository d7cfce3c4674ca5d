/// JSON as models write it when they slip, made strict: trailing commas go, single quotes become double ones, bare keys get
/// quotes, line breaks within texts are escaped, and Python's words become JSON's.
///
/// Nothing is added that was not written: what is cut off stays cut off.
struct LooseJSON {
    private let bytes: [UInt8]
    private var position = 0
    private var strict: [UInt8] = []

    static func strict(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var reader = LooseJSON(bytes: Array(bytes))
        return reader.read()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read() -> [UInt8] {
        strict.reserveCapacity(bytes.count)
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): text(endingWith: byte)
            case UInt8(ascii: ",") where closes(after: position + 1): position += 1
            case _ where Self.isLetter(byte): word()
            default:
                strict.append(byte)
                position += 1
            }
        }
        return strict
    }

    private mutating func text(endingWith quote: UInt8) {
        strict.append(UInt8(ascii: "\""))
        position += 1
        while position < bytes.count, bytes[position] != quote {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\\") where position < bytes.count:
                // JSON knows no escaped apostrophe.
                if bytes[position] != UInt8(ascii: "'") { strict.append(byte) }
                strict.append(bytes[position])
                position += 1
            case UInt8(ascii: "\""): strict += Array(#"\""#.utf8)
            case UInt8(ascii: "\n"): strict += Array(#"\n"#.utf8)
            case UInt8(ascii: "\t"): strict += Array(#"\t"#.utf8)
            case UInt8(ascii: "\r"): strict += Array(#"\r"#.utf8)
            default: strict.append(byte)
            }
        }
        guard position < bytes.count else { return }
        strict.append(UInt8(ascii: "\""))
        position += 1
    }

    private mutating func word() {
        let start = position
        while position < bytes.count, Self.isLetter(bytes[position]) || (0x30...0x39).contains(bytes[position]) {
            position += 1
        }
        let word = bytes[start..<position]
        if next(from: position) == UInt8(ascii: ":") {
            strict += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        } else {
            let words = ["True": "true", "False": "false", "None": "null"]
            strict += words[String(decoding: word, as: UTF8.self)].map { Array($0.utf8) } ?? Array(word)
        }
    }

    /// Whether the next thing closes an object or a list.
    private func closes(after index: Int) -> Bool {
        let next = next(from: index)
        return next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
    }

    /// The next byte that is no white space; nil at the end.
    private func next(from index: Int) -> UInt8? {
        bytes[index...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    }
}
