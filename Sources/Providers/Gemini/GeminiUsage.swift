import Core

extension Usage {
    /// Reads Gemini's `usageMetadata` into disjoint classes; nil when its figures cannot be.
    ///
    /// `promptTokenCount` includes what was read from the cache, but not `toolUsePromptTokenCount`;
    /// `candidatesTokenCount` excludes the thoughts, unless only the sum without them is `totalTokenCount`. Counts of
    /// zero may be missing. Refused are figures that are negative, no whole numbers, above ``limit``, or that do not
    /// sum.
    init?(gemini usage: JSONValue) {
        guard let prompt = Self.count(usage["promptTokenCount"]),
            let tools = Self.count(usage["toolUsePromptTokenCount"], absent: 0),
            let cached = Self.count(usage["cachedContentTokenCount"], absent: 0),
            let answer = Self.count(usage["candidatesTokenCount"], absent: 0),
            let thoughts = Self.count(usage["thoughtsTokenCount"], absent: 0),
            let total = Self.count(usage["totalTokenCount"], absent: prompt + tools + answer + thoughts)
        else { return nil }
        let input = prompt + tools
        let output = total - input
        guard output == answer + thoughts || output == answer, thoughts <= output, cached <= prompt,
            input - cached <= Self.limit, output <= Self.limit
        else { return nil }
        self.init(
            inputTokens: input - cached, cachedInputTokens: cached, outputTokens: output, reasoningTokens: thoughts)
    }
}
