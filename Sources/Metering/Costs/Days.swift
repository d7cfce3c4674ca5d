import Configuration
import Foundation
import GRDB
import Synchronization

/// The days of wall times, as SQL can ask for them: in the configured zone, from when budgets' days start.
final class Days: Sendable {
    /// The function that gives a wall time's day as `2026-11-24`.
    static let name = "questfoundry_day"
    /// The function that gives the middle of a wall time's day, which other zones also take for that day.
    static let middle = "questfoundry_middle_of_day"

    private struct Day {
        var bounds: Range<Int64>
        var name: String
    }

    private let settings: RateLimitSettings
    /// The day that was asked for last: neighbouring rows mostly are of one.
    private let latest = Mutex<Day?>(nil)

    init(_ settings: RateLimitSettings) { self.settings = settings }

    /// Lets SQL ask for days as long as the body runs.
    func offered<Value>(to database: Database, _ body: () throws -> Value) rethrows -> Value {
        let functions = [
            DatabaseFunction(Self.name, argumentCount: 1, pure: true) { [self] in day(of: $0)?.name },
            DatabaseFunction(Self.middle, argumentCount: 1, pure: true) { [self] in
                day(of: $0).map { $0.bounds.lowerBound + ($0.bounds.upperBound - $0.bounds.lowerBound) / 2 }
            },
        ]
        for function in functions { database.add(function: function) }
        defer { for function in functions { database.remove(function: function) } }
        return try body()
    }

    private func day(of values: [DatabaseValue]) -> Day? {
        guard let wall = Int64.fromDatabaseValue(values[0]) else { return nil }
        return latest.withLock { latest in
            if let known = latest, known.bounds.contains(wall) { return known }
            let bounds = settings.day(at: wall)
            let start = Date(timeIntervalSince1970: Double(bounds.lowerBound) / 1e6)
            let day = Day(bounds: bounds, name: CalendarDay(start, in: settings.calendar).description)
            latest = day
            return day
        }
    }
}

extension RateLimitSettings {
    var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar
    }

    /// The day that holds a wall time.
    func day(at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(.day, at: wall, zone: timeZone, dayStartsAt: dayStartsAt)
    }
}
