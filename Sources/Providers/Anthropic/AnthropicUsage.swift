import Core

extension Usage {
    /// Reads the `usage` object of Anthropic's messages into disjoint classes; nil when its figures cannot be.
    ///
    /// `input_tokens` exclude what was read from the cache and what was written to it; `output_tokens` include the
    /// thinking. `cache_creation` splits the written tokens by how long they are kept; without it all count as kept for
    /// five minutes. Refused are figures that are negative, no whole numbers, above ``limit``, or that do not sum.
    init?(anthropic usage: JSONValue) {
        guard let input = Self.count(usage["input_tokens"]), let output = Self.count(usage["output_tokens"]),
            let cached = Self.count(usage["cache_read_input_tokens"], absent: 0),
            let written = Self.written(usage),
            let thinking = Self.count(usage["output_tokens_details"]?["thinking_tokens"], absent: 0),
            thinking <= output
        else { return nil }
        self.init(
            inputTokens: input, cachedInputTokens: cached, cacheWriteTokens: written.minutes,
            cacheWriteHourTokens: written.hour, outputTokens: output, reasoningTokens: thinking)
    }

    private static func written(_ usage: JSONValue) -> (minutes: Int, hour: Int)? {
        let total = usage["cache_creation_input_tokens"]
        guard let split = usage["cache_creation"], !split.isNull else {
            return count(total, absent: 0).map { (minutes: $0, hour: 0) }
        }
        guard split.object != nil, let minutes = count(split["ephemeral_5m_input_tokens"], absent: 0),
            let hour = count(split["ephemeral_1h_input_tokens"], absent: 0),
            count(total, absent: minutes + hour) == minutes + hour
        else { return nil }
        return (minutes, hour)
    }
}
