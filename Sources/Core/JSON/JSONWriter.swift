extension JSONValue {
    /// The value as JSON text: on one line, or with `isPretty` over lines indented by two spaces.
    ///
    /// Control characters are escaped, everything else is written as it is.
    public func text(isPretty: Bool = false) -> String { String(decoding: bytes(isPretty: isPretty), as: UTF8.self) }

    /// The same as its bytes in UTF-8, for what is written to a file or hashed.
    package func bytes(isPretty: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: isPretty ? 0 : nil)
        return output
    }

    private func write(to output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .number(let number): output += number.literal.utf8
        case .string(let text): Self.write(text, to: &output)
        case .unpairedString(let escaped): output += "\"\(escaped)\"".utf8
        case .array(let values):
            Self.write(values, between: ("[", "]"), to: &output, indent: indent) { value, output, inner in
                value.write(to: &output, indent: inner)
            }
        case .object(let object):
            Self.write(object.members, between: ("{", "}"), to: &output, indent: indent) { member, output, inner in
                Self.write(member.key, to: &output)
                output += (indent == nil ? ":" : ": ").utf8
                member.value.write(to: &output, indent: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: (String, String), to output: inout [UInt8], indent: Int?,
        each: (Item, inout [UInt8], Int?) -> Void
    ) {
        output += brackets.0.utf8
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output += ",".utf8 }
            if let inner { breakLine(in: &output, indent: inner) }
            each(item, &output, inner)
        }
        if let indent, !items.isEmpty { breakLine(in: &output, indent: indent) }
        output += brackets.1.utf8
    }

    private static func breakLine(in output: inout [UInt8], indent: Int) {
        output += "\n".utf8
        output += repeatElement(UInt8(ascii: " "), count: 2 * indent)
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output += "\"".utf8
        var text = text
        text.withUTF8 { bytes in
            // What needs no escape, which is nearly all, is copied a stretch at a time.
            var start = 0
            for index in bytes.indices where isEscaped(bytes[index]) {
                output += UnsafeBufferPointer(rebasing: bytes[start..<index])
                output += escape(bytes[index]).utf8
                start = index + 1
            }
            output += UnsafeBufferPointer(rebasing: bytes[start...])
        }
        output += "\"".utf8
    }

    private static func isEscaped(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F || byte == 0x22 || byte == 0x5C }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): return "\\\""
        case UInt8(ascii: "\\"): return "\\\\"
        case UInt8(ascii: "\n"): return "\\n"
        case UInt8(ascii: "\r"): return "\\r"
        case UInt8(ascii: "\t"): return "\\t"
        default:
            let digits = String(byte, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
