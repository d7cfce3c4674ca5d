import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// When budgets run out.
@Suite struct BudgetForecastTests {
    private static let hour: Int64 = 3_600_000_000

    private func forecast(_ remaining: String, _ rates: [String], resetsIn hours: Int64 = 10) throws -> [Int64]? {
        let forecast = BudgetForecast.of(
            remaining: try Money(dollars: remaining), rates: try rates.map { try Money(dollars: $0) }, now: 0,
            resetsAt: hours * Self.hour)
        return forecast.map { [$0.earliest, $0.latest] }
    }

    @Test func ratesGiveTheRange() throws {
        #expect(try forecast("6", ["2", "3"]) == [2 * Self.hour, 3 * Self.hour])
        #expect(try forecast("6", ["3", "2"]) == [2 * Self.hour, 3 * Self.hour])
        #expect(try forecast("6", ["2"]) == [3 * Self.hour, 3 * Self.hour])
        #expect(try forecast("6", ["2", "0"]) == [3 * Self.hour, 3 * Self.hour])
    }

    @Test func slowRateThatLastsEndsTheRangeAtTheReset() throws {
        #expect(try forecast("6", ["2", "0.1"]) == [3 * Self.hour, 10 * Self.hour])
    }

    @Test func budgetThatOutlivesItsPeriodLasts() throws {
        #expect(try forecast("6", ["0.6", "0.1"]) == nil)
        #expect(try forecast("6", ["0.61"]) != nil)
        #expect(try forecast("6", []) == nil)
        #expect(try forecast("6", ["0"]) == nil)
    }

    @Test func spentBudgetHasRunOutNow() throws {
        #expect(try forecast("0", []) == [0, 0])
        #expect(try forecast("0", ["2"]) == [0, 0])
    }

    @Test func figuresBeyondAllBoundsNeverTrap() throws {
        let figures = [Money(picodollars: 1), .greatest, Money(picodollars: Int64.max)]
        for remaining in figures {
            for rate in figures {
                for now in [Int64.min, 0, .max] {
                    let forecast = BudgetForecast.of(
                        remaining: remaining, rates: [rate], now: now, resetsAt: .max)
                    #expect(forecast.map { $0.earliest <= $0.latest } ?? true)
                }
            }
        }
    }

    @Test func ratesAreThoseOfTheScope() throws {
        let fixture = try LimiterFixture()
        let start = fixture.time.now().wall
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        func spend(_ cost: String, provider: String, role: RoleName = .sceneSmith) throws {
            let limiter = fixture.limiter { _ in }
            try limiter.settle(
                limiter.tryReserve(fixture.demand(provider: provider, role: role, cost: "9")),
                fixture.settlement(cost))
        }
        try spend("1", provider: "openai")
        fixture.time.advance(seconds: 1_800)
        try spend("0.5", provider: "openai", role: .gatekeeper)
        try spend("2", provider: "far")
        fixture.time.advance(seconds: 1_800)
        try spend("0.25", provider: "far")
        let session = try #require(try fixture.ledger.lastSession())
        #expect(session.startedAt == start)
        var settings = RateLimitSettings()
        settings.timeZone = .gmt
        let rates = try CostTracker(ledger: fixture.ledger, settings: settings).rates(
            at: [.global, .provider("openai"), .provider("far"), .role(.gatekeeper), .model("none")], in: session)
        func dollars(_ scope: LimitScope) -> [String]? { rates[scope]?.map(\.dollars) }
        #expect(dollars(.global) == ["1.5", "3.75"])
        #expect(dollars(.provider("openai")) == ["1.5"])
        #expect(dollars(.provider("far")) == ["1.5", "2.25"])
        #expect(dollars(.role(.gatekeeper)) == ["0.5"])
        #expect(dollars(.model("none")) == [])
    }
}
