import Core

extension Usage {
    /// A count as a server wrote it, `absent` standing for one that is missing or null; nil when it is negative, no
    /// whole number or above ``limit``.
    static func count(_ value: JSONValue?, absent: Int? = nil) -> Int? {
        guard let value, !value.isNull else { return absent }
        guard let count = value.int, (0...limit).contains(count) else { return nil }
        return count
    }

    /// What a call with this answer is likely to have used, erring upwards: a token for every three bytes.
    static func estimated(for call: TextCall, text: String) -> Usage {
        let input = call.messages.reduce(0) { $0 + $1.content.utf8.count / 3 + 8 }
        let output = (text.utf8.count + 2) / 3
        return Usage(inputTokens: min(input, call.inputTokenBound), outputTokens: min(output, call.maxTokens))
    }

    /// The most that a call can have used.
    static func worstCase(of call: TextCall) -> Usage {
        Usage(inputTokens: call.inputTokenBound, outputTokens: call.maxTokens)
    }
}
