import Configuration
import Foundation
import Testing

@testable import Metering

@Suite struct BudgetPeriodTests {
    private func wall(_ text: String) throws -> Int64 {
        let date = try #require(try? Date(text, strategy: .iso8601))
        return Int64(date.timeIntervalSince1970) * 1_000_000
    }

    private func bounds(_ period: LimitPeriod, _ at: String, zone: String, dayStartsAt: Int = 0) throws -> [String] {
        let range = BudgetPeriod.bounds(
            period, at: try wall(at), zone: try #require(TimeZone(identifier: zone)), dayStartsAt: dayStartsAt)
        return [range.lowerBound, range.upperBound].map {
            Date(timeIntervalSince1970: Double($0) / 1e6).formatted(.iso8601)
        }
    }

    @Test(arguments: [
        (LimitPeriod.day, "2026-11-24T08:41:00Z", "UTC", 0, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"),
        (.day, "2026-11-24T23:30:00Z", "Europe/Amsterdam", 0, "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z"),
        (.day, "2026-11-24T03:00:00Z", "UTC", 240, "2026-11-23T04:00:00Z", "2026-11-24T04:00:00Z"),
        (.day, "2026-03-29T10:00:00Z", "Europe/Amsterdam", 0, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        (.day, "2026-10-25T10:00:00Z", "Europe/Amsterdam", 0, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        (.month, "2026-02-10T00:00:00Z", "UTC", 0, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        (.month, "2026-03-01T01:00:00Z", "UTC", 120, "2026-02-01T02:00:00Z", "2026-03-01T02:00:00Z"),
        (.hour, "2026-11-24T08:41:00Z", "Asia/Kathmandu", 0, "2026-11-24T08:15:00Z", "2026-11-24T09:15:00Z"),
    ])
    func periodsFollowTheCalendarOfTheZone(
        period: LimitPeriod, at: String, zone: String, dayStartsAt: Int, start: String, end: String
    ) throws {
        #expect(try bounds(period, at, zone: zone, dayStartsAt: dayStartsAt) == [start, end])
    }

    @Test func dateThatACalendarDoesNotKnowIsReplaced() {
        let (date, other) = (Date(timeIntervalSince1970: 1), Date(timeIntervalSince1970: 2))
        #expect(Date?.some(date).known(else: other) == date)
        #expect(Date?.none.known(else: other) == other)
    }
}
