public import Core
public import Foundation

/// A stretch of time that a limit is about.
public enum LimitPeriod: String, CaseIterable, Hashable, Sendable { case second, minute, hour, day, month }

/// What a token bucket counts.
public enum LimitMetric: String, CaseIterable, Hashable, Sendable {
    case requests
    /// Tokens in and out.
    case tokens
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
}

/// The limits of one scope. A limit that is not there does not exist.
public struct LimitSet: Hashable, Sendable {
    public var buckets: [LimitMetric: [LimitPeriod: Int]] = [:]
    public var costs: [LimitPeriod: Money] = [:]
    /// The size of the request buckets; nil = as large as the limit.
    public var burst: Int?
    /// The size of the token buckets; nil = as large as the limit.
    public var burstTokens: Int?
    /// The most calls that may be under way at once.
    public var maxConcurrent: Int?

    public init(
        requests: [LimitPeriod: Int] = [:], costs: [LimitPeriod: Money] = [:], burst: Int? = nil,
        maxConcurrent: Int? = nil
    ) {
        self.costs = costs
        self.burst = burst
        self.maxConcurrent = maxConcurrent
        self.requests = requests
    }

    public var requests: [LimitPeriod: Int] {
        get { buckets[.requests] ?? [:] }
        set { buckets[.requests] = newValue.isEmpty ? nil : newValue }
    }

    /// One bucket's limit; nil when there is none.
    public subscript(metric: LimitMetric, period: LimitPeriod) -> Int? {
        get { buckets[metric]?[period] }
        set { buckets[metric, default: [:]][period] = newValue }
    }

    /// The size of a bucket with this limit.
    public func capacity(of metric: LimitMetric, limit: Int) -> Int {
        (metric == .requests ? burst : burstTokens) ?? limit
    }
}

/// Prices that the configuration sets, in dollars for one token, request, image or character. What it does not set is
/// nil.
public struct PriceOverride: Hashable, Sendable {
    public var inputToken: Money?
    public var cachedInputToken: Money?
    /// For a token written to the provider's prompt cache, however long it is kept there.
    public var cacheWriteToken: Money?
    public var outputToken: Money?
    public var perRequest: Money?
    public var perImage: Money?
    public var perCharacter: Money?

    public init(
        inputToken: Money? = nil, cachedInputToken: Money? = nil, cacheWriteToken: Money? = nil,
        outputToken: Money? = nil, perRequest: Money? = nil, perImage: Money? = nil, perCharacter: Money? = nil
    ) {
        self.inputToken = inputToken
        self.cachedInputToken = cachedInputToken
        self.cacheWriteToken = cacheWriteToken
        self.outputToken = outputToken
        self.perRequest = perRequest
        self.perImage = perImage
        self.perCharacter = perCharacter
    }
}

/// Limits, budgets and prices.
public struct RateLimitSettings: Hashable, Sendable {
    /// What becomes of a request that a limit does not admit.
    public enum OnLimit: String, Hashable, Sendable { case wait, fail }

    /// How many calls may be under way at once where nothing else is written.
    public static let defaultMaxConcurrent = 8

    public var enabled = true
    public var onLimit = OnLimit.wait
    /// The longest that a request waits, in seconds.
    public var maxWaitSeconds = 300
    public var global = LimitSet()
    public var providers: [String: LimitSet] = [:]
    public var models: [String: LimitSet] = [:]
    public var roles: [RoleName: LimitSet] = [:]
    public var providerPrices: [String: PriceOverride] = [:]
    public var modelPrices: [String: PriceOverride] = [:]
    /// Fractions of a budget, ascending, at which the dashboard warns.
    public var alerts = [0.5, 0.8, 0.95]
    /// The zone of budgets' days and months.
    public var timeZone = TimeZone.current
    /// When days and months start, in minutes after midnight: a whole number of quarters of an hour.
    public var dayStartsAt = 0
    /// Whether a model without a price may run where a budget applies.
    public var allowUnpriced = false

    public init() {}
}
