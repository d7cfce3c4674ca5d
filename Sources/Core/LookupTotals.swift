/// Misses of one cause, and what their calls came to.
public struct MissTotals: Hashable, Sendable {
    public var count = 0
    /// Tokens that the providers billed for them.
    public var tokens = 0
    /// What is known of their cost: the whole when ``unpriced`` is 0.
    public var cost = Money.zero
    /// How many of their calls had no price.
    public var unpriced = 0

    public init() {}

    public static func += (left: inout MissTotals, right: MissTotals) {
        left.count += right.count
        left.tokens += right.tokens
        left.cost += right.cost
        left.unpriced += right.unpriced
    }
}

/// How the cache's look-ups went, what its answers saved, and what the misses cost.
public struct LookupTotals: Hashable, Sendable {
    /// Answers that came without a provider call, the shared ones included.
    public var hits = 0
    public var shared = 0
    public var bypassed = 0
    public var savedCost = Money.zero
    public var savedTokens = 0
    /// The misses, told apart by the name of their cause; empty for those of which none is known.
    public var causes: [String: MissTotals] = [:]

    public init() {}

    /// All misses, whatever their cause.
    public var missed: MissTotals { causes.values.reduce(into: MissTotals()) { $0 += $1 } }
    public var misses: Int { missed.count }

    /// hits / (hits + misses); nil when nothing was looked up.
    public var hitRate: Double? { Self.share(hits, of: misses) }
    /// The same by tokens: those that the hits saved, and those that were billed for the misses.
    public var hitRateByTokens: Double? { Self.share(savedTokens, of: missed.tokens) }
    public var lookups: Int { hits + misses + bypassed }

    private static func share(_ part: Int, of rest: Int) -> Double? {
        let all = Double(part) + Double(rest)
        return all > 0 ? Double(part) / all : nil
    }
}
