public import Core
public import Foundation

/// A stretch of time that a limit is about.
public enum LimitPeriod: String, CaseIterable, Hashable, Sendable { case second, minute, hour, day, month }

/// The limits of one scope. A limit that is not there does not exist.
public struct LimitSet: Hashable, Sendable {
    public var requests: [LimitPeriod: Int] = [:]
    public var costs: [LimitPeriod: Money] = [:]
    /// The size of the request buckets; nil = as large as the limit.
    public var burst: Int?

    public init(requests: [LimitPeriod: Int] = [:], costs: [LimitPeriod: Money] = [:], burst: Int? = nil) {
        self.requests = requests
        self.costs = costs
        self.burst = burst
    }
}

/// Prices that the configuration sets, in dollars for one token or one request. What it does not set is nil.
public struct PriceOverride: Hashable, Sendable {
    public var inputToken: Money?
    public var cachedInputToken: Money?
    public var outputToken: Money?
    public var perRequest: Money?

    public init(
        inputToken: Money? = nil, cachedInputToken: Money? = nil, outputToken: Money? = nil, perRequest: Money? = nil
    ) {
        self.inputToken = inputToken
        self.cachedInputToken = cachedInputToken
        self.outputToken = outputToken
        self.perRequest = perRequest
    }
}

/// Limits, budgets and prices.
public struct RateLimitSettings: Hashable, Sendable {
    /// What becomes of a request that a limit does not admit.
    public enum OnLimit: String, Hashable, Sendable { case wait, fail }

    public var enabled = true
    public var onLimit = OnLimit.wait
    /// The longest that a request waits, in seconds.
    public var maxWaitSeconds = 300
    public var global = LimitSet()
    public var providers: [String: LimitSet] = [:]
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
