import Configuration
import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Metering

/// Old rows that become daily sums.
@Suite struct DailySumsTests {
    private static let day: Int64 = 86_400_000_000

    private let fixture: LimiterFixture
    private var settings = RateLimitSettings()

    init() throws {
        fixture = try LimiterFixture()
        settings.timeZone = try #require(TimeZone(identifier: "America/New_York"))
        settings.dayStartsAt = 240
    }

    private var now: Int64 { fixture.time.now().wall }

    private func sums(keeping days: Int = 2) -> DailySums {
        DailySums(ledger: fixture.ledger, settings: settings, keepRowsDays: days, intervalSeconds: 3_600)
    }

    /// Lets a whole pass be done; returns how many rows were summed up.
    @discardableResult
    private func sumAll(keeping days: Int = 2, isAlive: (ULID) -> Bool = { _ in false }) throws -> Int {
        let sums = sums(keeping: days)
        var count = 0
        for _ in 0..<200 { count += try sums.sumSlice(isAlive: isAlive) }
        return count
    }

    private func rows(_ sql: String = "SELECT count(*) FROM ledger") throws -> Int {
        try fixture.ledger.read { database in try Int.fetchOne(database, sql: sql) ?? 0 } ?? 0
    }

    // MARK: - Rows at random

    /// A generator that gives the same numbers for the same seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
        mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &self)] }
    }

    /// Fills the ledger with requests of up to four tries, some of which change provider, role or day in between.
    private func fill(_ dice: inout Dice, sessions: Int = 6, requests: Int = 60) throws {
        try fixture.ledger.write { database in
            for _ in 0..<sessions {
                let start = now - Int64.random(in: 0..<(8 * Self.day), using: &dice)
                let session = ULID(at: Moment(wall: start, sinceBoot: 0))
                try database.execute(
                    sql: "INSERT INTO sessions VALUES (?, 1, ?, NULL)", arguments: [session.description, start])
                for _ in 0..<requests {
                    let request = ULID(at: Moment(wall: start, sinceBoot: 0))
                    var wall = start + Int64.random(in: 0..<(Self.day / 2), using: &dice)
                    var (provider, role) = (dice.pick(["openai", "far"]), dice.pick(["scene_smith", "gatekeeper"]))
                    for number in 0..<dice.pick([1, 1, 1, 2, 4]) {
                        try insert(&dice, session, request, (provider, role), wall, isFirst: number == 0, database)
                        if dice.pick([false, false, true]) { wall += Self.day / 6 }
                        if dice.pick([false, false, true]) { provider = dice.pick(["openai", "far"]) }
                        if dice.pick([false, false, false, true]) { role = dice.pick(["scene_smith", "gatekeeper"]) }
                    }
                }
            }
        }
    }

    private func insert(
        _ dice: inout Dice, _ session: ULID, _ request: ULID, _ who: (provider: String, role: String), _ wall: Int64,
        isFirst: Bool, _ database: Database
    ) throws {
        let source = dice.pick(["provider", "provider", "cache", "shared"])
        let cost: Int64? = dice.pick([nil, 0, 1, .max, Int64.random(in: 0...9_999_999_999_999, using: &dice)])
        let lookup = isFirst ? dice.pick(["miss", "hit", "bypassed"]) : "none"
        var values: [(any DatabaseValueConvertible)?] = [
            nil, nil, request.description, session.description, session.description,
            dice.pick(["story_spark", "scene_forge"]), "draft_scenes", who.role, who.provider,
            dice.pick(["gpt-4o", "local"]), source, lookup, lookup == "miss" ? dice.pick(["new", "expired"]) : nil,
            wall, wall + 1_000_000, Int.random(in: 0...9_000, using: &dice), dice.pick(["answered", "failed"]),
        ]
        for _ in 0..<8 { values.append(Int.random(in: 0...100_000, using: &dice)) }
        values += [
            cost, dice.pick([false, true]), dice.pick([0, Int64.max, 77]), Int.random(in: 0...9_000, using: &dice),
        ]
        try database.execute(
            sql: "INSERT INTO ledger VALUES (\(repeatElement("?", count: 29).joined(separator: ", ")))",
            arguments: StatementArguments(values))
    }

    // MARK: - What reports say

    private static let keySets: [[CostKey]] = [
        [], [.provider], [.model], [.role], [.loop], [.day], [.day, .role], [.provider, .model], CostKey.allCases,
    ]

    private func reports(_ settings: RateLimitSettings) throws -> [CostSummary] {
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        let days = try tracker.summary(by: [.day]).groups.compactMap { CalendarDay($0.names[0]) }
        var reports: [CostSummary] = []
        for keys in Self.keySets {
            reports.append(try tracker.summary(by: keys))
            for day in days {
                reports.append(try tracker.summary(by: keys, from: day, to: day))
                reports.append(try tracker.summary(by: keys, from: day))
            }
        }
        return reports
    }

    /// What the export's lines add up to, a group for all that they have in common.
    private func exported() throws -> [String: [Int128]] {
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        var sums: [String: [Int128]] = [:]
        var next: LedgerPlace?
        repeat {
            let page = try tracker.ledgerPage(after: next, atMost: 7)
            for line in page.lines {
                let names = [
                    line.loop, line.role, line.provider, line.model, line.source, line.lookup, line.missCause ?? "-",
                    line.outcome, "\(line.isEstimated)", "\(line.cost == nil)",
                    "\(settings.day(at: line.time).lowerBound)",
                ]
                let usage = line.usage
                let tokens = [
                    usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens, usage.cacheWriteHourTokens,
                    usage.outputTokens, usage.reasoningTokens, usage.images, usage.characters, line.savedTokens,
                    line.latencyMilliseconds, line.sumOf ?? 1,
                ]
                let figures =
                    tokens.map { Int128($0) } + [
                        line.cost?.picodollars ?? 0, line.savedCost.picodollars,
                    ]
                let key = names.joined(separator: "|")
                sums[key] = zip(sums[key] ?? Array(repeating: 0, count: figures.count), figures).map { $0 + $1 }
            }
            next = page.next
        } while next != nil
        return sums
    }

    @Test(arguments: 1...12)
    func noReportChangesByAPicodollar(seed: UInt64) throws {
        var dice = Dice(state: seed &* 0x9E37_79B9_7F4A_7C15)
        try fill(&dice)
        let (reports, exported) = (try reports(settings), try exported())
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        let costs = try tracker.costs(sessionStartedAt: now - 1)
        let before = try rows()
        let summed = try sumAll()
        #expect(summed > 20)
        #expect(try rows() == before - summed)
        #expect(try rows("SELECT sum(rows) FROM daily_sums") == summed)
        #expect(try self.reports(settings) == reports)
        #expect(try self.exported() == exported)
        #expect(try tracker.costs(sessionStartedAt: now - 1) == costs)
        // More rows of the same days, and another pass.
        try fill(&dice)
        let more = try self.reports(settings)
        try sumAll()
        #expect(try self.reports(settings) == more)
    }

    @Test func rowsThatAreYoungEnoughStay() throws {
        var dice = Dice(state: 5)
        try fill(&dice)
        let cutoff = settings.day(at: now - 2 * Self.day).lowerBound
        let young = try rows("SELECT count(*) FROM ledger WHERE reserved_at >= \(cutoff)")
        try sumAll()
        #expect(try rows("SELECT count(*) FROM ledger WHERE reserved_at >= \(cutoff)") == young && young > 0)
        #expect(try rows("SELECT count(*) FROM daily_sums WHERE reserved_at >= \(cutoff)") == 0)
    }

    @Test func rowsAreKeptForEverByDefault() throws {
        var dice = Dice(state: 5)
        try fill(&dice)
        #expect(try sumAll(keeping: 0) == 0)
        #expect(CostSettings().keepRowsDays == 0)
    }

    @Test func sumKeepsItsDayInOtherZones() throws {
        var dice = Dice(state: 9)
        try fill(&dice)
        let days = try reports(settings)[0...].filter { $0.keys == [.day] && $0.first == nil }
        try sumAll(keeping: 1)
        for zone in ["UTC", "Europe/Amsterdam", "America/Los_Angeles"] {
            var moved = settings
            moved.timeZone = try #require(TimeZone(identifier: zone))
            let summary = try CostTracker(ledger: fixture.ledger, settings: moved).summary(by: [.day])
            #expect(summary.total == days.first?.total)
            // The days of the rows that are left may be others there.
            let kept = try rows("SELECT count(*) FROM ledger")
            #expect(kept < summary.total.calls * 3)
        }
    }

    // MARK: - What stays whole

    private func old(_ number: Int = 1) -> ULID {
        ULID(at: Moment(wall: now - Int64(5 * number) * Self.day, sinceBoot: 0))
    }

    /// A settled call of some days ago.
    private func spend(_ session: ULID, request: ULID? = nil, daysAgo: Double = 5, role: RoleName = .sceneSmith) throws
    {
        let wall = now
        fixture.time.setWall(wall - Int64(daysAgo * Double(Self.day)))
        defer { fixture.time.setWall(wall) }
        let demand = fixture.demand(role: role, cost: "1", request: request, session: session)
        let limiter = fixture.limiter { _ in }
        try limiter.settle(limiter.tryReserve(demand), fixture.settlement("0.5"))
    }

    @Test func sessionThatIsShownKeepsItsRows() throws {
        let (past, last, running) = (old(3), old(1), old(2))
        for session in [past, running, last] {
            fixture.time.advance(seconds: 1)
            try fixture.ledger.beginSession(session, processID: 1)
            try spend(session)
        }
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        #expect(try sumAll(isAlive: { $0 == running }) == 1)
        #expect(try tracker.tallies(of: last).session.figures.cost.dollars == "0.5")
        #expect(try tracker.tallies(of: running).session.figures.cost.dollars == "0.5")
        #expect(try tracker.tallies(of: past).session.figures.cost.dollars == "0.5")
        #expect(try tracker.summary(by: []).total.cost.dollars == "1.5")
    }

    @Test func requestOfSeveralDaysOrRolesStaysWhole() throws {
        let session = old(2)
        let (apart, together) = (ULID(at: fixture.time.now()), ULID(at: fixture.time.now()))
        try spend(session, request: apart, daysAgo: 5)
        try spend(session, request: apart, daysAgo: 4)
        try spend(session, request: together)
        try spend(session, request: together)
        #expect(try sumAll() == 2)
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        #expect(try tracker.summary(by: [.role]).total.calls == 2)
        #expect(try tracker.summary(by: [.day]).groups.map(\.figures.calls) == [2, 1])
        let sum = try #require(try tracker.ledgerPage().lines.first)
        #expect(sum.sumOf == 2 && sum.cost?.dollars == "1" && sum.session.isEmpty && sum.request.isEmpty)
        #expect(settings.day(at: sum.time).contains(now - 5 * Self.day))
    }

    @Test func requestWithACallUnderWayStaysWhole() throws {
        let session = old(2)
        let request = ULID(at: fixture.time.now())
        try spend(session, request: request)
        let demand = fixture.demand(cost: "1", request: request, session: session)
        let limiter = fixture.limiter { _ in }
        let open = try limiter.tryReserve(demand)
        #expect(try sumAll() == 0)
        try limiter.settle(open, fixture.settlement("0.25"))
        #expect(try CostTracker(ledger: fixture.ledger, settings: settings).summary(by: []).total.calls == 1)
    }

    // MARK: - Slices

    @Test func slicesAreBoundedAndAPassEndsForAnInterval() throws {
        let session = old(2)
        for _ in 0..<(DailySums.sliceSize + 30) { try spend(session) }
        try spend(old(1))
        let sums = sums()
        func slice() throws -> Int { try sums.sumSlice { _ in false } }
        #expect(try [slice(), slice(), slice(), slice()] == [DailySums.sliceSize, 30, 1, 0])
        try spend(session)
        #expect(try slice() == 0)
        fixture.time.advance(seconds: 3_601)
        #expect(try slice() == 1)
    }

    @Test func sliceThatIsBrokenOffChangesNothing() throws {
        let session = old(2)
        for _ in 0..<5 { try spend(session) }
        let before = try reports(settings)
        try fixture.ledger.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER broken BEFORE DELETE ON ledger WHEN old.id = 3
                    BEGIN SELECT raise(ABORT, 'the power went'); END
                    """)
        }
        #expect(throws: LedgerError.self) { try sums().sumSlice { _ in false } }
        #expect(try rows() == 5)
        #expect(try rows("SELECT count(*) FROM daily_sums") == 0)
        try fixture.ledger.write { try $0.execute(sql: "DROP TRIGGER broken") }
        #expect(try sumAll() == 5)
        #expect(try reports(settings) == before)
    }

    @Test func twoProcessesSumEachRowOnce() throws {
        let session = old(2)
        for _ in 0..<(2 * DailySums.sliceSize) { try spend(session) }
        let before = try reports(settings)
        let other = Ledger(path: fixture.folder.file("ledger.db"), time: fixture.time)
        let both = [
            sums(),
            DailySums(ledger: other, settings: settings, keepRowsDays: 2, intervalSeconds: 3_600),
        ]
        var count = 0
        for _ in 0..<4 { for sums in both { count += try sums.sumSlice { _ in false } } }
        #expect(count == 2 * DailySums.sliceSize)
        #expect(try rows() == 0)
        #expect(try reports(settings) == before)
    }

    @Test func pagesOfALedgerThatChangedMeanwhileAreRefused() throws {
        for _ in 0..<5 { try spend(old(2)) }
        let tracker = CostTracker(ledger: fixture.ledger, settings: settings)
        let page = try tracker.ledgerPage(atMost: 2)
        try sumAll()
        let error = #expect(throws: LedgerError.self) { try tracker.ledgerPage(after: page.next, atMost: 2) }
        #expect(error?.code == .changed)
        #expect(error?.description.contains("start again") == true)
    }

    // MARK: - Older files

    @Test func ledgerOfAnOlderVersionIsBroughtUp() throws {
        let path = fixture.folder.file("old.db")
        let queue = try DatabaseQueue(path: path)
        try LedgerSchema.migrator.migrate(queue, upTo: "1 sessions, attempts, ledger, buckets, journal")
        try queue.write { database in
            let names = try Row.fetchAll(database, sql: "SELECT name FROM sqlite_master").map { $0[0] as String }
            #expect(!names.contains("daily_sums") && !names.contains("told_alerts"))
            try database.execute(
                sql: """
                    INSERT INTO ledger VALUES (1, 'a', 'r', 's', 'n', 'story_spark', 'draft_scenes', 'scene_smith',
                        'openai', 'gpt-4o', 'provider', 'miss', 'new', 1000000, 2000000, 5, 'answered', 100, 0, 0, 0,
                        50, 0, 0, 0, 500000000000, 0, 0, 0)
                    """)
        }
        try queue.close()
        let ledger = Ledger(path: path, time: fixture.time)
        let tracker = CostTracker(ledger: ledger, settings: settings)
        #expect(try tracker.summary(by: [.model]).total.cost.dollars == "0.5")
        #expect(try tracker.ledgerPage().lines.map(\.sumOf) == [nil])
        #expect(try BudgetAlerts(ledger: ledger, settings: settings).passed().isEmpty)
    }
}
