import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// Limits that are raised and lowered while they count.
@Suite struct LimitChangeTests {
    private func dollars(_ text: String) throws -> Int64 { Int64(try Money(dollars: text).picodollars) }

    @Test(arguments: [
        "requests_per_second", "requests_per_month", "tokens_per_minute", "input_tokens_per_hour",
        "output_tokens_per_day", "cost_per_hour", "cost_per_day", "cost_per_month", "max_concurrent",
    ])
    func everyLimitHasAKeyThatReadsBack(text: String) throws {
        #expect(try #require(LimitKey(text)).description == text)
    }

    @Test(arguments: [
        "", "cost", "cost_per_second", "cost_per_minute", "cost_per_week", "tokens_per_second", "cost_per_input_token",
        "burst", "MAX_CONCURRENT", "requests_per_", "_per_day",
    ])
    func whatIsNoLimitIsNone(text: String) { #expect(LimitKey(text) == nil) }

    @Test(arguments: LimiterFixture.Place.allCases) func raisedBudgetHoldsUntilItsPeriodEnds(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter {
            $0.timeZone = .gmt
            $0.global.costs[.day] = try Money(dollars: "1")
        }
        try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("1"))
        #expect(try limiter.canProceed(fixture.demand(cost: "0.5")) != nil)
        let change = try limiter.change(.cost(.day), at: .global, to: dollars("2"), during: nil, by: "test")
        #expect(change.end == .at(fixture.time.now().wall + 12 * 3_600_000_000))
        #expect(change.description == "global cost_per_day is $2 for now")
        #expect(try limiter.canProceed(fixture.demand(cost: "0.5")) == nil)
        #expect(try limiter.standings().budgets.map(\.limit.dollars) == ["2"])
        fixture.time.advance(seconds: 12 * 3_600)
        #expect(try limiter.standings().budgets.map(\.limit.dollars) == ["1"])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func loweredBudgetIsNotPassed(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.providers["openai"] = LimitSet(costs: [.day: try Money(dollars: "1")]) }
        _ = try limiter.change(.cost(.day), at: .provider("openai"), to: dollars("0.25"), during: nil, by: "test")
        let refusal = try #require(try limiter.canProceed(fixture.demand(cost: "0.5")))
        #expect(refusal.isNever && refusal.scope == .provider("openai"))
    }

    @Test(arguments: LimiterFixture.Place.allCases) func addedLimitIsGivenNothingBackByCallsBeforeIt(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { _ in }
        func left() throws -> Int? { try limiter.standings().limits.first { $0.metric == "tokens" }?.remaining }
        let before = try (0..<2).map { _ in try limiter.tryReserve(fixture.demand()) }
        _ = try limiter.change(.bucket(.tokens, .minute), at: .global, to: 4_000, during: nil, by: "test")
        let after = try limiter.tryReserve(fixture.demand())
        let taken = try #require(try left())
        #expect(taken < 4_000)
        try limiter.settle(before[0], fixture.settlement("0"))
        try limiter.release(before[1])
        #expect(try left() == taken)
        try limiter.release(after)
        #expect(try left() == 4_000)
    }

    @Test func changeCountsForEveryProcessAtOnce() async throws {
        let fixture = try LimiterFixture()
        let limiter = fixture.limiter { $0.global.requests[.hour] = 1 }
        let other = RateLimiter(
            ledger: Ledger(path: fixture.folder.file("ledger.db"), time: fixture.time), settings: limiter.settings)
        _ = try limiter.tryReserve(fixture.demand())
        let patient = fixture.limiter {
            $0.global.requests[.hour] = 1
            $0.maxWaitSeconds = 7_200
        }
        async let waiting = patient.reserve(fixture.demand())
        await fixture.time.waitForSleepers(1)
        let version = try limiter.changeCount()
        fixture.time.advance(seconds: 0.1)
        // A bucket with room for a hundred is as full, in proportion, as the one with room for one was.
        _ = try other.change(.bucket(.requests, .hour), at: .global, to: 1_000_000, during: nil, by: "test")
        #expect(try limiter.changeCount() > version)
        await fixture.time.waitForSleepers(1)
        fixture.time.advance(seconds: 1)
        _ = try await waiting
        #expect(try limiter.standings().limits.map(\.limit) == [1_000_000])
    }

    @Test(arguments: [LimitScope.model("gpt-4o"), .role(.sceneSmith), .provider("openai"), .global])
    func limitThatNobodyWroteCanBeSet(scope: LimitScope) throws {
        for place in LimiterFixture.Place.allCases {
            let fixture = try LimiterFixture(place)
            let limiter = fixture.limiter { _ in }
            _ = try limiter.change(.maxConcurrent, at: scope, to: 1, during: nil, by: "test")
            _ = try limiter.tryReserve(fixture.demand())
            #expect(try limiter.canProceed(fixture.demand())?.scope == scope)
            #expect(try limiter.standings().limits.map(\.scope) == [scope])
        }
    }

    /// The limits of requests that count now.
    private func limits(_ limiter: RateLimiter) throws -> [Int] { try limiter.standings().limits.map(\.limit) }

    @Test(arguments: LimiterFixture.Place.allCases) func changedRateLimitHoldsUntilTheSessionEnds(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.hour] = 10 }
        let other = ULID(at: fixture.time.now())
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        try fixture.ledger.beginSession(other, processID: 2)
        let change = try limiter.change(
            .bucket(.requests, .hour), at: .global, to: 20, during: fixture.session, by: "test")
        #expect(change.end == .withSession(fixture.session))
        fixture.time.advance(seconds: 40 * 86_400)
        try fixture.ledger.endSession(other)
        #expect(try limits(limiter) == [20])
        try fixture.ledger.endSession(fixture.session)
        #expect(try limits(limiter) == [10])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func changeWithoutASessionHoldsUntilTheNextOneEnds(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.hour] = 10 }
        let key = LimitKey.bucket(.requests, .hour)
        #expect(try limiter.change(key, at: .global, to: 20, during: nil, by: "test").end == .withNextSession)
        #expect(try limits(limiter) == [20])
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        let next = ULID(at: fixture.time.now())
        try fixture.ledger.beginSession(next, processID: 2)
        try fixture.ledger.endSession(next)
        #expect(try limits(limiter) == [20])
        try fixture.ledger.endSession(fixture.session)
        #expect(try limits(limiter) == [10])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func changeEndsWithASessionWhoseProcessIsGone(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.hour] = 10 }
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        _ = try limiter.change(.bucket(.requests, .hour), at: .global, to: 20, during: fixture.session, by: "test")
        try fixture.ledger.settleAbandoned { _ in true }
        #expect(try limits(limiter) == [20])
        try fixture.ledger.settleAbandoned { _ in false }
        #expect(try limits(limiter) == [10])
        #expect(try fixture.ledger.openSessions() == [fixture.session])
    }

    @Test func scopesReadBack() {
        for scope in [LimitScope.global, .provider("a"), .model("b"), .role(.gatekeeper)] {
            #expect(LimitScope(kind: scope.kind, name: scope.name) == scope)
        }
        #expect(LimitScope(kind: "role", name: "nobody") == nil && LimitScope(kind: "team", name: "a") == nil)
    }
}
