import Configuration
import Synchronization

/// The calendar periods that were worked out last, which takes longer than all else of a reservation.
final class CalendarPeriods: Sendable {
    private let settings: RateLimitSettings
    private let known = Mutex<[LimitPeriod: Range<Int64>]>([:])

    init(_ settings: RateLimitSettings) { self.settings = settings }

    /// The period that holds a wall time.
    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        known.withLock { known in
            if let bounds = known[period], bounds.contains(wall) { return bounds }
            let bounds = settings.bounds(of: period, at: wall)
            known[period] = bounds
            return bounds
        }
    }
}
