import Configuration
import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Metering

/// Running sums by provider, model, role and loop, and how fast models answered.
@Suite struct TallyTests {
    private let fixture: LimiterFixture

    init() throws { fixture = try LimiterFixture() }

    private func call(
        _ cost: String?, cause: String = "new", role: RoleName = .sceneSmith, session: ULID? = nil,
        isEstimated: Bool = false, latency: Int = 500, usage: Usage = Usage(inputTokens: 80, outputTokens: 20)
    ) throws {
        let limiter = fixture.limiter { _ in }
        let demand = fixture.demand(role: role, cost: cost, cause: cause, session: session)
        let settlement = Settlement(
            outcome: .answered, usage: usage, cost: try cost.map { try Money(dollars: $0) }, isEstimated: isEstimated,
            latencyMilliseconds: latency)
        try limiter.settle(limiter.tryReserve(demand), settlement)
    }

    private func hit(_ saved: String, role: RoleName = .sceneSmith, tokens: Int = 300) throws {
        try fixture.ledger.record(
            fixture.demand(role: role, lookup: .hit), source: .cache,
            usage: Usage(inputTokens: tokens, outputTokens: 0), savedCost: Money(dollars: saved), savedTokens: tokens,
            latencyMilliseconds: 1)
    }

    @Test func missesTellTheirCauseAndWhatTheyCost() throws {
        try call("0.5")
        try call("0.25", cause: "expired")
        try call(nil, cause: "expired")
        try hit("0.5")
        let lookups = try fixture.tracker().tallies(of: fixture.session).session.lookups
        #expect(lookups.causes.mapValues(\.count) == ["new": 1, "expired": 2])
        #expect(lookups.causes.mapValues(\.tokens) == ["new": 100, "expired": 200])
        #expect(lookups.causes.mapValues(\.cost.dollars) == ["new": "0.5", "expired": "0.25"])
        #expect(lookups.causes.mapValues(\.unpriced) == ["new": 0, "expired": 1])
        #expect(lookups.missed.cost.dollars == "0.75" && lookups.hitRate == 0.25)
        // 300 tokens were saved, and 300 billed.
        #expect(lookups.hitRateByTokens == 0.5)
    }

    @Test func hitRateByTokensIsUnknownWithoutTokens() throws {
        #expect(LookupTotals().hitRateByTokens == nil)
        try call("0", usage: .zero)
        let lookups = try fixture.tracker().tallies(of: nil).all.lookups
        #expect(lookups.hitRate == 0 && lookups.hitRateByTokens == nil)
    }

    @Test func groupsAddUpToTheWholeByEveryKey() throws {
        try call("0.5")
        try call("0.25", role: .gatekeeper, isEstimated: true)
        try hit("0.5", role: .gatekeeper)
        let all = try fixture.tracker().tallies(of: nil).all
        for keys in TallyKey.allCases.map({ [$0] }) + [TallyKey.allCases, []] {
            let groups = all.grouped(by: keys)
            #expect(groups.reduce(0) { $0 + $1.tallies.figures.calls } == 3)
            #expect(groups.reduce(Money.zero) { $0 + $1.tallies.figures.cost }.dollars == "0.75")
            #expect(groups.reduce(0) { $0 + $1.tallies.lookups.lookups } == 3)
        }
        let roles = all.grouped(by: [.role])
        #expect(roles.map(\.names) == [["gatekeeper"], ["scene_smith"]])
        #expect(roles[0].tallies.lookups.hitRate == 0.5 && roles[1].tallies.lookups.hitRate == 0)
        #expect(all.figures.estimated.dollars == "0.25" && all.figures.hits == 1)
    }

    @Test func stretchesHoldTheirOwnCalls() throws {
        // Noon of 24 November; New York's day begins five hours into it.
        try call("1", session: ULID(at: fixture.time.now()))
        fixture.time.advance(seconds: 13 * 3_600)
        try call("2")
        let utc = try fixture.tracker().tallies(of: fixture.session)
        #expect(utc.session.figures.cost.dollars == "2" && utc.today.figures.cost.dollars == "2")
        #expect(utc.month.isEmpty && utc.all.figures.cost.dollars == "3")
        #expect(try fixture.tracker().monthTallies().figures.cost.dollars == "3")
        let newYork = try fixture.tracker(zone: "America/New_York").tallies(of: nil)
        #expect(newYork.session.isEmpty && newYork.today.figures.cost.dollars == "3")
        fixture.time.advance(seconds: 10 * 86_400)
        let later = try fixture.tracker().tallies(of: nil)
        #expect(later.today.isEmpty && later.all.figures.cost.dollars == "3")
        #expect(try fixture.tracker().monthTallies().isEmpty)
    }

    @Test func todayIsWhatTheBudgetsCount() throws {
        let limiter = fixture.limiter { _ in }
        fixture.time.advance(seconds: 43_199)
        let reservation = try limiter.tryReserve(fixture.demand(cost: "1"))
        fixture.time.advance(seconds: 60)
        try limiter.settle(reservation, fixture.settlement("1"))
        let costs = try fixture.tracker().costs(sessionStartedAt: nil)
        #expect(try fixture.tracker().tallies(of: nil).today.figures.cost == costs.today && costs.today == .zero)
    }

    @Test func sumsStayAtTheMostThatTheyHold() throws {
        let most = Money(picodollars: Int64.max).dollars
        for _ in 0..<3 { try call(most) }
        #expect(try fixture.tracker().tallies(of: nil).all.figures.cost.dollars == most)
    }

    /// A ledger as the first version left it, with a call, a hit and a limit that was changed.
    private func makeOlderLedger() throws {
        let queue = try DatabaseQueue(path: fixture.folder.file("ledger.db"))
        try LedgerSchema.migrator.migrate(queue, upTo: "1 sessions, attempts, ledger, buckets, journal")
        try queue.write { database in
            let now = fixture.time.now().wall
            let names = "'\(fixture.session)', 'R', 'story_spark', 'draft', 'scene_smith', 'openai', 'gpt-4o'"
            try database.execute(
                sql: """
                    INSERT INTO ledger VALUES (NULL, 'A', 'Q', \(names), 'provider', 'miss', 'new', \(now), \(now), 9,
                        'answered', 60, 10, 5, 5, 20, 0, 0, 0, 500000000000, 1, 0, 0);
                    INSERT INTO ledger VALUES (NULL, NULL, 'Q2', \(names), 'cache', 'hit', NULL, \(now), \(now), 9,
                        'answered', 60, 10, 5, 5, 20, 0, 0, 0, 0, 0, 250000000000, 100);
                    INSERT INTO tallies VALUES (1, 'hit', 1, 1, 1);
                    INSERT INTO totals VALUES ('hit', 1);
                    INSERT INTO limit_changes VALUES ('global', '', 'requests_per_hour', 7, \(now + 1_000_000), 1, 'x');
                    """)
        }
        try queue.close()
    }

    @Test func olderLedgerKeepsItsFiguresAndChanges() throws {
        try makeOlderLedger()
        let tallies = try fixture.tracker().tallies(of: fixture.session)
        for rows in [tallies.session, tallies.today, try fixture.tracker().monthTallies(), tallies.all] {
            let (lookups, figures) = (rows.lookups, rows.figures)
            #expect(lookups.hits == 1 && lookups.causes.mapValues(\.count) == ["new": 1])
            #expect(lookups.savedCost.dollars == "0.25" && lookups.savedTokens == 100)
            #expect(figures.cost.dollars == "0.5" && figures.estimated.dollars == "0.5")
            #expect(figures.inputTokens == 70 && figures.cachedInputTokens == 10 && figures.outputTokens == 20)
        }
        let limiter = fixture.limiter { $0.global.requests[.hour] = 10 }
        #expect(try limiter.standings().limits.map(\.limit) == [7])
        try call("0.25")
        #expect(try fixture.tracker().tallies(of: nil).all.figures.cost.dollars == "0.75")
        #expect(try fixture.tracker().costs(sessionStartedAt: nil).saved.dollars == "0.25")
        fixture.time.advance(seconds: 2)
        #expect(try limiter.standings().limits.map(\.limit) == [10])
    }

    // MARK: - Paces

    private func sample(model: String = "m", _ latency: Int, _ tokens: Int?) -> PaceSample {
        PaceSample(provider: "p", model: model, latencyMilliseconds: latency, outputTokens: tokens)
    }

    @Test func medianIsTheMiddleOrTheMeanOfTheMiddleTwo() throws {
        let odd = try #require(Pace.paces(of: [sample(9_000, 9), sample(1_000, 4), sample(2_000, 10)]).last)
        #expect(odd.latencyMilliseconds == 2_000 && odd.tokensPerSecond == 4 && odd.calls == 3)
        let even = try #require(Pace.paces(of: [sample(4_000, 8), sample(1_000, 4)]).last)
        #expect(even.latencyMilliseconds == 2_500 && even.tokensPerSecond == 3)
    }

    @Test func callsWithoutExactTokensOrTimeHaveNoPace() throws {
        let pace = try #require(Pace.paces(of: [sample(0, 50), sample(2_000, nil)]).last)
        #expect(pace.tokensPerSecond == nil && pace.latencyMilliseconds == 1_000)
    }

    @Test func providerIsFollowedByItsModels() {
        let paces = Pace.paces(of: [sample(model: "b", 3_000, 3), sample(model: "a", 1_000, 1)])
        #expect(paces.map(\.model) == [nil, "a", "b"])
        #expect(paces.map(\.latencyMilliseconds) == [2_000, 1_000, 3_000])
    }

    @Test func onlyTheNewestCallsCount() throws {
        let samples = Array(repeating: sample(1_000, 1), count: Pace.mostCalls) + [sample(900_000, 1)]
        let pace = try #require(Pace.paces(of: samples).last)
        #expect(pace.calls == Pace.mostCalls && pace.latencyMilliseconds == 1_000)
    }

    @Test func pacesComeFromAnsweredCallsAmongTheLastRows() throws {
        try call("0", latency: 90_000)
        for _ in 0..<(Pace.window - 3) { try hit("0") }
        try call("0", latency: 2_000, usage: Usage(inputTokens: 1, outputTokens: 50))
        try call("0", isEstimated: true, latency: 4_000, usage: Usage(inputTokens: 1, outputTokens: 900))
        #expect(try fixture.tracker().paces().map(\.calls) == [3, 3])
        try hit("0")
        let pace = try #require(try fixture.tracker().paces().last)
        #expect(pace.provider == "openai" && pace.model == "gpt-4o" && pace.calls == 2)
        #expect(pace.latencyMilliseconds == 3_000 && pace.tokensPerSecond == 25)
    }
}
