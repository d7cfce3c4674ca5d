import Core
import Foundation
import Studio
import TestKit
import Testing
import Workspace

/// A run that is paused, noted, redone and stopped while it is under way.
@Suite(.timeLimit(.minutes(10))) struct SteeringTests {
    /// What a run came to whose events were answered with orders.
    struct Steered {
        var report: RunReport
        var events: [SessionEvent]
    }

    /// Runs an order, or resumes, and gives the orders that `answer` has for each event.
    private func run(
        _ fixture: StoryFixture, _ order: RunOrder? = RunOrder(count: 2),
        answer: (SessionEvent) -> [SteeringOrder]
    ) async throws -> Steered {
        let session = try fixture.session()
        let records = session.events()
        let run = Task {
            if let order { await session.run(order) } else { await session.resume(asksWriter: true) }
        }
        var events: [SessionEvent] = []
        for await record in records {
            events.append(record.event)
            for order in answer(record.event) { try await session.steer(order, by: "test") }
            if case .runFinished = record.event { break }
        }
        let report = await run.value
        await session.close()
        return Steered(report: report, events: events)
    }

    /// What happened while the run stood still.
    private func whileHeld(_ events: [SessionEvent]) -> [[SessionEvent]] {
        var stretches: [[SessionEvent]] = []
        var isHeld = false
        for event in events {
            if case .runReleased = event { isHeld = false }
            if isHeld { stretches[stretches.count - 1].append(event) }
            if case .runHeld = event, !isHeld {
                isHeld = true
                stretches.append([])
            }
        }
        return stretches
    }

    private func hasBegun(_ step: String, _ event: SessionEvent) -> Bool {
        if case .stepStarted(_, _, step, _) = event { true } else { false }
    }

    private func isHeld(_ event: SessionEvent) -> Bool { if case .runHeld = event { true } else { false } }

    @Test func runPausesAfterItsStepAndGoesOnWhenItIsLetTo() async throws {
        let server = try await FakeOpenAIServer.start()
        let steered = try await run(StoryFixture(server)) { event in
            if hasBegun("create_topology", event) { return [.pauseAfterStep] }
            return isHeld(event) ? [.goOn] : []
        }
        #expect(steered.report.state == .done)
        let place = try #require(steered.events.firstIndex(where: isHeld))
        #expect(steered.events[place] == .runHeld(run: steered.report.run, next: 2))
        let before = steered.events[..<place]
        #expect(before.contains(.stepFinished(run: steered.report.run, index: 1, step: "create_topology")))
        #expect(!before.contains { hasBegun("create_tu_brief", $0) })
    }

    @Test func pausedRunMakesNoRequest() async throws {
        let go = Signal()
        let server = try await FakeOpenAIServer.start { request in
            if request.asked("form") == "tu_brief" { await go.wait() }
            return request.story
        }
        // The step asks the gatekeeper first, and then waits at the server for its own answer.
        var sent = 0
        var isHeldNow = false
        let steered = try await run(StoryFixture(server)) { event in
            if hasBegun("create_tu_brief", event) { sent = 1 }
            if case .requestSent = event, sent > 0 {
                sent += 1
                return sent == 3 ? [.pause] : []
            }
            if isHeld(event) {
                isHeldNow = true
                go.fire()
            }
            // What was under way has come to its end by then.
            if isHeldNow, case .stepFinished = event {
                isHeldNow = false
                return [.goOn]
            }
            return []
        }
        #expect(steered.report.state == .done)
        let held = try #require(whileHeld(steered.events).first)
        #expect(held.contains { if case .requestAnswered = $0 { true } else { false } })
        #expect(!held.contains { if case .requestStarted = $0 { true } else { false } })
    }

    @Test func noteStandsInThePromptsOfTheNextStepAlone() async throws {
        let server = try await FakeOpenAIServer.start()
        _ = try await run(StoryFixture(server)) { event in
            hasBegun("generate_hooks", event) ? [.note("No ghosts.")] : []
        }
        let noted = server.requests.filter { $0.prompt.contains("# The writer's note\nNo ghosts.") }
        // The plotwright's own request and those to whom it consults.
        #expect(noted.count == 3 && noted.contains { $0.asked("form") == "topology" })
        #expect(!noted.contains { ["hooks", "tu_brief"].contains($0.asked("form")) })
    }

    @Test func noteIsReadAgainByARunThatGoesOn() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let first = try await run(fixture) { event in
            if hasBegun("create_section_briefs", event) { return [.note("No ghosts.")] }
            if case .requestAnswered(_, let record, _) = event, record.role == .sceneSmith { return [.cancel] }
            return []
        }
        #expect(first.report.state == .cancelled)
        let before = server.requests.count
        let second = try await run(fixture, nil) { _ in [] }
        #expect(second.report.state == .done)
        let scenes = server.requests.dropFirst(before).filter { $0.asked("form") == "scene" }
        #expect(!scenes.isEmpty && scenes.allSatisfy { $0.prompt.contains("No ghosts.") })
    }

    @Test func redoneStepReplacesWhatItWrote() async throws {
        let asked = Recorder<String>()
        let server = try await FakeOpenAIServer.start { request in
            guard request.asked("form") == "hooks" else { return request.story }
            asked.append(request.prompt)
            // The second time there is one less.
            let titles = asked.count == 1 ? ["The first lamp", "Another lamp"] : ["The second lamp"]
            let hooks = titles.map { title -> JSONValue in
                ["title": JSONValue(title), "summary": "It burns.", "classification": "object"]
            }
            return .answer((["hooks": .array(hooks)] as JSONValue).text())
        }
        let fixture = try StoryFixture(server)
        let holds = Recorder<Int>()
        let steered = try await run(fixture) { event in
            if hasBegun("generate_hooks", event), holds.count == 0 { return [.pauseAfterStep] }
            guard isHeld(event) else { return [] }
            holds.append(1)
            return holds.count == 1 ? [.redo] : [.goOn]
        }
        // Who paused to look at the step looks at it again.
        #expect(steered.report.state == .done && holds.count == 2 && asked.count == 2)
        let hooks = try fixture.artifacts("hook_card")
        #expect(hooks.map(\.title) == ["The second lamp"] && hooks.map(\.revision) == [2])
        let deleted = try fixture.session()
        #expect(try await deleted.deleted().count == 1)
        await deleted.close()
        let topology = server.requests.filter { $0.asked("form") == "topology" }
        #expect(topology.allSatisfy { $0.prompt.contains("The second lamp") && !$0.prompt.contains("The first lamp") })
    }

    @Test func redoWhileTheNextStepIsUnderWayBeginsThatAgain() async throws {
        let server = try await FakeOpenAIServer.start()
        let redone = Recorder<Int>()
        let steered = try await run(StoryFixture(server)) { event in
            guard hasBegun("create_tu_brief", event), redone.count == 0 else { return [] }
            redone.append(1)
            return [.redo]
        }
        #expect(steered.report.state == .done)
        #expect(
            Array(steered.events.steps.prefix(5)) == [
                "generate_hooks", "create_topology", "create_tu_brief", "create_topology", "create_tu_brief",
            ])
        #expect(server.requests.count { $0.asked("form") == "topology" } == 2)
    }

    @Test func stoppedStepGoesOnWithWhatItHasStored() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        var hasStopped = false
        let steered = try await run(fixture, RunOrder(count: 3)) { event in
            if case .artifactStored(_, let artifact) = event, artifact.type == "scene", !hasStopped {
                hasStopped = true
                return [.stopStep]
            }
            return isHeld(event) ? [.goOn] : []
        }
        #expect(steered.report.state == .done)
        #expect(steered.events.steps.count { $0 == "draft_scenes" } == 2)
        #expect(try fixture.artifacts("scene").count == 3)
        let scenes = server.requests.filter { $0.asked("form") == "scene" }
        #expect(scenes.count { $0.asked("section") == "s1" } == 1)
    }

    @Test func ordersThatMakeNoSenseAreRefusedInWords() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        await #expect(throws: RunError.self) { try await session.steer(.pause, by: "test") }
        let records = session.events()
        let run = Task { await session.run(RunOrder(count: 1)) }
        var refusals: [String] = []
        func refusal(_ order: SteeringOrder) async {
            do { try await session.steer(order, by: "test") } catch { refusals.append("\(error)") }
        }
        for await record in records {
            if hasBegun("generate_hooks", record.event) {
                for order: SteeringOrder in [.goOn, .redo, .note("  "), .answer(question: session.id, text: "yes")] {
                    await refusal(order)
                }
            }
            if hasBegun("pre_gate_check", record.event) { await refusal(.note("Too late.")) }
            if case .runFinished = record.event { break }
        }
        #expect(await run.value.state == .done)
        await session.close()
        for text in ["not paused", "no step is done", "empty", "answered already", "no step follows"] {
            #expect(refusals.contains { $0.contains(text) }, "\(text)")
        }
    }

    @Test func anotherProcessSteersAndSeesTheRun() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let (session, other) = (try fixture.session(), try fixture.session())
        await #expect(throws: RunError.self) { try await other.steerElsewhere(.pause, by: "command line") }
        let records = session.events()
        let run = Task { await session.run(RunOrder(count: 1)) }
        var steps: [String] = []
        for await record in records {
            if hasBegun("create_topology", record.event) {
                try await session.steer(.pauseAfterStep, by: "test")
            }
            if isHeld(record.event) { break }
        }
        let held = try #require(try await other.status().session)
        #expect(held.id == session.id && held.isRunning && held.isPaused && held.state == .running)
        #expect(try await session.status().session?.isPaused == true)
        // Whoever comes later is told the run from its beginning.
        var released = false
        for await record in other.eventsElsewhere() {
            #expect(record.session == session.id)
            if case .stepStarted(_, _, let step, _) = record.event { steps.append(step) }
            if isHeld(record.event), !released {
                released = true
                try await other.steerElsewhere(.goOn, by: "command line")
                #expect(try await other.status().session?.isPaused == false)
            }
            if case .runSteered(_, .goOn, let author) = record.event { #expect(author == "command line") }
            if case .runFinished(_, _, let state, _) = record.event {
                #expect(state == .done)
                break
            }
        }
        #expect(await run.value.state == .done)
        #expect(steps.first == "generate_hooks" && steps.last == "pre_gate_check" && steps.count == 6)
        await session.close()
        await other.close()
    }
}

/// What roles ask the writer.
@Suite(.timeLimit(.minutes(10))) struct QuestionTests {
    private static let question = #"{"question":{"text":"Is the keeper alive?","suggestions":["Yes","Long dead"]}}"#

    /// A server whose plotwright asks before it plans.
    private func server() async throws -> FakeOpenAIServer {
        try await FakeOpenAIServer.start { request in
            let asks = request.asked("form") == "topology" && !request.prompt.contains("The writer answered")
            return asks ? .answer(Self.question) : request.story
        }
    }

    private func plan(_ server: FakeOpenAIServer) throws -> String {
        try #require(server.requests.last { $0.asked("form") == "topology" }?.prompt)
    }

    @Test func firstSuggestionCountsWhereNobodyIsAsked() async throws {
        let server = try await server()
        let run = try await StoryFixture(server).run(RunOrder(count: 1))
        #expect(run.report.state == .done)
        #expect(try plan(server).contains("You asked: Is the keeper alive?\nThe writer answered: Yes"))
        #expect(try !plan(server).contains("you may ask"), "each request asks once")
        let answers = run.events.compactMap { event -> String? in
            if case .questionAnswered(_, _, let text, let author) = event { "\(author): \(text)" } else { nil }
        }
        #expect(answers == ["first suggestion: Yes"])
    }

    @Test func writerAnswersWhileTheRunWaitsAndIsNotAskedAgain() async throws {
        let server = try await server()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let records = session.events()
        var order = RunOrder(count: 1)
        order.asksWriter = true
        let run = Task { [order] in await session.run(order) }
        for await record in records {
            if case .questionAsked(_, let question) = record.event {
                #expect(question.suggestions == ["Yes", "Long dead"] && question.role == .plotwright)
                try await session.steer(.answer(question: question.id, text: "Nobody knows."), by: "test")
            }
            // Killed, so to speak, before the plan was stored.
            if case .questionAnswered = record.event { await session.cancel() }
            if case .runFinished = record.event { break }
        }
        #expect(await run.value.state == .cancelled)
        await session.close()
        let resumed = try fixture.session()
        let later = resumed.events()
        let report = await resumed.resume(asksWriter: true)
        await resumed.close()
        #expect(report.state == .done)
        for await record in later {
            if case .questionAsked = record.event { Issue.record("it was asked again") }
        }
        #expect(try plan(server).contains("The writer answered: Nobody knows."))
    }
}

/// The showrunner's choice of a loop, expected costs, and what is taken back.
@Suite(.timeLimit(.minutes(10))) struct GoalTests {
    @Test(arguments: [#"{"loop":"Gatecheck","reason":"It is time."}"#, "I would run gatecheck now."])
    func showrunnerPicksTheLoopForAGoal(answer: String) async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.asked("form") == "loop_choice" ? .answer(answer) : request.story
        }
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let report = await session.run(RunOrder(), for: "See whether it may be published")
        await session.close()
        #expect(report.loop == "gatecheck" && report.state == .done)
        let prompt = try #require(server.requests.first?.prompt)
        #expect(prompt.contains("# Brief\nSee whether it may be published") && prompt.contains("## loop scene_forge"))
    }

    @Test func answerThatNamesNoLoopIsAskedForOnceMoreAndThenAnError() async throws {
        let server = try await FakeOpenAIServer.start { _ in .answer("Something with boats.") }
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let report = await session.run(RunOrder(), for: "Boats")
        await session.close()
        #expect(server.requests.count == 2 && !report.hasBegun)
        #expect(report.error?.message.contains("names none of the loops") == true)
    }

    @Test func goalStandsInTheFirstStepsPrompts() async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.asked("form") == "loop_choice" ? .answer(#"{"loop":"story_spark"}"#) : request.story
        }
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let report = await session.run(RunOrder(count: 1), for: "A story without ghosts")
        await session.close()
        #expect(report.state == .done && fixture.hasLedger)
        let noted = server.requests.filter { $0.prompt.contains("# The writer's note\nA story without ghosts") }
        #expect(noted.contains { $0.asked("form") == "hooks" } && !noted.contains { $0.asked("form") == "topology" })
    }

    @Test func likelyCostIsAGuessAtFirstAndThenKnownFromTheLedger() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let order = RunOrder(count: 2)
        let before = try await session.costEstimate(order)
        let report = await session.run(order)
        let after = try await session.costEstimate(order)
        await session.close()
        #expect(before.basis == .guess && after.basis == .history)
        #expect(report.estimate == before)
        let (most, likely) = (try #require(after.most), try #require(after.likely))
        #expect(likely < most && most == before.most)
        // With the same answers the run would cost the same; a mean is rounded up for each request.
        let cost = try #require(report.cost)
        #expect(likely >= cost && likely.picodollars < cost.picodollars + 100_000_000)
    }

    @Test func switchesAndLimitsAreTakenBackOneAfterAnother() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server, limits: "global: {cost_per_day: 5}")
        let session = try fixture.session()
        func provider() async throws -> String? {
            try await session.status().roles.first { $0.role == .sceneSmith && $0.kind == .text }?.provider
        }
        func limit() async throws -> Money? { try await session.status().budgets.first?.limit }
        await #expect(throws: RunError.self) { try await session.undo() }
        try await session.switchRole(.sceneSmith, to: "embedded")
        let five = try await limit()
        try await session.changeLimit(
            LimitOrder(scope: .global, name: nil, key: "cost_per_day", value: 8_000_000_000_000))
        #expect(try await limit() == (try Money(dollars: "8")))
        #expect(try await session.undo().contains("the change of global cost_per_day to $8"))
        #expect(try await limit() == five)
        #expect(try await provider() == "embedded")
        // Another process takes back what this one did.
        let other = try fixture.session()
        #expect(try await other.undo().contains("the switch of scene_smith to embedded"))
        await other.close()
        #expect(try await provider() == "my_server")
        await #expect(throws: RunError.self) { try await session.undo() }
        await session.close()
    }
}
