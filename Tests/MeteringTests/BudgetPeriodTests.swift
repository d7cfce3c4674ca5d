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
        // Days of 23 and of 25 hours that start at five in the morning, and the months that hold them.
        (.day, "2026-03-28T04:00:00Z", "Europe/Amsterdam", 300, "2026-03-28T04:00:00Z", "2026-03-29T03:00:00Z"),
        (.day, "2026-03-29T02:59:59Z", "Europe/Amsterdam", 300, "2026-03-28T04:00:00Z", "2026-03-29T03:00:00Z"),
        (.day, "2026-10-24T03:00:00Z", "Europe/Amsterdam", 300, "2026-10-24T03:00:00Z", "2026-10-25T04:00:00Z"),
        (.day, "2026-10-25T03:59:59Z", "Europe/Amsterdam", 300, "2026-10-24T03:00:00Z", "2026-10-25T04:00:00Z"),
        (.month, "2026-03-31T23:00:00Z", "Europe/Amsterdam", 300, "2026-03-01T04:00:00Z", "2026-04-01T03:00:00Z"),
        // Month ends, a leap day and a year's end.
        (.month, "2026-03-01T03:59:59Z", "Europe/Amsterdam", 300, "2026-02-01T04:00:00Z", "2026-03-01T04:00:00Z"),
        (.month, "2026-01-31T23:59:59Z", "UTC", 300, "2026-01-01T05:00:00Z", "2026-02-01T05:00:00Z"),
        (.month, "2026-05-31T04:00:00Z", "UTC", 300, "2026-05-01T05:00:00Z", "2026-06-01T05:00:00Z"),
        (.month, "2028-02-29T12:00:00Z", "UTC", 0, "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        (.day, "2028-02-29T04:59:59Z", "UTC", 300, "2028-02-28T05:00:00Z", "2028-02-29T05:00:00Z"),
        (.month, "2027-01-01T04:59:59Z", "UTC", 300, "2026-12-01T05:00:00Z", "2027-01-01T05:00:00Z"),
        (.day, "2027-01-01T04:59:59Z", "America/New_York", 0, "2026-12-31T05:00:00Z", "2027-01-01T05:00:00Z"),
        // Zones whose clocks go forward at midnight: those days start at one.
        (.day, "2026-09-06T12:00:00Z", "America/Santiago", 0, "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"),
        (.day, "2026-04-24T12:00:00Z", "Africa/Cairo", 0, "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"),
    ])
    func periodsFollowTheCalendarOfTheZone(
        period: LimitPeriod, at: String, zone: String, dayStartsAt: Int, start: String, end: String
    ) throws {
        #expect(try bounds(period, at, zone: zone, dayStartsAt: dayStartsAt) == [start, end])
    }

    static let zones = [
        "UTC", "Europe/Amsterdam", "America/New_York", "America/Santiago", "Africa/Cairo", "Asia/Beirut",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Asia/Gaza", "America/St_Johns",
    ]

    @Test(arguments: zones, [0, 120, 150, 300, 1_425])
    func periodsFollowOneAnotherWithoutAGapOrAnOverlap(name: String, dayStartsAt: Int) throws {
        let zone = try #require(TimeZone(identifier: name))
        func bounds(_ period: LimitPeriod, _ wall: Int64) -> Range<Int64> {
            BudgetPeriod.bounds(period, at: wall, zone: zone, dayStartsAt: dayStartsAt)
        }
        let end = try wall("2027-01-10T00:00:00Z")
        for period in [LimitPeriod.day, .month] {
            var range = bounds(period, try wall("2026-01-01T12:00:00Z"))
            var count = 0
            while range.upperBound < end {
                let next = bounds(period, range.upperBound)
                let comment: Comment = "\(name), \(dayStartsAt), \(period), \(range)"
                #expect(next.lowerBound == range.upperBound, comment)
                for wall in [range.lowerBound, range.upperBound - 1, (range.lowerBound + range.upperBound) / 2] {
                    #expect(bounds(period, wall) == range, comment)
                }
                // The ledger's running sums count quarters of an hour.
                #expect(range.lowerBound % 900_000_000 == 0, comment)
                let hours = (range.upperBound - range.lowerBound) / 3_600_000_000
                #expect(period == .month ? (27 * 24...32 * 24).contains(hours) : (22...25).contains(hours), comment)
                range = next
                count += 1
            }
            #expect((period == .month ? 12...13 : 373...375).contains(count))
        }
    }

    @Test func dateThatACalendarDoesNotKnowIsReplaced() {
        let (date, other) = (Date(timeIntervalSince1970: 1), Date(timeIntervalSince1970: 2))
        #expect(Date?.some(date).known(else: other) == date)
        #expect(Date?.none.known(else: other) == other)
    }
}
