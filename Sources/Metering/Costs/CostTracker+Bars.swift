import Configuration
import Core

/// What was spent in one hour or one day.
public struct CostBar: Hashable, Sendable {
    public enum Length: Hashable, Sendable { case hour, day }

    /// Wall times in microseconds since 1970, the end excluded.
    public var start: Int64
    public var end: Int64
    /// Told apart by provider, model, role and loop.
    public var tallies: [Tally]

    public init(start: Int64, end: Int64, tallies: [Tally]) {
        (self.start, self.end, self.tallies) = (start, end, tallies)
    }
}

extension CostTracker {
    /// The last hours, or the last days as budgets count them, up to the present one, the oldest first.
    ///
    /// Reads no row of the ledger itself; one look at its running sums for each.
    public func bars(of length: CostBar.Length, count: Int) throws(LedgerError) -> [CostBar] {
        let period: LimitPeriod = length == .hour ? .hour : .day
        var stretches: [Range<Int64>] = []
        var wall = ledger.time.now().wall
        while stretches.count < count {
            let stretch = bounds(of: period, at: wall)
            stretches.append(stretch)
            wall = stretch.lowerBound - 1
        }
        let found = stretches.reversed()
        let bars = try ledger.read { database in
            try found.map { stretch in
                let quarters =
                    BudgetPeriod.quarter(of: stretch.lowerBound)..<BudgetPeriod.quarter(of: stretch.upperBound)
                return CostBar(
                    start: stretch.lowerBound, end: stretch.upperBound,
                    tallies: try Self.tallies(in: quarters, database))
            }
        }
        return bars ?? found.map { CostBar(start: $0.lowerBound, end: $0.upperBound, tallies: []) }
    }
}
