import Configuration
import Core
import Dispatch
import Foundation
import GRDB
import TestKit
import Testing

@testable import Metering

@Suite struct LedgerTests {
    let fixture: LimiterFixture

    init() throws { fixture = try LimiterFixture() }

    private func tracker(_ ledger: Ledger? = nil) -> CostTracker {
        var settings = RateLimitSettings()
        settings.timeZone = .gmt
        return CostTracker(ledger: ledger ?? fixture.ledger, settings: settings)
    }

    @Test func lookingMakesNoFile() throws {
        #expect(try tracker().costs(sessionStartedAt: 0) == CostTotals())
        #expect(try tracker().tallies(of: fixture.session) == Tallies())
        #expect(try tracker().paces().isEmpty)
        #expect(try fixture.ledger.lastSession() == nil)
        #expect(try fixture.ledger.journal(of: fixture.session, last: 10).isEmpty)
        #expect(try fixture.ledger.settleAbandoned { _ in false } == 0)
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("ledger.db")))
    }

    @Test func fileIsItsOwnersOnly() throws {
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        for name in ["ledger.db", "ledger.db-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.folder.file(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func whatIsSpentWaitsForTheDisk() throws {
        try fixture.ledger.beginSession(fixture.session, processID: 1)
        let full = 2
        #expect(try fixture.ledger.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == full)
        #expect(try fixture.ledger.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    @Test func settlingTwiceChargesOnce() throws {
        let limiter = fixture.limiter { _ in }
        let reservation = try limiter.tryReserve(fixture.demand(cost: "0.5"))
        try limiter.settle(reservation, fixture.settlement("0.1"))
        try limiter.settle(reservation, fixture.settlement("0.1"))
        let costs = try tracker().costs(sessionStartedAt: nil)
        #expect(try tracker().totals(of: fixture.session).cost.dollars == "0.1")
        #expect(costs.all.dollars == "0.1")
        #expect(costs.reserved == .zero)
    }

    @Test func attemptOfADeadProcessIsChargedAtItsWorstMarkedEstimated() throws {
        let limiter = fixture.limiter { _ in }
        let dead = ULID(at: fixture.time.now())
        try fixture.ledger.beginSession(dead, processID: 1)
        let run = ULID(at: fixture.time.now())
        try fixture.ledger.beginRun(run, session: dead, loop: "story_spark", brief: "", seed: 7)
        _ = try limiter.tryReserve(fixture.demand(cost: "0.25", session: dead))
        _ = try limiter.tryReserve(fixture.demand(cost: "0.5"))
        #expect(try fixture.ledger.settleAbandoned { $0 == fixture.session } == 1)
        let costs = try tracker().costs(sessionStartedAt: nil)
        #expect(try tracker().totals(of: dead).cost.dollars == "0.25")
        #expect(costs.estimated.dollars == "0.25")
        #expect(costs.reserved.dollars == "0.5")
        #expect(try fixture.ledger.session(dead)?.state == .interrupted)
    }

    @Test func figuresAddUpBySessionDayMonthAndRole() throws {
        let limiter = fixture.limiter { _ in }
        let earlier = ULID(at: fixture.time.now())
        try limiter.settle(
            limiter.tryReserve(fixture.demand(cost: "1", session: earlier)), fixture.settlement("1"))
        fixture.time.advance(seconds: 86_400)
        let start = fixture.time.now().wall
        try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("0.25"))
        try limiter.settle(
            limiter.tryReserve(fixture.demand(role: .plotwright, cost: nil, lookup: .bypassed)),
            Settlement(outcome: .answered, usage: .zero, cost: nil, isEstimated: false, latencyMilliseconds: 1))
        try fixture.ledger.record(
            fixture.demand(lookup: .hit), source: .cache, usage: .zero, savedCost: Money(dollars: "0.25"),
            savedTokens: 150, latencyMilliseconds: 0)
        try fixture.ledger.record(
            fixture.demand(lookup: .shared), source: .shared, usage: .zero, savedCost: Money(dollars: "0.25"),
            savedTokens: 150, latencyMilliseconds: 0)
        fixture.time.advance(seconds: 1_800)
        try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("0.1"))
        let costs = try tracker().costs(sessionStartedAt: start)
        let totals = try tracker().totals(of: fixture.session)
        #expect(totals.cost.dollars == "0.35")
        #expect(costs.today.dollars == "0.35")
        #expect(costs.month.dollars == "1.35")
        #expect(costs.all.dollars == "1.35")
        #expect(costs.saved.dollars == "0.5")
        #expect(costs.burnPerHour?.dollars == "0.6")
        #expect(tracker().perHour(totals.cost, since: start)?.dollars == "0.7")
        #expect(totals.lookups.hits == 2 && totals.lookups.shared == 1 && totals.lookups.misses == 2)
        #expect(totals.lookups.bypassed == 1 && totals.lookups.savedTokens == 300 && totals.lookups.lookups == 5)
        #expect(totals.lookups.hitRate == 0.5)
        let tallies = try tracker().tallies(of: fixture.session)
        #expect(tallies.today.lookups == totals.lookups)
        let all = tallies.all.lookups
        #expect(all.misses == 3 && all.hits == 2 && all.savedCost.dollars == "0.5")
        let roles = totals.roles
        #expect(roles[.sceneSmith]?.cost.dollars == "0.35" && roles[.sceneSmith]?.isUnpriced == false)
        #expect(roles[.sceneSmith]?.lookups.savedCost.dollars == "0.5")
        #expect(roles[.plotwright]?.isUnpriced == true)
        #expect(totals.lookups.causes.mapValues(\.count) == ["new": 2])
    }

    @Test func everyClassOfUsageIsKept() throws {
        let limiter = fixture.limiter { _ in }
        let usage = Usage(
            inputTokens: 1, cachedInputTokens: 2, cacheWriteTokens: 3, cacheWriteHourTokens: 4, outputTokens: 6,
            reasoningTokens: 5, images: 7, characters: 8)
        try limiter.settle(
            limiter.tryReserve(fixture.demand()),
            Settlement(outcome: .answered, usage: usage, cost: .zero, isEstimated: false, latencyMilliseconds: 1))
        let columns = [
            "input_tokens", "cached_input_tokens", "cache_write_tokens", "cache_write_hour_tokens", "output_tokens",
            "reasoning_tokens", "images", "characters",
        ]
        let kept = try fixture.ledger.read { database in
            try columns.map { try Int.fetchOne(database, sql: "SELECT \($0) FROM ledger") }
        }
        #expect(kept == [1, 2, 3, 4, 6, 5, 7, 8])
    }

    @Test func lookUpsComeFromRunningSumsNotFromRows() throws {
        let limiter = fixture.limiter { _ in }
        func hit() throws {
            try fixture.ledger.record(
                fixture.demand(lookup: .hit), source: .cache, usage: .zero, savedCost: Money(dollars: "0.25"),
                savedTokens: 150, latencyMilliseconds: 0)
        }
        try hit()
        // Noon to a quarter of an hour before midnight, and then past it.
        fixture.time.advance(seconds: 42_300)
        try hit()
        fixture.time.advance(seconds: 900)
        try hit()
        try limiter.settle(limiter.tryReserve(fixture.demand()), fixture.settlement("0.1"))
        try hit()
        try fixture.ledger.write { database in try database.execute(sql: "DELETE FROM ledger") }
        let tallies = try tracker().tallies(of: nil)
        let (today, all) = (tallies.today.lookups, tallies.all.lookups)
        #expect(today.hits == 2 && today.misses == 1)
        #expect(today.savedCost.dollars == "0.5" && today.savedTokens == 300)
        #expect(all.hits == 4 && all.misses == 1 && all.savedCost.dollars == "1")
    }

    @Test func journalGivesBackItsEventsInOrder() throws {
        let records = (0..<5).map { index in
            SessionEventRecord(
                session: fixture.session, moment: fixture.time.now(), event: .notice(isError: false, text: "\(index)"))
        }
        try fixture.ledger.append(records)
        try fixture.ledger.append([])
        #expect(try fixture.ledger.journal(of: fixture.session, last: 3) == Array(records.suffix(3)))
    }

    @Test func eventsOfOldSessionsAreForgotten() throws {
        let sessions = (0..<3).map { _ in ULID(at: fixture.time.now()) }
        for session in sessions {
            fixture.time.advance(seconds: 1)
            try fixture.ledger.beginSession(session, processID: 7)
            let event = SessionEvent.notice(isError: false, text: "here")
            try fixture.ledger.append([
                SessionEventRecord(session: session, moment: fixture.time.now(), event: event)
            ])
        }
        try fixture.ledger.forgetJournals(keeping: 2)
        #expect(try sessions.map { try fixture.ledger.journal(of: $0, last: 9).count } == [0, 1, 1])
        #expect(try fixture.ledger.session(sessions[0])?.id == sessions[0])
    }

    @Test func lastSessionAndItsRun() throws {
        try fixture.ledger.beginSession(fixture.session, processID: 7)
        let run = ULID(at: fixture.time.now())
        try fixture.ledger.beginRun(run, session: fixture.session, loop: "story_spark", brief: "b", seed: nil)
        try fixture.ledger.moveRun(run, to: "draft_scenes", index: 1)
        #expect(try fixture.ledger.lastSession()?.step == "draft_scenes")
        try fixture.ledger.endRun(run, state: .done)
        try fixture.ledger.endSession(fixture.session)
        let summary = try #require(try fixture.ledger.lastSession())
        #expect(summary.id == fixture.session && summary.loop == "story_spark" && summary.state == .done)
    }

    @Test func damagedFileIsNamedWithItsRemedy() throws {
        let path = fixture.folder.file("ledger.db")
        try Data("this is no database, and long enough to be looked at".utf8).write(to: URL(filePath: path))
        let error = #expect(throws: LedgerError.self) { try fixture.ledger.lastSession() }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains(path) == true)
    }

    @Test func manyMayMakeTheFileAtOnce() throws {
        for round in 0..<60 {
            let path = fixture.folder.file("ledger-\(round).db")
            let failures = Recorder<String>()
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                let ledger = Ledger(path: path, time: fixture.time)
                do {
                    if index % 2 == 0 { try ledger.beginSession(ULID(at: fixture.time.now()), processID: 1) }
                    _ = try ledger.lastSession()
                } catch {
                    failures.append("\(error)")
                }
            }
            #expect(failures.elements.isEmpty)
        }
    }

    @Test func folderThatIsNotThereIsNamed() throws {
        let ledger = Ledger(path: fixture.folder.file("none/ledger.db"), time: fixture.time)
        let error = #expect(throws: LedgerError.self) { try ledger.beginSession(fixture.session, processID: 1) }
        #expect(error?.code == .notPermitted)
    }

    @Test func booksInMemoryNeedNoFile() throws {
        let ledger = Ledger(inMemoryWith: fixture.time)
        let limiter = RateLimiter(ledger: ledger, settings: RateLimitSettings())
        try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("0.5"))
        #expect(try tracker(ledger).totals(of: fixture.session).cost.dollars == "0.5")
    }

    @Test func everyErrorSaysWhatToDo() {
        for code in [LedgerError.Code.diskFull, .diskFailed, .notPermitted, .busy, .newerVersion, .other] {
            #expect(LedgerError(code: code, path: "/p/ledger.db", cause: "why").description.contains("/p/ledger.db"))
        }
    }
}
