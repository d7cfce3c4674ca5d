import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// Summaries and pages of the ledger.
@Suite struct CostReportTests {
    /// Moments and the days that they belong to.
    struct DaySample: Sendable {
        var zone: String
        var dayStartsAt = 0
        var moments: [String]
        var days: [String]
    }

    private let fixture: LimiterFixture

    init() throws { fixture = try LimiterFixture() }

    private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    private func setClock(to text: String) throws {
        let date = try Date(text, strategy: .iso8601)
        fixture.time.setWall(Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    /// Reserves and settles a call; without a cost it has no price.
    private func spend(_ cost: String?, isEstimated: Bool = false, of demand: Demand) throws {
        let limiter = fixture.limiter { _ in }
        let reservation = try limiter.tryReserve(demand)
        let settlement = Settlement(
            outcome: .answered, usage: Usage(inputTokens: 100, cachedInputTokens: 10, outputTokens: 50),
            cost: try cost.map { try Money(dollars: $0) }, isEstimated: isEstimated, latencyMilliseconds: 12)
        try limiter.settle(reservation, settlement)
    }

    private func spend(
        _ cost: String?, provider: String = "openai", model: String = "gpt-4o", role: RoleName = .sceneSmith,
        loop: String = "story_spark"
    ) throws {
        try spend(cost, of: fixture.demand(provider: provider, model: model, role: role, cost: cost, loop: loop))
    }

    private func hit(saving cost: String) throws {
        try fixture.ledger.record(
            fixture.demand(lookup: .hit), source: .cache, usage: Usage(inputTokens: 100, outputTokens: 50),
            savedCost: Money(dollars: cost), savedTokens: 150, latencyMilliseconds: 1)
    }

    // MARK: - Summaries

    @Test func groupsAddUpToTheTotalByEveryKey() throws {
        try spend("0.5")
        try spend("0.75", provider: "far", model: "=cmd()", role: .plotwright, loop: "scene_forge")
        try hit(saving: "0.5")
        fixture.time.advance(seconds: 86_400)
        try spend("0.125", role: .plotwright)
        let keySets: [[CostKey]] = CostKey.allCases.map { [$0] } + [[.role, .model], [.day, .role], CostKey.allCases]
        for keys in keySets {
            let summary = try fixture.tracker().summary(by: keys)
            #expect(summary.total.calls == 4 && summary.total.hits == 1)
            #expect(summary.total.inputTokens == 300 && summary.total.cachedInputTokens == 30)
            #expect(summary.total.outputTokens == 150)
            #expect(summary.total.cost.dollars == "1.375" && summary.total.saved.dollars == "0.5")
            #expect(summary.groups.reduce(Money.zero) { $0 + $1.figures.cost } == summary.total.cost, "\(keys)")
            #expect(summary.groups.reduce(0) { $0 + $1.figures.calls } == 4, "\(keys)")
            #expect(summary.groups.reduce(0) { $0 + $1.figures.outputTokens } == 150, "\(keys)")
            #expect(summary.groups.allSatisfy { $0.names.count == keys.count })
        }
    }

    @Test func dearestComesFirstAndDaysComeInOrder() throws {
        try spend("0.5")
        try spend("0.75", provider: "far", model: "=cmd()", role: .plotwright, loop: "scene_forge")
        fixture.time.advance(seconds: 86_400)
        try spend("2")
        func names(_ keys: [CostKey]) throws -> [[String]] {
            try fixture.tracker().summary(by: keys).groups.map(\.names)
        }
        #expect(try names([.role]) == [["scene_smith"], ["plotwright"]])
        #expect(try names([.model]) == [["gpt-4o"], ["=cmd()"]])
        #expect(try names([.provider, .loop]) == [["openai", "story_spark"], ["far", "scene_forge"]])
        #expect(try names([.day]) == [["2026-11-24"], ["2026-11-25"]])
        #expect(
            try names([.day, .role]) == [
                ["2026-11-24", "plotwright"], ["2026-11-24", "scene_smith"], ["2026-11-25", "scene_smith"],
            ])
        #expect(try names([]).isEmpty)
    }

    @Test func triesOfOneRequestAreOneCall() throws {
        let demand = fixture.demand(cost: "1")
        try spend("0.25", of: demand)
        try spend("0.25", of: demand)
        let total = try fixture.tracker().summary(by: [.model]).total
        #expect(total.calls == 1 && total.cost.dollars == "0.5" && total.outputTokens == 100)
    }

    @Test func whatHasNoPriceAndWhatIsEstimatedIsTold() throws {
        try spend(nil, model: "strange")
        try spend("0.25", isEstimated: true, of: fixture.demand(cost: "1"))
        try spend("0.5")
        let summary = try fixture.tracker().summary(by: [.model])
        #expect(summary.total.unpriced == 1 && summary.total.cost.dollars == "0.75")
        #expect(summary.total.estimated.dollars == "0.25")
        let strange = try #require(summary.groups.first { $0.names == ["strange"] }).figures
        #expect(strange.unpriced == 1 && strange.cost == .zero && strange.estimated == .zero)
    }

    @Test func sumsPassWhatSixtyFourBitsHold() throws {
        let most = Money(picodollars: Int64.max)
        for _ in 0..<3 { try spend(most.dollars, of: fixture.demand()) }
        #expect(try fixture.tracker().summary(by: [.role]).groups.map(\.figures.cost) == [most * 3])
    }

    // MARK: - Days

    static let days = [
        DaySample(
            zone: "UTC", moments: ["2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z", "2026-11-24T23:59:59Z"],
            days: ["2026-11-23", "2026-11-24", "2026-11-24"]),
        DaySample(
            zone: "America/New_York",
            moments: ["2026-11-24T04:59:59Z", "2026-11-24T05:00:00Z", "2026-11-25T04:59:59Z", "2026-11-25T05:00:00Z"],
            days: ["2026-11-23", "2026-11-24", "2026-11-24", "2026-11-25"]),
        DaySample(
            zone: "America/New_York", dayStartsAt: 240,
            moments: ["2026-11-24T05:00:00Z", "2026-11-24T08:59:59Z", "2026-11-24T09:00:00Z", "2026-11-25T08:59:59Z"],
            days: ["2026-11-23", "2026-11-23", "2026-11-24", "2026-11-24"]),
        DaySample(
            zone: "UTC", dayStartsAt: 1_425,
            moments: ["2026-11-24T23:44:59Z", "2026-11-24T23:45:00Z", "2026-11-25T23:44:59Z"],
            days: ["2026-11-23", "2026-11-24", "2026-11-24"]),
        // A day of 25 hours, and one of 23.
        DaySample(
            zone: "Europe/Amsterdam",
            moments: ["2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"],
            days: ["2026-10-24", "2026-10-25", "2026-10-25", "2026-10-26"]),
        DaySample(
            zone: "Europe/Amsterdam",
            moments: ["2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"],
            days: ["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"]),
    ]

    @Test(arguments: days)
    func daysAreTheOnesOfBudgets(_ sample: DaySample) throws {
        for moment in sample.moments {
            try setClock(to: moment)
            try spend("0.5")
        }
        let tracker = try fixture.tracker(zone: sample.zone, dayStartsAt: sample.dayStartsAt)
        let names = Set(sample.days).sorted()
        let groups = try tracker.summary(by: [.day]).groups
        #expect(groups.map(\.names) == names.map { [$0] })
        for (group, name) in zip(groups, names) {
            let expected = sample.days.filter { $0 == name }.count
            #expect(group.figures.calls == expected, "\(name)")
            let bounded = try tracker.summary(by: [.day], from: day(name), to: day(name))
            #expect(bounded.total.calls == expected && bounded.groups == [group])
            #expect(try tracker.ledgerPage(from: day(name), to: day(name)).lines.count == expected)
            let before = sample.days.filter { $0 < name }.count
            #expect(try tracker.summary(by: [], from: day(name)).total.calls == sample.days.count - before)
            #expect(try tracker.summary(by: [], to: day(name)).total.calls == before + expected)
        }
        #expect(try tracker.summary(by: [.day], from: day("2026-12-01"), to: day("2026-01-01")).total == CostFigures())
    }

    @Test func todayIsWhatStatusCountsAsToday() throws {
        try setClock(to: "2026-11-24T03:30:00Z")
        try spend("0.5")
        try setClock(to: "2026-11-24T12:00:00Z")
        try spend("0.25")
        let tracker = try fixture.tracker(zone: "Europe/Amsterdam", dayStartsAt: 300)
        let today = try day("2026-11-24")
        #expect(try tracker.summary(by: [], from: today, to: today).total.cost.dollars == "0.25")
        #expect(try tracker.costs(sessionStartedAt: nil).today.dollars == "0.25")
    }

    @Test(arguments: ["2026-11-24", "1970-01-01", "2024-02-29", "2099-12-31"])
    func calendarDayComesBackAsItWasWritten(_ text: String) throws {
        #expect(try day(text).description == text)
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-11-24-", "2026-1-24", "26-11-24", "2026-11-31", "2026-02-29", "2026-13-01",
        "2026-00-10", "2026-10-00", "2026-11-2x", "+026-11-24", "２０２６-11-24", "2026/11/24", " 2026-11-24",
    ])
    func whatIsNoDateIsNoDay(_ text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func calendarDaysAreOrdered() throws {
        let days = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"]
        #expect(try days.reversed().map(day).sorted().map(\.description) == days)
    }

    // MARK: - Pages

    @Test func pagesGiveEveryRowOnceAndInOrder() throws {
        for index in 1...5 { try spend("\(index)") }
        for size in 1...6 {
            var costs: [String] = []
            var pages = 0
            var next: LedgerPlace?
            repeat {
                let page = try fixture.tracker().ledgerPage(after: next, atMost: size)
                costs += page.lines.compactMap(\.cost?.dollars)
                #expect(page.lines.count <= size && !page.lines.isEmpty)
                next = page.next
                pages += 1
            } while next != nil
            #expect(costs == ["1", "2", "3", "4", "5"])
            #expect(pages == (5 + size - 1) / size)
        }
    }

    @Test func lineHoldsWhatTheLedgerKnows() throws {
        let demand = fixture.demand(cost: nil)
        try spend(nil, of: demand)
        try hit(saving: "0.25")
        let lines = try fixture.tracker().ledgerPage().lines
        let call = try #require(lines.first)
        #expect(call.id == 1 && call.time == fixture.time.now().wall)
        #expect(call.session == fixture.session.description && call.run == demand.origin.run.description)
        #expect(call.request == demand.request.description && call.role == "scene_smith")
        #expect(call.loop == "story_spark" && call.step == "draft_scenes")
        #expect(call.provider == "openai" && call.model == "gpt-4o")
        #expect(call.source == "provider" && call.lookup == "miss" && call.missCause == "new")
        #expect(call.outcome == "answered" && call.latencyMilliseconds == 12)
        #expect(call.usage == Usage(inputTokens: 100, cachedInputTokens: 10, outputTokens: 50))
        #expect(call.cost == nil && !call.isEstimated && call.savedCost == .zero)
        let kept = try #require(lines.last)
        #expect(kept.source == "cache" && kept.lookup == "hit" && kept.missCause == nil)
        #expect(kept.usage == .zero && kept.cost == .zero)
        #expect(kept.savedCost.dollars == "0.25" && kept.savedTokens == 150)
    }

    @Test func readingMakesNoFile() throws {
        #expect(try fixture.tracker().summary(by: [.model]) == CostSummary(keys: [.model]))
        #expect(try fixture.tracker().ledgerPage() == LedgerPage())
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("ledger.db")))
    }
}
