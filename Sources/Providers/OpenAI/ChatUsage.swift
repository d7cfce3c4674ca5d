import Core

extension Usage {
    /// Reads OpenAI's `usage` object into disjoint classes; nil when its figures cannot be.
    ///
    /// `prompt_tokens` include those read from the cache and those written to it, and `completion_tokens` the
    /// reasoning, unless only the sum with reasoning beside them, as xAI counts, is `total_tokens`. Refused are figures
    /// that are negative, no whole numbers, above ``limit``, or that do not sum.
    init?(chat usage: JSONValue) {
        let details = usage["prompt_tokens_details"]
        guard let prompt = Self.count(usage["prompt_tokens"]), var output = Self.count(usage["completion_tokens"]),
            let cached = Self.count(details?["cached_tokens"], absent: 0),
            let written = Self.count(details?["cache_write_tokens"], absent: 0),
            let reasoning = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"], absent: 0),
            let total = Self.count(usage["total_tokens"], absent: prompt + output)
        else { return nil }
        if prompt + output != total {
            output += reasoning
            guard prompt + output == total else { return nil }
        }
        guard cached + written <= prompt, reasoning <= output, output <= Self.limit else { return nil }
        self.init(
            inputTokens: prompt - cached - written, cachedInputTokens: cached, cacheWriteTokens: written,
            outputTokens: output, reasoningTokens: reasoning)
    }
}
