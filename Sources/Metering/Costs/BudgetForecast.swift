public import Core

/// When a budget runs out at the rates at which money is being spent.
public struct BudgetForecast: Hashable, Sendable {
    /// A wall time in microseconds: at the fastest rate.
    public var earliest: Int64
    /// At the slowest rate, but not after the budget's reset.
    public var latest: Int64

    /// Returns nil when the budget outlives its period at every rate, so also when nothing is being spent.
    ///
    /// `rates` are dollars an hour; `now` and `resetsAt` are wall times in microseconds. A budget that is spent has run
    /// out now.
    public static func of(remaining: Money, rates: [Money], now: Int64, resetsAt: Int64) -> BudgetForecast? {
        guard remaining > .zero else { return BudgetForecast(earliest: now, latest: now) }
        let times = rates.filter { $0 > .zero }.map { rate in
            let (amount, isTooLarge) = remaining.picodollars.multipliedReportingOverflow(by: 3_600_000_000)
            return isTooLarge ? .max : Int64(clamping: Int128(now) + min(amount / rate.picodollars, Int128(Int64.max)))
        }
        guard let earliest = times.min(), let latest = times.max(), earliest < resetsAt else { return nil }
        return BudgetForecast(earliest: earliest, latest: min(latest, resetsAt))
    }
}
