import Core

extension JSONValue {
    /// The first JSON object or list of objects in a model's answer, whatever stands around it: prose, code fences, a
    /// closing remark. Slips that leave no doubt are mended.
    ///
    /// Throws ``UnreadableAnswer`` when there is none, or the first does not end: an answer that was cut off.
    static func answer(in text: String) throws(UnreadableAnswer) -> JSONValue {
        let bytes = Array(text.utf8)
        if let whole = JSONValue(loosely: bytes[...]) { return whole }
        var reason = "the answer holds no JSON object"
        var start = nextOpening(in: bytes, from: 0)
        var attempts = 0
        while let opening = start, attempts < 8 {
            attempts += 1
            let end = valueEnd(in: bytes, from: opening)
            if let end, let value = JSONValue(loosely: bytes[opening..<end]) { return value }
            let isMeant = looksLikeJSON(bytes, from: opening)
            // What stands within what is cut off is only a part of the answer.
            guard end != nil || !isMeant else { throw UnreadableAnswer("the answer's JSON is cut off or damaged") }
            if isMeant || bytes[opening] == UInt8(ascii: "{") { reason = "the answer's JSON is damaged" }
            start = nextOpening(in: bytes, from: isMeant ? end ?? opening + 1 : opening + 1)
        }
        throw UnreadableAnswer(reason)
    }

    private init?(loosely bytes: ArraySlice<UInt8>) {
        let value = (try? JSONValue(parsing: bytes)) ?? (try? JSONValue(parsing: LooseJSON.strict(bytes)))
        guard let value, value.object != nil || value.array?.contains(where: { $0.object != nil }) == true else {
            return nil
        }
        self = value
    }

    private static func nextOpening(in bytes: [UInt8], from start: Int) -> Int? {
        bytes[start...].firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
    }

    /// Whether what follows a bracket is how an object or a list of objects begins, and not a word of prose.
    private static func looksLikeJSON(_ bytes: [UInt8], from opening: Int) -> Bool {
        let next = bytes[(opening + 1)...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        if bytes[opening] == UInt8(ascii: "[") { return next == UInt8(ascii: "{") }
        return next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
    }

    /// The index after the bracket that closes the one at `start`; nil when it is never closed.
    private static func valueEnd(in bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in start..<bytes.count {
            let byte = bytes[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }
}
