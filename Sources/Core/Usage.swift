/// What one answer used, in disjoint classes: no token is counted in two of them, but for
/// ``reasoningTokens``, which says how many of ``outputTokens`` were spent on reasoning.
///
/// Every count lies between 0 and ``limit``; decoders refuse anything else.
public struct Usage: Hashable, Codable, Sendable {
    /// Input tokens that the provider read afresh, and did not keep.
    public var inputTokens: Int
    /// Input tokens that the provider took from its own prompt cache.
    public var cachedInputTokens: Int
    /// Input tokens that the provider read afresh and wrote to its prompt cache, to be kept for minutes.
    public var cacheWriteTokens: Int
    /// Input tokens that the provider read afresh and wrote to its prompt cache, to be kept for an hour or longer.
    public var cacheWriteHourTokens: Int
    /// All tokens that the model wrote, reasoning included.
    public var outputTokens: Int
    /// How many of ``outputTokens`` were spent on reasoning.
    public var reasoningTokens: Int
    /// Pictures that the answer holds, where they are billed by the piece.
    public var images: Int
    /// Characters of text that were spoken, where sound is billed by them.
    public var characters: Int

    /// The largest count that is believed: a hundred million tokens.
    public static let limit = 100_000_000
    public static let zero = Usage(inputTokens: 0, outputTokens: 0)

    public init(
        inputTokens: Int, cachedInputTokens: Int = 0, cacheWriteTokens: Int = 0, cacheWriteHourTokens: Int = 0,
        outputTokens: Int, reasoningTokens: Int = 0, images: Int = 0, characters: Int = 0
    ) {
        self.inputTokens = inputTokens
        self.cachedInputTokens = cachedInputTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.cacheWriteHourTokens = cacheWriteHourTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.images = images
        self.characters = characters
    }

    /// All tokens of the input, whatever became of them.
    public var allInputTokens: Int { inputTokens + cachedInputTokens + cacheWriteTokens + cacheWriteHourTokens }

    /// All tokens, in and out.
    public var totalTokens: Int { allInputTokens + outputTokens }
}
