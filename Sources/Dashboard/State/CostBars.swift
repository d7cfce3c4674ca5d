import Core
import Metering

/// Bars of what was spent, and what had been spent in all when they were read.
struct CostBars: Sendable {
    /// The oldest first.
    var bars: [CostBar]
    var spent: Money

    /// Whether they still are what they would be now.
    func isFresh(spent: Money, at now: Int64) -> Bool { self.spent == spent && (bars.last?.end ?? 0) > now }
}
