public import Core
public import Metering

/// A budget, by its scope and period, and what it shall be until that period ends.
///
/// It travels as one value: an amount of money among many other arguments of an asynchronous call ends up at the wrong
/// place (Swift 6.3 on x86-64).
public struct BudgetChange: Hashable, Sendable {
    public var scope: Status.Scope
    /// The provider, model or role; nil for the global scope.
    public var name: String?
    /// `hour`, `day` or `month`.
    public var period: String
    public var limit: Money

    public init(scope: Status.Scope, name: String?, period: String, limit: Money) {
        self.scope = scope
        self.name = name
        self.period = period
        self.limit = limit
    }
}

extension Session {
    /// Raises or lowers a budget until its period ends, for every process of the workspace.
    public func changeBudget(_ change: BudgetChange) throws {
        guard let scope = LimitScope(kind: change.scope.rawValue, name: change.name ?? ""),
            let key = LimitKey("cost_per_\(change.period)")
        else { throw RunError(.order, "there is no such budget") }
        try changeLimit(key, at: scope, to: Int64(clamping: change.limit.picodollars), by: "dashboard")
    }

    /// Raises or lowers a limit for a while, for every process of the workspace; a run that pauses there goes on.
    ///
    /// A budget's change holds until its period ends, any other for a day; what shall last is written in config.yml. It
    /// is recorded with its time and `author`. Returns what holds now. Throws when the ledger cannot be written.
    @discardableResult
    public func changeLimit(
        _ key: LimitKey, at scope: LimitScope, to value: Int64, by author: String
    ) throws -> LimitChange {
        let change = try limiter.change(key, at: scope, to: value, by: author)
        hub.emit(.notice(isError: false, text: change.description))
        bookkeeping.warn()
        return change
    }
}
