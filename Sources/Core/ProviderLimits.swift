/// What a provider says, with an answer or an error, about its own limits.
///
/// Every figure comes from outside and is only believed within bounds: counts lie between 0 and ``countLimit``,
/// durations between 0 and ``durationLimit``; whatever else a server wrote is left out.
public struct ProviderLimits: Hashable, Sendable {
    /// One of the provider's buckets. Which period it counts in, the provider does not say.
    public struct Level: Hashable, Sendable {
        /// The most that a period allows.
        public var limit: Int?
        /// How much was left when the provider began to answer, this call already taken.
        public var remaining: Int?
        /// Microseconds after ``ProviderLimits/receivedAt`` when all of ``limit`` is there again.
        public var reset: Int64?

        public init(limit: Int? = nil, remaining: Int? = nil, reset: Int64? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }

        /// Whether the provider said nothing about it.
        public var isUnknown: Bool { self == Level() }
    }

    /// The largest count that is believed: a thousand million million.
    public static let countLimit = 1_000_000_000_000_000
    /// The longest duration that is believed, in microseconds: 31 days.
    public static let durationLimit: Int64 = 31 * 86_400_000_000

    /// When the head of the provider's response arrived: all durations here count from then.
    public var receivedAt: Moment
    public var requests: Level
    /// Tokens of input and output together.
    public var tokens: Level
    public var inputTokens: Level
    public var outputTokens: Level
    /// Microseconds that the provider asks to wait before the next try.
    public var retryAfter: Int64?
    /// Whether another try may help, where the provider says so itself.
    public var shouldRetry: Bool?

    public init(
        receivedAt: Moment, requests: Level = Level(), tokens: Level = Level(), inputTokens: Level = Level(),
        outputTokens: Level = Level(), retryAfter: Int64? = nil, shouldRetry: Bool? = nil
    ) {
        self.receivedAt = receivedAt
        self.requests = requests
        self.tokens = tokens
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
    }

    /// Whether the provider said nothing.
    public var isEmpty: Bool { self == ProviderLimits(receivedAt: receivedAt) }

    /// Microseconds after ``receivedAt`` before which another try is in vain; nil when the provider does not say.
    ///
    /// That is ``retryAfter``. Without it, it is when the last of the levels that are used up is full again: later than
    /// need be, as a level of which nothing is left has no better figure.
    public var earliestRetry: Int64? {
        retryAfter
            ?? [requests, tokens, inputTokens, outputTokens].filter { $0.remaining == 0 }.compactMap(\.reset).max()
    }
}
