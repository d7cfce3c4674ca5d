import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// Budgets on days that are no 24 hours long, at month ends, and in a zone that somebody changes.
@Suite struct BudgetCalendarTests {
    private let time = SteppedTime()

    private func setClock(to text: String) throws {
        let date = try Date(text, strategy: .iso8601)
        time.step(wall: Int64(date.timeIntervalSince1970) * 1_000_000 - time.now().wall)
    }

    private func settings(
        zone: String, dayStartsAt: Int = 0, _ costs: [LimitPeriod: Money]
    ) throws -> RateLimitSettings {
        var settings = RateLimitSettings()
        settings.timeZone = try #require(TimeZone(identifier: zone))
        settings.dayStartsAt = dayStartsAt
        settings.global.costs = costs
        return settings
    }

    private func demand(_ dollars: String) throws -> Demand {
        let id = ULID(at: time.now())
        let origin = RequestOrigin(session: id, run: id, loop: "l", step: "s", role: .sceneSmith)
        return Demand(
            request: id, origin: origin, provider: "p", model: "m", lookup: .miss, worstInputTokens: 10,
            worstOutputTokens: 10, worstCost: try Money(dollars: dollars))
    }

    private func spend(_ dollars: String, _ limiter: RateLimiter) throws {
        let settlement = Settlement(
            outcome: .answered, usage: .zero, cost: try Money(dollars: dollars), isEstimated: false,
            latencyMilliseconds: 1)
        try limiter.settle(limiter.tryReserve(demand(dollars)), settlement)
    }

    struct Span: Sendable {
        var period: LimitPeriod
        var zone = "Europe/Amsterdam"
        var dayStartsAt = 300
        var start: String
        var hours: Int64
    }

    static let spans = [
        Span(period: .day, start: "2026-03-28T04:00:00Z", hours: 23),
        Span(period: .day, start: "2026-10-24T03:00:00Z", hours: 25),
        Span(period: .day, dayStartsAt: 0, start: "2026-03-28T23:00:00Z", hours: 23),
        Span(period: .day, dayStartsAt: 0, start: "2026-10-24T22:00:00Z", hours: 25),
        Span(period: .day, zone: "UTC", start: "2026-02-28T05:00:00Z", hours: 24),
        Span(period: .month, start: "2026-03-01T04:00:00Z", hours: 31 * 24 - 1),
        Span(period: .month, start: "2026-10-01T03:00:00Z", hours: 31 * 24 + 1),
        Span(period: .month, zone: "UTC", dayStartsAt: 0, start: "2026-02-01T00:00:00Z", hours: 28 * 24),
        Span(period: .month, zone: "UTC", start: "2028-02-01T05:00:00Z", hours: 29 * 24),
    ]

    @Test(arguments: LimiterBooks.allCases, spans)
    func budgetHoldsForItsWholePeriodAndNotLonger(books: LimiterBooks, span: Span) throws {
        let costs = [span.period: try Money(dollars: "1")]
        let settings = try settings(zone: span.zone, dayStartsAt: span.dayStartsAt, costs)
        let bench = try LimiterBench(books, settings, time: time)
        let limiter = bench.limiter().limiter
        try setClock(to: span.start)
        time.step(wall: -1)
        try spend("1", limiter)
        time.step(wall: 1)
        // What the period before had spent is no matter.
        try spend("0.75", limiter)
        let length = span.hours * 3_600_000_000
        for part in [Int64(0), length / 2, length - 1] {
            time.step(wall: part)
            let refusal = try #require(try limiter.canProceed(demand("0.5")))
            #expect(refusal.retryAfter == (length - part + 999) / 1_000)
            #expect(try limiter.standings().budgets.map(\.spent.dollars) == ["0.75"])
            time.step(wall: -part)
        }
        time.step(wall: length)
        #expect(try limiter.canProceed(demand("1")) == nil)
        #expect(try limiter.standings().budgets.map(\.spent) == [.zero])
    }

    @Test(arguments: LimiterBooks.allCases)
    func zoneThatChangesInTheMiddleOfADayCountsWhatIsInTheNewDay(books: LimiterBooks) throws {
        let costs: [LimitPeriod: Money] = [.day: try Money(dollars: "1"), .month: try Money(dollars: "3")]
        let utc = try settings(zone: "UTC", costs)
        let bench = try LimiterBench(books, utc, time: time)
        let (first, ledger) = bench.limiter()
        // Two days of UTC, which are one day in Tokyo from 15:00 to 15:00.
        try setClock(to: "2026-11-23T14:59:59Z")
        try spend("0.25", first)
        try setClock(to: "2026-11-23T15:00:00Z")
        try spend("0.5", first)
        try setClock(to: "2026-11-24T01:00:00Z")
        try spend("0.75", first)
        let tokyo = RateLimiter(ledger: ledger, settings: try settings(zone: "Asia/Tokyo", costs))
        #expect(try tokyo.standings().budgets.map(\.spent.dollars) == ["1.25", "1.5"])
        #expect(try tokyo.canProceed(demand("0.01"))?.key == "cost_per_day")
        time.step(wall: 14 * 3_600_000_000)
        #expect(try tokyo.canProceed(demand("1")) == nil)
        // Back again: the same rows, the same sums.
        #expect(try first.standings().budgets.map(\.spent.dollars) == ["0.75", "1.5"])
        #expect(try first.canProceed(demand("0.5")) != nil)
    }

    @Test(arguments: LimiterBooks.allCases)
    func reservationsMoveIntoTheNewZonesDayToo(books: LimiterBooks) throws {
        let costs = [LimitPeriod.day: try Money(dollars: "1")]
        let bench = try LimiterBench(books, try settings(zone: "UTC", costs), time: time)
        let (first, ledger) = bench.limiter()
        try setClock(to: "2026-11-23T23:00:00Z")
        let reservation = try first.tryReserve(demand("0.75"))
        try setClock(to: "2026-11-24T01:00:00Z")
        #expect(try first.canProceed(demand("0.5")) == nil)
        let tokyo = RateLimiter(ledger: ledger, settings: try settings(zone: "Asia/Tokyo", costs))
        #expect(try tokyo.canProceed(demand("0.5")) != nil)
        try tokyo.release(reservation)
        #expect(try tokyo.canProceed(demand("0.5")) == nil)
    }

    @Test(arguments: LimiterBooks.allCases)
    func clockThatIsSetBackOpensNoBudgetOfTheDayThatWas(books: LimiterBooks) throws {
        let settings = try settings(zone: "UTC", [.day: try Money(dollars: "1")])
        let bench = try LimiterBench(books, settings, time: time)
        let limiter = bench.limiter().limiter
        try setClock(to: "2026-11-24T23:00:00Z")
        try spend("1", limiter)
        time.step(wall: 7_200_000_000)
        try spend("0.5", limiter)
        time.step(wall: -7_200_000_000)
        #expect(try limiter.canProceed(demand("0.01")) != nil)
        time.step(wall: 7_200_000_000)
        #expect(try limiter.standings().budgets.map(\.spent.dollars) == ["0.5"])
    }
}
