public import Core

/// One row of the ledger: a settled call of a provider, or an answer that came without one.
public struct LedgerLine: Hashable, Sendable {
    /// Grows from row to row.
    public var id: Int64
    /// When the call was reserved, which decides to which day it belongs: a wall time in microseconds since 1970.
    public var time: Int64
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
}

/// Some of the ledger's rows.
public struct LedgerPage: Hashable, Sendable {
    /// In the order in which they were written.
    public var lines: [LedgerLine] = []
    /// After which row the next page begins; nil when there is none.
    public var next: Int64?

    public init() {}
}
