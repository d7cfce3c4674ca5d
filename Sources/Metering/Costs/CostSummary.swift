public import Core

/// By what the ledger's rows are told apart in a summary.
public enum CostKey: String, CaseIterable, Hashable, Sendable {
    case provider, model, role, loop, day
}

/// What some of the ledger's rows add up to.
public struct CostFigures: Hashable, Sendable {
    /// Requests, each once however many tries it took, those that were answered without a provider included.
    public var calls = 0
    /// How many of ``calls`` were answered without a provider.
    public var hits = 0
    /// Input tokens that were billed and read afresh, those written to the provider's own prompt cache included.
    public var inputTokens = 0
    /// Input tokens that were billed and came from the provider's own prompt cache.
    public var cachedInputTokens = 0
    /// Output tokens that were billed.
    public var outputTokens = 0
    /// What is known of the cost: the whole when ``unpriced`` is 0.
    public var cost = Money.zero
    /// How many calls of a provider had no price.
    public var unpriced = 0
    /// How much of ``cost`` is estimated.
    public var estimated = Money.zero
    /// What the hits cost when they were made.
    public var saved = Money.zero

    public init() {}
}

/// The rows that have the same values of some keys.
public struct CostGroup: Hashable, Sendable {
    /// The value of each key of the summary, in the keys' order; a day as `2026-11-24`.
    public var names: [String]
    public var figures: CostFigures

    public init(names: [String], figures: CostFigures) {
        self.names = names
        self.figures = figures
    }
}

/// What was spent in a stretch of days, by some keys.
public struct CostSummary: Hashable, Sendable {
    public var keys: [CostKey]
    /// The first and the last day that count; nil where the ledger's own beginning and end do.
    public var first: CalendarDay?
    public var last: CalendarDay?
    /// In the order of days where they are told apart, else the dearest first.
    public var groups: [CostGroup] = []
    public var total = CostFigures()

    public init(keys: [CostKey], first: CalendarDay? = nil, last: CalendarDay? = nil) {
        self.keys = keys
        self.first = first
        self.last = last
    }
}
