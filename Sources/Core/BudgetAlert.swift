/// That a budget has come to a share of which the configuration wants to be told.
public struct BudgetAlert: Hashable, Codable, Sendable, CustomStringConvertible {
    /// `global`, `provider`, `model` or `role`.
    public var scope: String
    /// The provider, model or role; nil for the global scope.
    public var name: String?
    /// `hour`, `day` or `month`.
    public var period: String
    /// The share of the budget that is spent at least, from 0 to 1.
    public var threshold: Double
    public var spent: Money
    public var limit: Money
    /// The wall time in microseconds at which the budget starts anew.
    public var resetsAt: Int64

    public init(
        scope: String, name: String?, period: String, threshold: Double, spent: Money, limit: Money, resetsAt: Int64
    ) {
        self.scope = scope
        self.name = name
        self.period = period
        self.threshold = threshold
        self.spent = spent
        self.limit = limit
        self.resetsAt = resetsAt
    }

    /// `80 %`.
    public var share: String {
        let percent = (threshold * 1_000).rounded() / 10
        return (Int(exactly: percent).map { "\($0)" } ?? "\(percent)") + " %"
    }

    /// `80 % of openai cost_per_day is spent: $4.02 of $5`.
    public var description: String {
        "\(share) of \(name ?? scope) cost_per_\(period) is spent: $\(spent.dollars(decimals: 4)) of $\(limit.dollars)"
    }
}
