public import Core

/// How the cache's look-up of a request went: one for each request, told on the first of its rows.
public enum Lookup: String, Hashable, Sendable {
    case hit, shared, miss
    /// The look-up was skipped on demand.
    case bypassed
    /// The cache is off, or this is not the request's first row.
    case none
}

/// What a provider call came to.
public struct Settlement: Hashable, Sendable {
    /// How the call ended, as the ledger keeps it.
    public enum Outcome: String, Hashable, Sendable {
        case answered, failed, cancelled
        /// The process that made the call was gone before it settled.
        case abandoned
    }

    public var outcome: Outcome
    public var usage: Usage
    /// nil when the model has no price.
    public var cost: Money?
    public var isEstimated: Bool
    public var latencyMilliseconds: Int
    /// What the provider said about its own limits; its buckets are corrected by it.
    public var limits: ProviderLimits?

    public init(
        outcome: Outcome, usage: Usage, cost: Money?, isEstimated: Bool, latencyMilliseconds: Int,
        limits: ProviderLimits? = nil
    ) {
        self.limits = limits
        self.outcome = outcome
        self.usage = usage
        self.cost = cost
        self.isEstimated = isEstimated
        self.latencyMilliseconds = latencyMilliseconds
    }
}

extension Settlement {
    /// What a call whose process is gone is charged with.
    static func abandoned(_ demand: Demand) -> Settlement {
        Settlement(
            outcome: .abandoned,
            usage: Usage(inputTokens: demand.worstInputTokens, outputTokens: demand.worstOutputTokens),
            cost: demand.worstCost, isEstimated: true, latencyMilliseconds: 0)
    }
}

/// What is to be asked of a provider, at its worst.
///
/// It never changes, and is shared and not copied: copying its texts would take as long as admitting it.
public final class Demand: Sendable {
    public let request: ULID
    public let origin: RequestOrigin
    public let provider: String
    public let model: String
    public let lookup: Lookup
    public let missCause: String?
    /// A bound on the tokens that the input may have.
    public let worstInputTokens: Int
    /// A bound on the tokens that the answer may have.
    public let worstOutputTokens: Int
    /// A bound on the cost; nil when the model has no price.
    public let worstCost: Money?

    public init(
        request: ULID, origin: RequestOrigin, provider: String, model: String, lookup: Lookup, missCause: String? = nil,
        worstInputTokens: Int, worstOutputTokens: Int, worstCost: Money?
    ) {
        self.request = request
        self.origin = origin
        self.provider = provider
        self.model = model
        self.lookup = lookup
        self.missCause = missCause
        self.worstInputTokens = worstInputTokens
        self.worstOutputTokens = worstOutputTokens
        self.worstCost = worstCost
    }
}

/// Room that was taken for one provider call at every level, with its durable attempt row.
///
/// Two are equal when they are of one attempt.
public struct Reservation: Hashable, Sendable {
    public let permit: Permit
    public let demand: Demand
    /// What was taken from token buckets.
    public let estimate: TokenEstimate
    /// The wall time at which the room was taken: a call belongs to the budget period of this moment.
    public let reservedAt: Int64
    /// The token buckets that the estimate was taken from: only there is something to be given back.
    let buckets: [BucketLevel.Name]

    func hasTaken(from level: BucketLevel) -> Bool { buckets.contains(level.name) }

    public static func == (left: Reservation, right: Reservation) -> Bool { left.permit == right.permit }

    public func hash(into hasher: inout Hasher) { hasher.combine(permit) }
}
