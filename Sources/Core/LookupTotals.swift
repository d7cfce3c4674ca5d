/// How the cache's look-ups went, and what its answers saved.
public struct LookupTotals: Hashable, Sendable {
    /// Answers that came without a provider call, the shared ones included.
    public var hits = 0
    public var shared = 0
    public var misses = 0
    public var bypassed = 0
    public var savedCost = Money.zero
    public var savedTokens = 0

    public init() {}

    /// hits / (hits + misses); nil when nothing was looked up.
    public var hitRate: Double? { hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil }
    public var lookups: Int { hits + misses + bypassed }
}
