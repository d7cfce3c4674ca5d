import Core

extension JSONValue {
    /// The first JSON object in a model's answer, whatever stands around it: prose, code fences, a closing remark.
    ///
    /// Throws ``UnreadableAnswer`` when there is none, or the first does not end: an answer that was cut off.
    static func object(inAnswer text: String) throws(UnreadableAnswer) -> JSONValue {
        let bytes = Array(text.utf8)
        if let whole = try? JSONValue(parsing: bytes), whole.object != nil { return whole }
        var start = bytes.firstIndex(of: UInt8(ascii: "{"))
        var attempts = 0
        var isCutOff = false
        while let opening = start, attempts < 8 {
            if let end = objectEnd(in: bytes, from: opening) {
                if let value = try? JSONValue(parsing: bytes[opening..<end]), value.object != nil { return value }
            } else {
                isCutOff = true
            }
            attempts += 1
            start = bytes[(opening + 1)...].firstIndex(of: UInt8(ascii: "{"))
        }
        if isCutOff { throw UnreadableAnswer("the answer's JSON is cut off or damaged") }
        throw UnreadableAnswer(attempts == 0 ? "the answer holds no JSON object" : "the answer's JSON is damaged")
    }

    /// The index after the brace that closes the object which opens at `start`; nil when it is never closed.
    private static func objectEnd(in bytes: [UInt8], from start: Int) -> Int? {
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
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }
}
