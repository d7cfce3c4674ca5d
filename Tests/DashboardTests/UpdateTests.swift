import Core
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

@Suite struct UpdateTests {
    @Test func budgetIsRaisedAndLoweredUntilItResets() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        #expect(state.press(.character("+")).isEmpty)
        // The budget of the day has least left: a quarter more is offered.
        #expect(state.screen.contains("Raise a limit") && state.screen.contains("6.25"))
        #expect(
            state.press(.enter)
                == [
                    .changeLimit(
                        LimitOrder(scope: .global, name: nil, key: "cost_per_day", value: 6_250_000_000_000))
                ])
        #expect(state.dialog == nil)
        _ = state.press(.character("-"), .end, .tab)
        for _ in 0..<3 { _ = state.press(.backspace) }
        _ = state.type("much")
        #expect(state.press(.enter).isEmpty && state.screen.contains("Type an amount of dollars"))
        for _ in 0..<4 { _ = state.press(.backspace) }
        _ = state.type("2.5")
        #expect(
            state.press(.enter)
                == [
                    .changeLimit(
                        LimitOrder(scope: .provider, name: "openai", key: "cost_per_day", value: 2_500_000_000_000))
                ]
        )
        var free = DashboardState.sample(Sample.fresh(), width: 120, height: 40)
        #expect(free.press(.character("+")).isEmpty && free.dialog == nil)
        #expect(free.screen.contains("There is no limit"))
    }

    @Test func digitsAndTabFocusPanes() {
        var state = DashboardState.sample()
        for pane in Pane.all {
            _ = state.press(.character(pane.key))
            #expect(state.focus == pane.id)
        }
        _ = state.press(.tab)
        #expect(state.focus == .roles)
        _ = state.press(.backTab)
        #expect(state.focus == .loop)
        _ = state.press(.character("h"), .left, .character("l"), .right, .right)
        #expect(state.focus == .roles)
    }

    @Test func enterShowsThePaneAtFullSizeAndEscapeAllOfThem() {
        var state = DashboardState.sample()
        _ = state.press(.character("5"), .enter)
        #expect(!state.screen.contains("1 Roles"))
        _ = state.press(.escape)
        #expect(state.screen.contains("1 Roles"))
    }

    @Test func rolesSelectionMovesAndStaysOnTheScreen() {
        var state = DashboardState.sample(Sample.busy())
        _ = state.press(.down, .character("j"), .character("k"))
        #expect(state.selectedRole?.role == .gatekeeper)
        _ = state.press(.end)
        #expect(state.selectedRole?.role == .playerNarrator)
        #expect(state.screen.contains("▸player_narrator"))
        _ = state.press(.down)
        #expect(state.selectedRole?.role == .playerNarrator)
        _ = state.press(.pageUp)
        #expect(state.selectedRole?.role != .playerNarrator && state.screen.contains("▸"))
        _ = state.press(.home)
        #expect(state.selectedRole?.role == .showrunner)
    }

    @Test func selectedRoleSaysItsProblem() {
        var state = DashboardState.sample(Sample.busy())
        state.views[.roles] = PaneView(selection: 5)
        #expect(state.selectedRole?.role == .loreWeaver)
        #expect(state.screen.contains("no key: set MISTRAL_API_KEY · p switches"))
        #expect(state.screen.contains("no key"))
    }

    @Test func activityFollowsUnlessScrolled() {
        var state = DashboardState.sample(height: 24)
        for number in 0..<20 { state.fold([.notice(isError: false, text: "number \(number)")]) }
        state.message = nil
        #expect(state.screen.contains("number 19"))
        _ = state.press(.character("6"), .home)
        #expect(state.screen.contains("number 0"))
        state.fold([.notice(isError: false, text: "number 20")])
        #expect(state.screen.contains("number 0"))
        _ = state.press(.end)
        #expect(state.screen.contains("number 20"))
        state.fold([.notice(isError: false, text: "number 21")])
        #expect(state.screen.contains("number 21"))
        _ = state.press(.up)
        #expect(state.views[.activity]?.top != nil)
        _ = state.press(.down)
        #expect(state.views[.activity]?.top == nil)
    }

    @Test func activityIsBounded() {
        var state = DashboardState.sample()
        for number in 0..<7_000 { state.note(ActivityLine(noon, "test", "\(number)")) }
        #expect(state.activity.count == 5_000)
        #expect(state.activity.last?.text == "6999")
    }

    @Test func redrawSuspendAndSignalsAreEffects() {
        var state = DashboardState.sample()
        #expect(state.press(.control("l")) == [.redraw])
        #expect(state.press(.control("z")) == [.suspend])
        #expect(state.update(.signal(15)) == [.quit(.signal(15))])
        _ = state.press(.character("g"))
        #expect(state.press(.control("l")) == [.redraw])
        #expect(state.update(.signal(2)) == [.quit(.signal(2))])
    }

    @Test func cancelAsksTheSession() {
        var state = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        #expect(state.press(.character("c")) == [.steer(.stopStep, in: nil)])
        state.fold([.runSteered(run: ulid(1), order: .stopStep, author: "dashboard"), .runHeld(run: ulid(1), next: 0)])
        #expect(state.frame[0].contains("Space goes on"))
        #expect(state.press(.character("c")) == [.cancelRun])
        state.fold([.runFinished(run: ulid(1), loop: "story_spark", state: .cancelled, message: nil)])
        #expect(state.screen.contains("The run was cancelled"))
        #expect(!state.isBusy)
    }

    // MARK: Quit

    @Test func quitLeavesAtOnceWhenNothingRuns() {
        var state = DashboardState.sample()
        #expect(state.press(.character("q")) == [.quit(.quit)])
        #expect(state.press(.control("c")) == [.quit(.quit)])
    }

    @Test func quitAsksWhileSomethingRunsAndStaysByDefault() {
        for key in [Key.character("q"), .control("c")] {
            var state = DashboardState.sample(events: Array(Sample.run.prefix(2)))
            #expect(state.press(key).isEmpty)
            #expect(state.dialog is QuitDialog)
            #expect(state.press(.enter).isEmpty)
            #expect(state.dialog == nil)
        }
    }

    @Test func quitCanWaitForTheRunOrCancelIt() {
        var state = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        #expect(state.press(.character("q"), .right, .enter).isEmpty)
        #expect(state.update(.runEnded(Sample.report())) == [.quit(.quit)])
        var other = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        #expect(other.press(.character("q"), .right, .right, .enter) == [.quit(.quit)])
        var late = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        _ = late.press(.character("q"))
        late.fold([.runFinished(run: ulid(1), loop: "story_spark", state: .done, message: nil)])
        #expect(late.press(.right, .enter) == [.quit(.quit)])
    }

    @Test func quitWaitsForTheReportOfARunThatIsOverAndDoesNotAsk() {
        var state = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        state.isRunOrdered = true
        state.fold([.runFinished(run: ulid(1), loop: "story_spark", state: .cancelled, message: nil)])
        #expect(state.press(.character("q")).isEmpty)
        #expect(state.dialog == nil)
        #expect(state.update(.runEnded(Sample.report())) == [.quit(.quit)])
    }

    // MARK: Time

    @Test func secondsAreShownOnlyWhileSomethingDependsOnThem() {
        var state = DashboardState.sample()
        #expect(!state.showsSeconds)
        #expect(!state.frame[0].contains("12:00:00"))
        #expect(state.update(.time(wall: noon + second, utcOffset: 3_600)).isEmpty)
        #expect(state.frame[0].contains("13:00"))
        state.fold(Array(Sample.run.prefix(1)))
        #expect(state.showsSeconds)
        state = .sample(Sample.busy())
        #expect(state.showsSeconds)
        #expect(state.update(.time(wall: noon + second, utcOffset: 0)) == [.refreshStatus])
        state.status?.limits = [
            Sample.limit(.global, nil, "day", remaining: 9, capacity: 10, fullIn: 3_600, refill: 0.001)
        ]
        #expect(!state.showsSeconds)
        state.status = Sample.busy()
        _ = state.update(.time(wall: noon + 7_200 * second, utcOffset: 0))
        #expect(!state.showsSeconds)
    }

    @Test func failuresAreSaidWhereTheEyeIsAndKept() {
        var state = DashboardState.sample()
        #expect(state.update(.failed("the disk is full")).isEmpty)
        #expect(state.frame[23].contains("the disk is full"))
        #expect(state.activity.last?.text == "the disk is full")
        _ = state.update(.failed("the disk is full"))
        #expect(state.activity.count == 1)
    }

    @Test func runThatCouldNotBeginSaysWhy() {
        var state = DashboardState.sample()
        var report = Sample.report()
        report.hasBegun = false
        report.error = RunError(.configuration, "no key: set OPENAI_API_KEY")
        state.isRunOrdered = true
        #expect(state.update(.runEnded(report)) == [.refreshStatus])
        #expect(!state.isBusy)
        #expect(state.frame[23].contains("no key: set OPENAI_API_KEY"))
    }
}

extension Sample {
    static func report() -> RunReport {
        RunReport(
            run: ulid(1), loop: "story_spark", state: .done, seed: nil, artifacts: [], requests: 0, hits: 0,
            shared: 0, cost: .zero, savedCost: .zero, tokens: 0, durationSeconds: 1, error: nil, hasBegun: true)
    }
}
