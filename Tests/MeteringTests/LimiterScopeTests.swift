import Configuration
import Core
import Synchronization
import TestKit
import Testing

@testable import Metering

/// Every metric, period and scope.
@Suite struct LimiterScopeTests {
    private static let scopes: [LimitScope] = [
        .global, .provider("openai"), .model("gpt-4o"), .role(.sceneSmith),
    ]

    /// What a demand of the fixture takes from a bucket before anything was learned: 300 tokens in, 500 out.
    private static func units(_ metric: LimitMetric) -> Int {
        [.requests: 1, .tokens: 800, .inputTokens: 300, .outputTokens: 500][metric] ?? 0
    }

    @Test(arguments: scopes, LimitMetric.allCases) func everyMetricBindsAtEveryScope(
        scope: LimitScope, metric: LimitMetric
    ) throws {
        for place in LimiterFixture.Place.allCases {
            let fixture = try LimiterFixture(place)
            let limiter = fixture.limiter(at: scope) { $0[metric, .hour] = 2 * Self.units(metric) }
            _ = try limiter.tryReserve(fixture.demand())
            _ = try limiter.tryReserve(fixture.demand())
            let refusal = try #require(try limiter.canProceed(fixture.demand()))
            #expect(refusal.scope == scope && refusal.key == "\(metric.rawValue)_per_hour")
            #expect(refusal.kind == .rateLimit(asked: Int64(Self.units(metric)), left: 0))
            let standing = try #require(try limiter.standings().limits.first)
            #expect(standing.metric == metric.rawValue && standing.remaining == 0)
            #expect(standing.reserved == (metric == .requests ? 0 : 2 * Self.units(metric)))
        }
    }

    @Test(arguments: scopes, [LimitPeriod.hour, .day, .month]) func budgetsBindAtEveryScopeInEveryPeriod(
        scope: LimitScope, period: LimitPeriod
    ) throws {
        for place in LimiterFixture.Place.allCases {
            let fixture = try LimiterFixture(place)
            let limiter = try fixture.limiter(at: scope) { $0.costs[period] = try Money(dollars: "1") }
            try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("0.75"))
            let refusal = try #require(try limiter.canProceed(fixture.demand(cost: "0.5")))
            #expect(refusal.scope == scope && refusal.key == "cost_per_\(period.rawValue)")
            #expect(try limiter.canProceed(fixture.demand(cost: "0.25")) == nil)
            #expect(try limiter.standings().budgets.map(\.spent.dollars) == ["0.75"])
        }
    }

    @Test(arguments: scopes) func callsUnderWayAreBoundedAtEveryScope(scope: LimitScope) throws {
        for place in LimiterFixture.Place.allCases {
            let fixture = try LimiterFixture(place)
            let limiter = fixture.limiter(at: scope) { $0.maxConcurrent = 2 }
            let first = try limiter.tryReserve(fixture.demand())
            _ = try limiter.tryReserve(fixture.demand())
            let refusal = try #require(try limiter.canProceed(fixture.demand()))
            #expect(refusal.scope == scope && refusal.kind == .concurrency(limit: 2))
            #expect(refusal.description.contains("2 calls are under way"))
            let standing = try #require(try limiter.standings().limits.first)
            #expect(standing.period == nil && standing.reserved == 2 && standing.remaining == 0)
            try limiter.settle(first, fixture.settlement("0"))
            #expect(try limiter.canProceed(fixture.demand()) == nil)
        }
    }

    @Test(arguments: LimiterFixture.Place.allCases) func otherNamesAreNotBound(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.models["gpt-5"] = LimitSet(requests: [.minute: 0])
            $0.roles[.gatekeeper] = LimitSet(requests: [.minute: 0])
            $0.providers["ollama"] = LimitSet(requests: [.minute: 0])
        }
        #expect(try limiter.canProceed(fixture.demand()) == nil)
        #expect(try limiter.canProceed(fixture.demand(role: .gatekeeper)) != nil)
        #expect(try limiter.canProceed(fixture.demand(provider: "ollama")) != nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func eightCallsAreUnderWayWhereNothingIsWritten(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { _ in }
        for _ in 0..<8 { _ = try limiter.tryReserve(fixture.demand()) }
        #expect(try limiter.canProceed(fixture.demand())?.kind == .concurrency(limit: 8))
        #expect(try limiter.standings().limits.isEmpty)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func callThatWaitsForAnotherGoesAsSoonAsItEnds(
        place: LimiterFixture.Place
    ) async throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .global) { $0.maxConcurrent = 1 }
        let first = try limiter.tryReserve(fixture.demand())
        let told = Recorder<Refusal>()
        async let second = limiter.reserve(fixture.demand()) { told.append($0) }
        for _ in 0..<20 {
            await fixture.time.waitForSleepers(1)
            #expect(limiter.line.count(at: .global, key: "max_concurrent") == 1)
            fixture.time.advance(seconds: 1)
        }
        try await limiter.settle(first, fixture.settlement("0"))
        _ = try await second
        // It looks again four times a second, and says so once.
        #expect(told.elements.map(\.kind) == [.concurrency(limit: 1)])
    }

    @Test(.timeLimit(.minutes(10))) func callOfAProcessThatIsGoneIsNotWaitedFor() async throws {
        let fixture = try LimiterFixture()
        let (dead, alive) = (ULID(at: fixture.time.now()), Signal())
        let isDead = Mutex(false)
        var settings = RateLimitSettings()
        settings.global.maxConcurrent = 1
        let limiter = RateLimiter(ledger: fixture.ledger, settings: settings) { session in
            session != dead || !isDead.withLock { $0 }
        }
        _ = try limiter.tryReserve(fixture.demand(cost: "0.25", session: dead))
        async let second = limiter.reserve(fixture.demand()) { _ in alive.fire() }
        await alive.wait()
        await fixture.time.waitForSleepers(1)
        isDead.withLock { $0 = true }
        fixture.time.advance(seconds: 1)
        _ = try await second
        let costs = try CostTracker(ledger: fixture.ledger, settings: settings).costs(sessionStartedAt: nil)
        #expect(costs.all.dollars == "0.25" && costs.estimated.dollars == "0.25")
    }

    @Test(arguments: LimiterFixture.Place.allCases) func providersWordLowersItsShortestBucket(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .provider("openai")) {
            $0[.requests, .minute] = 100
            $0[.requests, .day] = 1_000
            $0[.tokens, .minute] = 10_000
        }
        var settlement = try fixture.settlement("0")
        settlement.limits = ProviderLimits(
            receivedAt: fixture.time.now(), requests: .init(remaining: 7), tokens: .init(remaining: 1_000_000))
        try limiter.settle(limiter.tryReserve(fixture.demand()), settlement)
        // Of tokens there are fewer here than the provider says, the 150 that were used.
        #expect(try limiter.standings().limits.map(\.remaining) == [7, 999, 9_850])
        settlement.limits = ProviderLimits(receivedAt: fixture.time.now(), requests: .init(remaining: 0))
        try limiter.settle(limiter.tryReserve(fixture.demand()), settlement)
        #expect(try limiter.canProceed(fixture.demand())?.key == "requests_per_minute")
        #expect(try limiter.canProceed(fixture.demand(provider: "ollama")) == nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func realUsageReplacesTheEstimate(place: LimiterFixture.Place)
        throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .global) { $0[.tokens, .hour] = 1_000 }
        let reservation = try limiter.tryReserve(fixture.demand())
        #expect(try limiter.standings().limits.map(\.remaining) == [200])
        // 150 tokens were used of 800 that had been taken.
        try limiter.settle(reservation, fixture.settlement("0"))
        #expect(try limiter.standings().limits.map(\.remaining) == [850])
        try limiter.settle(reservation, fixture.settlement("0"))
        #expect(try limiter.standings().limits.map(\.remaining) == [850])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func whatWasUsedBeyondTheEstimateIsOwed(place: LimiterFixture.Place)
        throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .global) { $0[.tokens, .hour] = 900 }
        var settlement = try fixture.settlement("0")
        settlement.usage = Usage(inputTokens: 1_000, cachedInputTokens: 500, outputTokens: 300)
        try limiter.settle(limiter.tryReserve(fixture.demand()), settlement)
        #expect(try limiter.standings().limits.map(\.remaining) == [0])
        // 900 tokens are owed, and so it takes an hour until there are any.
        fixture.time.advance(seconds: 3_600)
        #expect(try limiter.standings().limits.map(\.remaining) == [0])
        fixture.time.advance(seconds: 3_600)
        #expect(try limiter.standings().limits.map(\.remaining) == [900])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func releasedTokensAreThereAgain(place: LimiterFixture.Place) throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .role(.sceneSmith)) { $0[.outputTokens, .minute] = 500 }
        let reservation = try limiter.tryReserve(fixture.demand())
        #expect(try limiter.canProceed(fixture.demand()) != nil)
        try limiter.release(reservation)
        #expect(try limiter.canProceed(fixture.demand()) == nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func estimatesLearnFromAnswers(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .global) { $0[.tokens, .hour] = 1_000_000 }
        var taken: [Int] = []
        for _ in 0..<40 {
            let reservation = try limiter.tryReserve(fixture.demand())
            taken.append(reservation.estimate.input + reservation.estimate.output)
            // 100 tokens of at most 1,000 in, 50 of at most 500 out.
            try limiter.settle(reservation, fixture.settlement("0"))
        }
        #expect(taken.first == 800)
        #expect(try #require(taken.last) < 200)
        #expect(zip(taken, taken.dropFirst()).allSatisfy { $0 >= $1 })
        // Another provider is not known any better.
        let other = try limiter.tryReserve(fixture.demand(provider: "ollama"))
        #expect(other.estimate == TokenEstimate(input: 300, output: 500))
    }

    @Test(arguments: LimiterFixture.Place.allCases) func moreTokensThanTheBucketHoldsAreNever(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .model("gpt-4o")) { $0[.tokens, .hour] = 799 }
        let refusal = try #require(try limiter.canProceed(fixture.demand()))
        #expect(refusal.isNever)
        #expect(refusal.description.contains("raise rate_limiting.models.gpt-4o.tokens_per_hour"))
    }

    @Test(arguments: LimiterFixture.Place.allCases) func burstTokensIsTheSizeOfTheTokenBuckets(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter(at: .global) {
            $0[.tokens, .hour] = 10_000
            $0[.requests, .hour] = 10
            $0.burstTokens = 1_600
        }
        #expect(try limiter.standings().limits.map(\.capacity) == [10, 1_600])
        _ = try limiter.tryReserve(fixture.demand())
        _ = try limiter.tryReserve(fixture.demand())
        #expect(try limiter.canProceed(fixture.demand())?.key == "tokens_per_hour")
    }
}
