import Core

extension Usage {
    /// Reads OpenAI's `usage` object into disjoint classes; nil when its figures cannot be.
    ///
    /// `prompt_tokens` include the cached ones and `completion_tokens` the reasoning, unless only the sum with
    /// reasoning beside them is `total_tokens`. Refused are figures that are negative, no whole numbers, above
    /// ``limit``, or that do not sum.
    init?(chat usage: JSONValue) {
        guard let prompt = Self.count(usage["prompt_tokens"]), var output = Self.count(usage["completion_tokens"]),
            let cached = Self.count(usage["prompt_tokens_details"]?["cached_tokens"], absent: 0),
            let reasoning = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"], absent: 0),
            let total = Self.count(usage["total_tokens"], absent: prompt + output)
        else { return nil }
        if prompt + output != total {
            output += reasoning
            guard prompt + output == total else { return nil }
        }
        guard cached <= prompt, reasoning <= output, output <= Self.limit else { return nil }
        self.init(
            inputTokens: prompt - cached, cachedInputTokens: cached, outputTokens: output, reasoningTokens: reasoning)
    }

    /// A count as a server wrote it; `absent` stands for one that is missing or null.
    private static func count(_ value: JSONValue?, absent: Int? = nil) -> Int? {
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
