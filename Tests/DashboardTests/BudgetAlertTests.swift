import Core
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

/// Warnings of budgets, and what is said of when they run out.
@Suite struct BudgetAlertTests {
    private let alert = BudgetAlert(
        scope: "provider", name: "openai", period: "day", threshold: 0.8, spent: dollars("4.02"),
        limit: dollars("5"), resetsAt: noon + 12 * 3_600 * second)

    private func state(_ budgets: Status.Budget..., width: Int = 120) -> DashboardState {
        var status = Sample.busy()
        status.budgets = budgets
        return .sample(status, width: width, height: 40)
    }

    @Test func alertIsALineAMessageAndACall() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        let effects = state.update(.session(state.record(.budgetAlert(alert))))
        #expect(effects == [.refreshStatus, .call("80 % of openai cost_per_day is spent: $4.0200 of $5")])
        let line = state.activity.last
        #expect(line?.subject == "budget" && line?.tone == .warning)
        #expect(line?.text == "80 % of openai cost_per_day is spent: $4.0200 of $5, resets in 12 h")
        #expect(state.frame.last?.contains("80 % of openai cost_per_day is spent") == true)
        #expect(state.screen.contains("budget 80 % of openai cost_per_day is spent: $4.0200 of $5, resets in 12 h"))
    }

    @Test func alertDoesNotTakeAwayWhatAPausedRunSays() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40, events: Sample.run)
        let until = state.now + 3_600 * second
        state.fold([
            .runPaused(run: ulid(1), role: .sceneSmith, limit: "global cost_per_day", until: until),
            .budgetAlert(alert),
        ])
        #expect(state.frame.last?.contains("c cancels") == true)
        #expect(state.activity.last?.subject == "budget")
    }

    @Test func endOfARunCalls() {
        var state = DashboardState.sample(events: Sample.run)
        let ending = SessionEvent.runFinished(run: ulid(1), loop: "story_spark", state: .failed, message: "no key")
        #expect(state.update(.session(state.record(ending))) == [.refreshStatus, .call("story_spark: failed")])
    }

    @Test func nothingElseCalls() {
        var state = DashboardState.sample()
        for event in Sample.run {
            #expect(
                !state.update(.session(state.record(event))).contains { if case .call = $0 { true } else { false } })
        }
    }

    @Test func topLineNamesTheBudgetThatIsNearestToItsEnd() {
        let day = Sample.budget(nil, "day", limit: "5", spent: "2.6", resetsIn: 3_600, alert: 0.5)
        let role = Sample.budget("openai", "month", limit: "10", spent: "9", resetsIn: 3_600, alert: 0.8)
        let quiet = Sample.budget("far", "day", limit: "1", spent: "0.99", resetsIn: 3_600)
        #expect(state(day).frame[0].contains("⚠ today 52 %"))
        #expect(state(day, role).frame[0].contains("⚠ openai month 90 %"))
        #expect(!state(quiet).frame[0].contains("⚠"))
        #expect(state(day, quiet).frame[0].contains("⚠ today 52 %"))
        #expect(state(day, width: 20).frame[0].contains("⚠ 52 %"))
    }

    @Test func whatCallsUnderWayMayStillCostDoesNotAlarm() {
        var day = Sample.budget(nil, "day", limit: "5", spent: "2.6", resetsIn: 3_600, alert: 0.5)
        day.reserved = dollars("2.4")
        #expect(state(day).frame[0].contains("⚠ today 52 %"))
    }

    @Test func outlookIsARangeOrThatItLasts() {
        func outlook(_ budget: Status.Budget, width: Int = 120) -> String {
            let state = state(budget, width: width)
            let texts = ["runs out", "out in", "lasts", "spent:"]
            return state.frame.compactMap { line -> String? in
                guard let start = texts.compactMap({ line.firstRange(of: $0)?.lowerBound }).first else { return nil }
                let cell = line[start...].prefix { $0 != "│" }
                return String(cell.reversed().drop { $0 == " " }.reversed())
            }.first ?? "nothing"
        }
        func day(_ range: (Int64, Int64)?, spent: String = "1") -> Status.Budget {
            Sample.budget(nil, "day", limit: "5", spent: spent, resetsIn: 12 * 3_600, exhaustedIn: range)
        }
        #expect(outlook(day((3_600, 7_200))) == "runs out 13:00-14:00")
        #expect(outlook(day((3_600, 3_600))) == "runs out 13:00")
        #expect(outlook(day((3_600, 12 * 3_600))) == "runs out 13:00-reset")
        #expect(outlook(day(nil)) == "lasts until reset in 12 h")
        #expect(outlook(day((0, 0), spent: "5")) == "spent: resets in 12 h")
        let month = Sample.budget(
            nil, "month", limit: "60", spent: "1", resetsIn: 20 * 86_400, exhaustedIn: (3 * 86_400, 9 * 86_400))
        #expect(outlook(month) == "runs out in 3 d-in 9 d")
        #expect(outlook(day(nil), width: 80) == "lasts until reset")
        #expect(outlook(month, width: 80) == "out in 3 d-in 9 d")
    }
}
