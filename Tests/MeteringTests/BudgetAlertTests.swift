import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// Warnings of budgets that come to their end.
@Suite struct BudgetAlertTests {
    private let fixture: LimiterFixture
    private var settings = RateLimitSettings()

    init() throws {
        fixture = try LimiterFixture()
        settings.timeZone = .gmt
        settings.global.costs[.day] = try Money(dollars: "10")
    }

    private func alerts(_ ledger: Ledger? = nil) -> BudgetAlerts {
        BudgetAlerts(ledger: ledger ?? fixture.ledger, settings: settings)
    }

    private func spend(_ cost: String, provider: String = "openai") throws {
        let limiter = fixture.limiter { _ in }
        try limiter.settle(limiter.tryReserve(fixture.demand(provider: provider, cost: cost)), fixture.settlement(cost))
    }

    @Test func eachShareIsToldOnceAsItIsPassed() throws {
        let alerts = alerts()
        #expect(try alerts.passed().isEmpty)
        try spend("4.999999999999")
        #expect(try alerts.passed().isEmpty)
        try spend("0.000000000001")
        let first = try alerts.passed()
        #expect(first.map(\.threshold) == [0.5] && first.first?.spent.dollars == "5")
        #expect(first.first?.limit.dollars == "10" && first.first?.scope == "global" && first.first?.name == nil)
        #expect(first.first?.resetsAt == fixture.time.now().wall + 12 * 3_600_000_000)
        #expect(first.first?.description == "50 % of global cost_per_day is spent: $5.0000 of $10")
        #expect(try alerts.passed().isEmpty)
        try spend("3")
        #expect(try alerts.passed().map(\.threshold) == [0.8])
        try spend("1.5")
        #expect(try alerts.passed().map(\.threshold) == [0.95])
        try spend("0.5")
        #expect(try alerts.passed().isEmpty)
    }

    @Test func oneCallMayPassSeveralShares() throws {
        try spend("9.5")
        #expect(try alerts().passed().map(\.threshold) == [0.5, 0.8, 0.95])
    }

    @Test func nextPeriodWarnsAnew() throws {
        let alerts = alerts()
        try spend("6")
        #expect(try alerts.passed().count == 1)
        fixture.time.advance(seconds: 12 * 3_600)
        #expect(try alerts.passed().isEmpty)
        try spend("6")
        #expect(try alerts.passed().map(\.threshold) == [0.5])
    }

    @Test func neitherARestartNorAnotherProcessTellsItAgain() throws {
        let other = alerts(Ledger(path: fixture.folder.file("ledger.db"), time: fixture.time))
        try spend("6")
        #expect(try alerts().passed().count == 1)
        #expect(try alerts().passed().isEmpty)
        #expect(try other.passed().isEmpty)
        try spend("2.5")
        #expect(try other.passed().map(\.threshold) == [0.8])
        #expect(try alerts().passed().isEmpty)
    }

    @Test func everyBudgetIsWatched() throws {
        var more = settings
        more.providers["openai"] = LimitSet(costs: [.hour: try Money(dollars: "1"), .month: try Money(dollars: "100")])
        more.roles[.sceneSmith] = LimitSet(costs: [.day: try Money(dollars: "2")])
        more.alerts = [0.9]
        try spend("2")
        let passed = try BudgetAlerts(ledger: fixture.ledger, settings: more).passed()
        #expect(passed.map(\.scope) == ["provider", "role"] && passed.map(\.period) == ["hour", "day"])
        #expect(passed.map(\.name) == ["openai", "scene_smith"])
    }

    @Test func whatIsOnlyReservedIsNotSpent() throws {
        let limiter = fixture.limiter { _ in }
        let reservation = try limiter.tryReserve(fixture.demand(cost: "9"))
        #expect(try alerts().passed().isEmpty)
        try limiter.settle(reservation, fixture.settlement("1"))
        #expect(try alerts().passed().isEmpty)
    }

    @Test func loweredBudgetWarnsAtOnceAndARaisedOneIsMeasuredAsItIs() throws {
        let limiter = RateLimiter(ledger: fixture.ledger, settings: settings)
        let alerts = alerts()
        try spend("4")
        #expect(try alerts.passed().isEmpty)
        let key = try #require(LimitKey("cost_per_day"))
        _ = try limiter.change(key, at: .global, to: 8_000_000_000_000, during: nil, by: "test")
        #expect(try alerts.passed().map(\.limit.dollars) == ["8"])
        _ = try limiter.change(key, at: .global, to: 100_000_000_000_000, during: nil, by: "test")
        try spend("40")
        #expect(try alerts.passed().isEmpty)
    }

    @Test func noSharesNoLimitsAndNoLedgerAreNoWarnings() throws {
        #expect(try alerts().passed().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("ledger.db")))
        try spend("10")
        var none = settings
        none.alerts = []
        #expect(try BudgetAlerts(ledger: fixture.ledger, settings: none).passed().isEmpty)
        none = settings
        none.enabled = false
        #expect(try BudgetAlerts(ledger: fixture.ledger, settings: none).passed().isEmpty)
        none = settings
        none.global.costs[.day] = .zero
        #expect(try BudgetAlerts(ledger: fixture.ledger, settings: none).passed().isEmpty)
        none.alerts = [0]
        none.global.costs[.day] = try Money(dollars: "100")
        #expect(try BudgetAlerts(ledger: fixture.ledger, settings: none).passed().isEmpty)
    }
}
