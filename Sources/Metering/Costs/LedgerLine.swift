public import Core

/// One row of the ledger: a settled call of a provider, or an answer that came without one; or what a day's old rows
/// came to that are alike in all that has a name here.
public struct LedgerLine: Hashable, Sendable {
    /// Grows from row to row, and from sum to sum.
    public var id: Int64
    /// When the call was reserved, which decides to which day it belongs: a wall time in microseconds since 1970. For a
    /// sum, the middle of the day.
    public var time: Int64
    /// Empty for a sum, and so are ``run``, ``request`` and ``step``.
    public var session: String
    public var run: String
    public var request: String
    public var loop: String
    public var step: String
    public var role: String
    public var provider: String
    public var model: String
    /// `provider`, `cache` or `shared`.
    public var source: String
    /// How the cache's look-up went: `hit`, `shared`, `miss`, `bypassed` or `none`.
    public var lookup: String
    public var missCause: String?
    /// `answered`, `failed`, `cancelled` or `abandoned`.
    public var outcome: String
    /// What was billed: nothing for an answer that came without a call.
    public var usage: Usage
    /// nil when the model has no price.
    public var cost: Money?
    public var isEstimated: Bool
    public var savedCost: Money
    public var savedTokens: Int
    public var latencyMilliseconds: Int
    /// How many rows a daily sum stands for; nil for a row.
    public var sumOf: Int?
}

/// A place between two rows, from which a next page goes on.
public struct LedgerPlace: Hashable, Sendable {
    var row: Int64
    var isSum: Bool
    /// Which rows were sums when the place was given.
    var edition: Int64
}

/// Some of the ledger's rows.
public struct LedgerPage: Hashable, Sendable {
    /// Daily sums first, then rows in the order in which they were written.
    public var lines: [LedgerLine] = []
    /// After which place the next page begins; nil when there is none.
    public var next: LedgerPlace?

    public init() {}
}
