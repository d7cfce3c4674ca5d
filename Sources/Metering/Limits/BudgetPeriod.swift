import Configuration
import Foundation

/// The calendar stretches that budgets are counted in.
enum BudgetPeriod {
    /// Quarters of an hour since 1970: the grain of the ledger's running sums. Every zone's offset and every reset
    /// time is a whole number of them.
    static func quarter(of wall: Int64) -> Int64 { wall / 900_000_000 }

    /// The clock hour, calendar day or calendar month that holds a wall time, in a zone, where days and months start
    /// `dayStartsAt` minutes after midnight. Right across daylight saving and month ends.
    ///
    /// Returns microseconds since 1970, the end excluded. Seconds and minutes have no calendar: they count as hours.
    static func bounds(_ period: LimitPeriod, at wall: Int64, zone: TimeZone, dayStartsAt: Int) -> Range<Int64> {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = Date(timeIntervalSince1970: Double(wall) / 1e6)
        let component: Calendar.Component =
            switch period {
            case .month: .month
            case .day: .day
            default: .hour
            }
        guard component != .hour else {
            let hour: Int64 = 3_600_000_000
            let offset = Int64(zone.secondsFromGMT(for: date)) * 1_000_000
            let start = (wall + offset) / hour * hour - offset
            return start..<(start + hour)
        }
        var start = Self.start(of: component, at: date, calendar: calendar, minutes: dayStartsAt)
        if start > date {
            let before = calendar.date(byAdding: component, value: -1, to: date).known(else: date)
            start = Self.start(of: component, at: before, calendar: calendar, minutes: dayStartsAt)
        }
        let next = calendar.date(byAdding: component, value: 1, to: start).known(else: start)
        let end = Self.start(of: component, at: next, calendar: calendar, minutes: dayStartsAt)
        return microseconds(start)..<max(microseconds(end), microseconds(start) + 1)
    }

    private static func start(
        of component: Calendar.Component, at date: Date, calendar: Calendar, minutes: Int
    ) -> Date {
        let first = (calendar.dateInterval(of: component, for: date)?.start).known(else: date)
        // A time that the clocks skip that day is as much later as they go forward.
        var components = calendar.dateComponents([.year, .month, .day], from: first)
        components.hour = minutes / 60
        components.minute = minutes % 60
        return calendar.date(from: components).known(else: first)
    }

    private static func microseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1e6).rounded()) }
}

extension Date? {
    /// The date; where the calendar knows none, which the Gregorian one always does, another.
    func known(else other: Date) -> Date { self ?? other }
}
