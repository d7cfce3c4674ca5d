import Core
import Studio
import TestKit
import Testing
import Workspace

/// What roles are asked, and what becomes of answers that cannot be read, on a fake server.
@Suite(.timeLimit(.minutes(10))) struct LoopEngineTests {
    private static let prose = "I would rather not write JSON today. The stair was wet."

    /// A server that answers requests in one of these forms, and of this section, with prose.
    private func server(failing forms: Set<String>, section: String? = nil) async throws -> FakeOpenAIServer {
        try await FakeOpenAIServer.start { request in
            let isHit = request.asked("form").map { forms.contains($0) } == true
            return isHit && request.asked("section") == section ? .answer(Self.prose) : request.story
        }
    }

    @Test func unreadableSceneIsKeptWordForWordAndTheRunGoesOn() async throws {
        let server = try await server(failing: ["scene"], section: "s2")
        let fixture = try StoryFixture(server)
        let run = try await fixture.run(RunOrder(count: 3))
        #expect(run.report.state == .done && run.events.steps.last == "pre_gate_check")
        let marked = run.report.artifacts.filter { $0.needsReview != nil }
        #expect(marked.map(\.type) == ["scene"])
        let stored = try #require(marked.first)
        let kept = try fixture.artifact(stored.id)
        #expect(kept.data == ["answer": JSONValue(Self.prose)])
        #expect(kept.needsReview == stored.needsReview)
        #expect(kept.needsReview?.contains("no JSON object") == true)
        #expect(try fixture.artifacts("scene").count == 3)
        let reason = try #require(kept.needsReview)
        #expect(run.events.notices(ofErrors: true) == ["\(kept.id) needs review: \(reason)"])
    }

    @Test func unreadableAnswerIsAskedForOnceMoreWithWhatWasWrong() async throws {
        let server = try await FakeOpenAIServer.start { request in
            guard request.asked("section") == "s2" else { return request.story }
            return request.prompt.contains("cannot be read") ? request.story : .answer(Self.prose)
        }
        let run = try await StoryFixture(server).run(RunOrder(count: 2))
        #expect(run.report.state == .done && run.report.artifacts.allSatisfy { $0.needsReview == nil })
        let repairs = server.requests.filter { $0.prompt.contains("cannot be read") }
        #expect(repairs.count == 1)
        let messages = try #require(repairs.first?.body["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["system", "user", "assistant", "user"])
        #expect(messages[2]["content"]?.string == Self.prose)
        #expect(messages[3]["content"]?.string?.contains("no JSON object") == true)
    }

    @Test func choiceThatLeadsToAnUnreadableSceneBlocksTheGate() async throws {
        let server = try await server(failing: ["scene"], section: "s2")
        let fixture = try StoryFixture(server)
        let report = try await fixture.run(RunOrder(count: 3)).report
        let lost = try #require(report.artifacts.first { $0.needsReview != nil })
        let gate = try #require(try fixture.artifacts("gatecheck_report").first)
        #expect(gate.data["decision"]?.string == "block")
        let integrity = gate.data["bars"]?.array?.first { $0["bar"]?.string == "integrity" }
        #expect(integrity?["status"]?.string == "red")
        #expect(integrity?["findings"]?.array?.first?.string?.contains(lost.id) == true)
    }

    @Test func unreadableAnswerIsChargedAndAskedForAgainByTheNextRun() async throws {
        let server = try await server(failing: ["scene"], section: "s2")
        let fixture = try StoryFixture(server)
        let first = try await fixture.run(RunOrder(count: 3)).report
        #expect(first.tokens == server.reportedInputTokens + server.reportedOutputTokens)
        #expect(server.served == first.requests)
        let files = try fixture.files()
        let second = try await fixture.run(RunOrder(count: 3)).report
        #expect(server.served == first.requests + 2)
        #expect(second.hits == second.requests - 2 && second.tokens > 0)
        #expect(second.artifacts == first.artifacts)
        #expect(try fixture.files() == files)
    }

    @Test func readableAnswerTakesThePlaceOfTheOneThatNeededReview() async throws {
        let asked = Recorder<String>()
        let server = try await FakeOpenAIServer.start { request in
            guard request.asked("section") == "s2" else { return request.story }
            asked.append(request.prompt)
            return asked.count <= 2 ? .answer(Self.prose) : request.story
        }
        let fixture = try StoryFixture(server)
        let first = try await fixture.run(RunOrder(count: 2)).report
        let marked = try #require(first.artifacts.first { $0.needsReview != nil })
        let second = try await fixture.run(RunOrder(count: 2)).report
        #expect(second.artifacts.allSatisfy { $0.needsReview == nil })
        let mended = try fixture.artifact(marked.id)
        #expect(mended.revision == 2 && mended.needsReview == nil && mended.data["text"]?.string != nil)
        #expect(try fixture.artifacts("gatecheck_report").first?.data["decision"]?.string == "pass")
    }

    @Test func unreadableAnswerTakesNoPlaceOfASceneThatCanBeRead() async throws {
        let asked = Recorder<String>()
        let server = try await FakeOpenAIServer.start { request in
            guard request.asked("form") == "scene", request.asked("section") == "s2" else { return request.story }
            asked.append(request.prompt)
            return asked.count == 1 ? request.story : .answer(Self.prose)
        }
        let fixture = try StoryFixture(server)
        _ = try await fixture.run(RunOrder(count: 2))
        let scenes = try fixture.artifacts("scene")
        let report = try await fixture.run(RunOrder(count: 2, isFresh: true)).report
        let marked = try #require(report.artifacts.first { $0.needsReview != nil })
        #expect(report.state == .done && !scenes.map(\.id).contains(marked.id))
        let kept = try fixture.artifacts("scene").filter { $0.id != marked.id }
        #expect(kept.map(\.id) == scenes.map(\.id) && kept.allSatisfy { $0.needsReview == nil })
        #expect(try fixture.artifact(marked.id).data == ["answer": JSONValue(Self.prose)])
    }

    @Test func runEndsWhereAStepHasNothingLeftToRead() async throws {
        let server = try await server(failing: ["topology", "tu_brief"])
        let fixture = try StoryFixture(server)
        let run = try await fixture.run(RunOrder(count: 2))
        #expect(run.report.state == .failed && run.report.error?.kind == .nothingToRead)
        #expect(run.events.steps.last == "create_section_briefs")
        let message = try #require(run.report.error?.message)
        #expect(message.contains("create_topology") && message.contains("review"))
        #expect(try fixture.artifacts("tu_brief").map { $0.needsReview != nil } == [true, true])
        #expect(run.report.cost?.picodollars ?? 0 > 0)
    }

    @Test func unreadableRevisionLeavesTheBriefThatItWouldHaveRevised() async throws {
        let server = try await server(failing: ["tu_brief"])
        let fixture = try StoryFixture(server)
        let report = try await fixture.run(RunOrder(count: 2)).report
        #expect(report.state == .done)
        let briefs = report.artifacts.filter { $0.type == "tu_brief" }
        #expect(briefs.count == 2 && briefs.count { $0.needsReview == nil && $0.revision == 1 } == 1)
        #expect(try fixture.artifacts("scene").count == 2)
    }

    @Test func noteOfAConsultedRoleStandsInThePromptOfItsStep() async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.asked("form") == "note" ? .answer("Beware of the lamp.") : request.story
        }
        _ = try await StoryFixture(server).run(RunOrder(count: 1))
        let prompts = server.requests.filter { $0.asked("form") == "topology" }.map(\.prompt)
        #expect(prompts.count == 1)
        let prompt = try #require(prompts.first)
        for role in ["lore_weaver", "style_lead"] { #expect(prompt.contains("## \(role)\nBeware of the lamp.")) }
        let gate = try #require(server.requests.last)
        #expect(gate.asked("form") == "gatecheck_report" && !gate.prompt.contains("Beware of the lamp."))
    }

    @Test func noPromptHoldsATimeOrTheRunsOwnName() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let run = try await fixture.run(RunOrder(count: 2))
        for request in server.requests {
            #expect(!request.prompt.contains(run.report.run.description))
            #expect(!request.prompt.contains("2026-11"))
        }
    }

    @Test func secondSceneIsAskedForItsOwnSection() async throws {
        let server = try await FakeOpenAIServer.start()
        _ = try await StoryFixture(server).run(RunOrder(count: 3, seed: 40))
        let scenes = server.requests.filter { $0.asked("form") == "scene" }
        #expect(scenes.map { $0.asked("section") } == ["s1", "s2", "s3"])
        #expect(scenes.map { $0.asked("exits") } == ["s2, s3", "", ""])
        #expect(scenes.map { $0.body["seed"]?.int } == [40, 41, 42])
    }
}
