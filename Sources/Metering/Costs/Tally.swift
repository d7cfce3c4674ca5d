public import Core

/// By what tallies are told apart.
public enum TallyKey: String, CaseIterable, Hashable, Sendable {
    case provider, model, role, loop
}

/// What the ledger's rows of one kind add up to: those of one provider, model, role, loop and look-up.
public struct Tally: Hashable, Sendable {
    public var provider: String
    public var model: String
    public var role: String
    public var loop: String
    public var lookup: Lookup
    /// Why the look-up missed; empty where nothing is known of that, and for all others.
    public var cause: String
    /// How many rows there are: each try of a request is one, and each answer that came without a call.
    public var count: Int
    /// How many of them had no price.
    public var unpriced: Int
    /// Input tokens that were billed and read afresh.
    public var inputTokens: Int
    /// Input tokens that were billed and came from the provider's own prompt cache.
    public var cachedInputTokens: Int
    /// Output tokens that were billed.
    public var outputTokens: Int
    public var cost: Money
    /// How much of ``cost`` is estimated.
    public var estimated: Money
    /// What the hits cost when they were made.
    public var saved: Money
    public var savedTokens: Int

    public func name(of key: TallyKey) -> String {
        switch key {
        case .provider: provider
        case .model: model
        case .role: role
        case .loop: loop
        }
    }
}

/// The tallies that have the same names of some keys.
public struct TallyGroup: Hashable, Sendable {
    /// In the order of the keys.
    public var names: [String]
    public var tallies: [Tally]
}

/// The tallies of four stretches of time.
public struct Tallies: Hashable, Sendable {
    public enum Stretch: String, CaseIterable, Hashable, Sendable { case session, today, month, all }

    public var session: [Tally] = []
    public var today: [Tally] = []
    /// Takes longest to add up, and so is read by itself: empty until then.
    public var month: [Tally] = []
    public var all: [Tally] = []

    public init() {}

    public subscript(stretch: Stretch) -> [Tally] {
        switch stretch {
        case .session: session
        case .today: today
        case .month: month
        case .all: all
        }
    }
}

extension Sequence<Tally> {
    /// The cache's look-ups among them.
    public var lookups: LookupTotals { reduce(into: LookupTotals()) { $0.add($1) } }

    /// What they cost. Each try of a request counts as a call here.
    public var figures: CostFigures {
        reduce(into: CostFigures()) { figures, tally in
            figures.calls += tally.count
            figures.hits += tally.lookup.isHit ? tally.count : 0
            figures.inputTokens += tally.inputTokens
            figures.cachedInputTokens += tally.cachedInputTokens
            figures.outputTokens += tally.outputTokens
            figures.cost += tally.cost
            figures.unpriced += tally.unpriced
            figures.estimated += tally.estimated
            figures.saved += tally.saved
        }
    }

    /// The tallies told apart by some keys, in the order of the names.
    public func grouped(by keys: [TallyKey]) -> [TallyGroup] {
        Dictionary(grouping: self) { tally in keys.map { tally.name(of: $0) } }
            .map { TallyGroup(names: $0, tallies: $1) }
            .sorted { $0.names.lexicographicallyPrecedes($1.names) }
    }
}

extension Lookup {
    fileprivate var isHit: Bool { self == .hit || self == .shared }
}

extension LookupTotals {
    fileprivate mutating func add(_ tally: Tally) {
        savedCost += tally.saved
        savedTokens += tally.savedTokens
        switch tally.lookup {
        case .hit: hits += tally.count
        case .shared:
            hits += tally.count
            shared += tally.count
        case .bypassed: bypassed += tally.count
        case .miss: causes[tally.cause, default: MissTotals()] += tally.missed
        case .none: break
        }
    }
}

extension Tally {
    fileprivate var missed: MissTotals {
        var totals = MissTotals()
        totals.count = count
        totals.tokens = inputTokens + cachedInputTokens + outputTokens
        totals.cost = cost
        totals.unpriced = unpriced
        return totals
    }
}
