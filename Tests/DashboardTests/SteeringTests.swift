import Core
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

/// Steering a run, this session's own or one of another process.
@Suite struct SteeringTests {
    private let question = WriterQuestion(
        id: ulid(8), role: .plotwright, step: "create_topology", text: "Is the keeper alive?",
        suggestions: ["Yes", "Long dead"])

    private func busy(_ more: SessionEvent..., width: Int = 120, height: Int = 40) -> DashboardState {
        .sample(width: width, height: height, events: Sample.run + more)
    }

    private func elsewhere(_ event: SessionEvent, session: Int = 70) -> DashboardEvent {
        .elsewhere(SessionEventRecord(session: ulid(session), moment: Moment(wall: noon, sinceBoot: 0), event: event))
    }

    @Test func spacePausesAfterTheStepAndLetsTheRunGoOn() {
        var state = busy()
        #expect(state.press(.character(" ")) == [.steer(.pauseAfterStep, in: nil)])
        state.fold([.runSteered(run: ulid(1), order: .pauseAfterStep, author: "dashboard")])
        #expect(state.frame[0].contains("pauses after draft_scenes"))
        #expect(state.screen.contains("Space lets it go on at once"))
        #expect(state.press(.character(" ")) == [.steer(.goOn, in: nil)])
        state.fold([.stepFinished(run: ulid(1), index: 4, step: "draft_scenes"), .runHeld(run: ulid(1), next: 5)])
        #expect(state.frame[0].contains("paused before pre_gate_check: Space goes on"))
        #expect(state.press(.character(" ")) == [.steer(.goOn, in: nil)])
        state.fold([.runReleased(run: ulid(1))])
        #expect(!state.frame[0].contains("paused"))
    }

    @Test(arguments: [(80, 24), (40, 10), (20, 1), (200, 60)])
    func heldRunShowsOnEveryScreen(width: Int, height: Int) {
        let state = busy(.runHeld(run: ulid(1), next: 5), width: width, height: height)
        #expect(state.frame[0].contains("paused"))
    }

    @Test func noteIsTypedForTheNextStep() {
        var state = busy()
        #expect(state.press(.character("n")).isEmpty && state.screen.contains("the prompts of pre_gate_check"))
        #expect(state.press(.enter).isEmpty && state.screen.contains("Type what the step should keep in mind."))
        _ = state.type("No ghosts.")
        #expect(state.press(.enter) == [.steer(.note("No ghosts."), in: nil)])
    }

    @Test func redoSaysWhatItMayCostAndCancelComesFirst() {
        var state = busy()
        #expect(state.press(.character("r")) == [.priceRedo(run: ulid(1), index: 0)])
        #expect(state.screen.contains("Redo generate_hooks"))
        #expect(state.dialog?.intro(state).first?.text.contains("draft_scenes is stopped") == true)
        _ = state.update(.redoPriced(dollars("0.07")))
        #expect(state.screen.contains("It costs at most $0.0700."))
        #expect(state.press(.enter).isEmpty && state.dialog == nil)
        _ = state.press(.character("r"), .right)
        #expect(state.press(.enter) == [.steer(.redo, in: nil)])
    }

    @Test func redoneStepIsUnderWayAgain() {
        var state = busy(.stepStarted(run: ulid(1), index: 0, step: "generate_hooks", role: .plotwright))
        #expect(state.run?.current == 0 && state.run?.steps[0].finishedAt == nil)
        #expect(state.run?.steps[4].startedAt == nil)
        state.fold([.stepFinished(run: ulid(1), index: 0, step: "generate_hooks")])
        #expect(state.run?.redoTarget == 0)
    }

    @Test func nothingCanBeSteeredWhereNothingRuns() {
        for key in " nrc" {
            var state = DashboardState.sample()
            #expect(state.press(.character(key)).isEmpty && state.dialog == nil)
            #expect(state.frame[23].contains("Nothing is running."))
        }
        var state = DashboardState.sample(events: Array(Sample.run.prefix(2)))
        #expect(state.press(.character("r")).isEmpty && state.frame[23].contains("No step is done yet."))
        #expect(state.press(.character("i")).isEmpty && state.frame[23].contains("Nobody asks anything."))
    }

    @Test func questionStopsNothingElse() {
        var state = busy()
        let asked = SessionEventRecord(
            session: ulid(9), moment: Moment(wall: noon, sinceBoot: 0),
            event: .questionAsked(run: ulid(1), question: question))
        #expect(state.update(.session(asked)).contains(.call("plotwright asks: Is the keeper alive?")))
        #expect(state.screen.contains("plotwright asks") && state.screen.contains("Long dead"))
        state.fold([.textDelta(request: ulid(3), text: " and the tide went on.")])
        #expect(state.output.last?.text.contains("the tide went on") == true)
        #expect(state.press(.escape).isEmpty && state.frame[0].contains("asks: i answers"))
        #expect(state.press(.character("i")).isEmpty)
        #expect(state.press(.enter) == [.steer(.answer(question: ulid(8), text: "Yes"), in: nil)])
        _ = state.press(.character("i"), .tab)
        _ = state.type("Nobody knows")
        #expect(state.press(.enter) == [.steer(.answer(question: ulid(8), text: "Nobody knows"), in: nil)])
        _ = state.press(.character("i"))
        state.fold([.questionAnswered(run: ulid(1), question: ulid(8), text: "Yes", author: "command line")])
        #expect(state.dialog == nil && state.questions.isEmpty && !state.frame[0].contains("asks"))
    }

    @Test func runOfAnotherProcessIsShownAndSteeredThere() {
        var state = DashboardState.sample(width: 120, height: 40)
        for event in Sample.run { _ = state.update(elsewhere(event)) }
        #expect(state.frame[0].contains("draft_scenes") && state.output.last?.text.isEmpty == false)
        #expect(state.press(.character(" ")) == [.steer(.pauseAfterStep, in: ulid(70))])
        #expect(state.press(.character("c")) == [.steer(.stopStep, in: ulid(70))])
        _ = state.update(elsewhere(.runSteered(run: ulid(1), order: .stopStep, author: "dashboard")))
        #expect(state.press(.character("c")) == [.steer(.cancel, in: ulid(70))])
        // Nothing of its own is under way.
        #expect(!state.isBusy && state.press(.character("q")) == [.quit(.quit)])
        let end = SessionEvent.runFinished(
            run: ulid(1), loop: "story_spark", state: .interrupted, message: "its process ended")
        _ = state.update(elsewhere(end))
        #expect(!state.isRunUnderWay && state.frame[0].contains("interrupted"))
    }

    @Test func whoComesToAPausedRunElsewhereSeesThatItIsPaused() {
        var state = DashboardState.sample(width: 120, height: 40)
        for event in Sample.run + [.runHeld(run: ulid(1), next: 4)] { _ = state.update(elsewhere(event)) }
        #expect(state.frame[0].contains("paused in draft_scenes: Space goes on"))
        _ = state.press(.character("8"), .enter)
        #expect(state.screen.contains("story_spark · paused") && !state.screen.contains(" left"))
        #expect(state.screen.contains("Stands still; Space lets it go on."))
        _ = state.update(elsewhere(.runReleased(run: ulid(1))))
        #expect(state.screen.contains("story_spark · running") && !state.screen.contains("Stands still"))
    }

    @Test func secondRunElsewhereIsOnlyToldInActivity() {
        var state = DashboardState.sample(width: 120, height: 40)
        for event in Sample.run { _ = state.update(elsewhere(event)) }
        let other = SessionEvent.runStarted(
            run: ulid(2), loop: "gatecheck", steps: ["collect_findings"], brief: "", seed: nil, mostItMayCost: .zero)
        _ = state.update(elsewhere(other, session: 71))
        #expect(state.run?.loop == "story_spark" && state.activity.last?.subject == "gatecheck elsewhere")
        // A run of its own takes its place.
        state.fold([other])
        let record = SessionEventRecord(session: ulid(9), moment: Moment(wall: noon, sinceBoot: 0), event: other)
        _ = state.update(.session(record))
        #expect(state.followed == nil && state.run?.loop == "gatecheck" && state.isBusy)
    }

    @Test func showrunnerPicksTheLoopBeforeAnythingIsStarted() {
        var state = DashboardState.sample()
        _ = state.press(.character("g"), .left)
        #expect(state.screen.contains("What serves the goal") && state.screen.contains("Type a goal"))
        _ = state.press(.backTab)
        _ = state.type("Tidy the scenes")
        #expect(state.press(.enter) == [.chooseLoop(goal: "Tidy the scenes")])
        #expect(state.screen.contains("The showrunner picks a loop."))
        let order = GenerateOrder(loop: "scene_forge", goal: "Tidy the scenes")
        let choice = LoopChoice(loop: "scene_forge", reason: "They are there.")
        #expect(state.update(.loopChosen(choice)) == [.price(order)])
        #expect(state.screen.contains("The showrunner picked it: They are there."))
        _ = state.update(.priced(order, .sample("0.42")))
        #expect(state.screen.contains("likely $0.0420 (from the"))
        #expect(state.press(.enter) == [.run(order)])
    }

    @Test func undoSaysWhatItTookBack() {
        var state = DashboardState.sample()
        #expect(state.press(.character("u")) == [.undo])
        #expect(state.update(.undone("undone: the switch of scene_smith to local")) == [.refreshStatus])
        #expect(state.frame[23].contains("undone: the switch of scene_smith to local"))
    }

    @Test func firstStartInAnOlderWorkspaceSaysWhatCountsNow() {
        var status = Sample.busy()
        status.project.schemaVersion = 1
        status.session = nil
        for index in status.roles.indices where status.roles[index].role == .sceneSmith {
            status.roles[index].source = "role"
        }
        var state = DashboardState.sample(status, width: 120, height: 40)
        _ = state.start(suggestedPlace: nil)
        #expect(state.screen.contains("What counts from now on") && state.screen.contains("scene_smith openai gpt-4o"))
        #expect(state.press(.escape).isEmpty && state.dialog == nil)
        status.project.schemaVersion = 2
        state = .sample(status)
        _ = state.start(suggestedPlace: nil)
        #expect(state.dialog == nil)
    }
}
