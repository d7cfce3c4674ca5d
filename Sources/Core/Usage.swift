/// What one answer used, in disjoint classes: no token is counted in two of them, but for
/// ``reasoningTokens``, which says how many of ``outputTokens`` were spent on reasoning.
///
/// Every count lies between 0 and ``limit``; decoders refuse anything else.
public struct Usage: Hashable, Codable, Sendable {
    /// Input tokens that the provider read afresh.
    public var inputTokens: Int
    /// Input tokens that the provider took from its own prompt cache.
    public var cachedInputTokens: Int
    /// All tokens that the model wrote, reasoning included.
    public var outputTokens: Int
    /// How many of ``outputTokens`` were spent on reasoning.
    public var reasoningTokens: Int

    /// The largest count that is believed: a hundred million tokens.
    public static let limit = 100_000_000
    public static let zero = Usage(inputTokens: 0, outputTokens: 0)

    public init(inputTokens: Int, cachedInputTokens: Int = 0, outputTokens: Int, reasoningTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.cachedInputTokens = cachedInputTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
    }

    /// All tokens, in and out.
    public var totalTokens: Int { inputTokens + cachedInputTokens + outputTokens }
}
