extension JSONValue {
    /// The value as JSON text: on one line, or with `isPretty` over lines indented by two spaces.
    ///
    /// Control characters are escaped, everything else is written as it is.
    public func text(isPretty: Bool = false) -> String {
        var output = ""
        write(to: &output, indent: isPretty ? 0 : nil)
        return output
    }

    private func write(to output: inout String, indent: Int?) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let number): output += number.literal
        case .string(let text): Self.write(text, to: &output)
        case .unpairedString(let escaped): output += "\"\(escaped)\""
        case .array(let values):
            Self.write(values, between: ("[", "]"), to: &output, indent: indent) { value, output, inner in
                value.write(to: &output, indent: inner)
            }
        case .object(let object):
            Self.write(object.members, between: ("{", "}"), to: &output, indent: indent) { member, output, inner in
                Self.write(member.key, to: &output)
                output += indent == nil ? ":" : ": "
                member.value.write(to: &output, indent: inner)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: (String, String), to output: inout String, indent: Int?,
        each: (Item, inout String, Int?) -> Void
    ) {
        output += brackets.0
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: "  ", count: inner) }
            each(item, &output, inner)
        }
        if let indent, !items.isEmpty { output += "\n" + String(repeating: "  ", count: indent) }
        output += brackets.1
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        // What needs no escape, which is nearly all, is copied a stretch at a time.
        var rest = text.utf8[...]
        while let index = rest.firstIndex(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x22 || $0 == 0x5C }) {
            output += Substring(rest[..<index])
            output += escape(rest[index])
            rest = rest[rest.index(after: index)...]
        }
        output += Substring(rest)
        output += "\""
    }

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
