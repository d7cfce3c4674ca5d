import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing
import Workspace

/// Whole runs on the embedded provider.
@Suite(.timeLimit(.minutes(10))) struct SessionTests {
    @Test func storySparkLeavesAWholeStory() async throws {
        let fixture = try StoryFixture()
        let report = try await fixture.run(RunOrder(count: 3, seed: 7)).report
        #expect(report.state == .done && report.error == nil && report.hasBegun)
        #expect(report.cost == .zero && report.hits == 0 && report.tokens > 0)
        let types: [String] =
            Array(repeating: "hook_card", count: 5) + ["tu_brief", "canon_pack"]
            + Array(repeating: "scene", count: 3) + ["gatecheck_report"]
        #expect(report.artifacts.map(\.type) == types)
        #expect(report.artifacts.allSatisfy { $0.needsReview == nil })
        for stored in report.artifacts {
            let artifact = try fixture.artifact(stored.id)
            #expect(artifact.revision == (stored.type == "tu_brief" ? 2 : 1))
            #expect(artifact.revision == stored.revision && artifact.type == stored.type)
        }
    }

    @Test(arguments: [1, 4, 7]) func choicesLeadOnlyToScenesOfTheRun(count: Int) async throws {
        let fixture = try StoryFixture()
        // Scenes of another run, to which no choice may lead.
        _ = try await fixture.run(RunOrder(count: 2, take: 2))
        let report = try await fixture.run(RunOrder(count: count)).report
        let ids = report.artifacts.filter { $0.type == "scene" }.map(\.id)
        #expect(Set(ids).count == count)
        for id in ids {
            let scene = try fixture.artifact(id).data
            #expect(scene["id"]?.string == id)
            #expect(scene["text"]?.string?.isEmpty == false)
            let targets = try #require(scene["choices"]?.array).compactMap { $0["target"]?.string }
            #expect(targets.allSatisfy { ids.contains($0) })
            #expect(targets.isEmpty == (scene["ending"]?.bool == true))
        }
        let gate = try #require(report.artifacts.last { $0.type == "gatecheck_report" })
        let bars = try #require(try fixture.artifact(gate.id).data["bars"]?.array)
        let reachability = try #require(bars.first { $0["bar"]?.string == "reachability" })
        #expect(reachability["status"]?.string == "green" && reachability["basis"]?.string == "computed")
        // Nothing is wrong with what can be computed, which the embedded provider repeats.
        let integrity = try #require(bars.first { $0["bar"]?.string == "integrity" })
        #expect(integrity["findings"]?.array?.isEmpty == true && integrity["basis"]?.string == "both")
    }

    @Test(arguments: [nil, 7] as [UInt64?])
    func theSameOrderAgainAsksNobodyAndChangesNoFile(seed: UInt64?) async throws {
        let fixture = try StoryFixture()
        let order = RunOrder(count: 3, seed: seed)
        let first = try await fixture.run(order).report
        let before = try fixture.files()
        let session = try fixture.session()
        let second = await session.run(order)
        let figures = try await session.status().cache.session
        await session.close()
        #expect(second.state == .done && second.tokens == 0)
        #expect(second.requests == first.requests && second.hits == second.requests)
        #expect(second.artifacts == first.artifacts)
        #expect(try fixture.files() == before)
        #expect(figures.savedTokens == first.tokens)
        #expect(figures.hits == second.requests && figures.misses == 0 && figures.hitRate == 1)
    }

    @Test func freshRunAsksAgainAndCountsAsBypassed() async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(RunOrder(count: 2)).report
        let before = try fixture.files()
        let session = try fixture.session()
        let fresh = await session.run(RunOrder(count: 2, isFresh: true))
        let figures = try await session.status().cache.session
        await session.close()
        #expect(fresh.hits == 0 && fresh.tokens == first.tokens && fresh.artifacts == first.artifacts)
        #expect(figures.bypassed == fresh.requests && figures.misses == 0 && figures.hitRate == nil)
        #expect(try fixture.files() == before)
    }

    @Test(arguments: [RunOrder(count: 2, seed: 7, take: 2), RunOrder(count: 2, seed: 8), RunOrder(count: 2)])
    func anotherTakeOrSeedWritesArtifactsOfItsOwn(order: RunOrder) async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(RunOrder(count: 2, seed: 7)).report
        let other = try await fixture.run(order).report
        #expect(other.hits == 0 && other.artifacts.count == first.artifacts.count)
        #expect(Set(other.artifacts.map(\.id)).isDisjoint(with: first.artifacts.map(\.id)))
        #expect(try fixture.artifacts("scene").count == 4)
    }

    @Test func oneRolesStepsRunOnWhatTheEarlierRunLeft() async throws {
        let fixture = try StoryFixture()
        let whole = try await fixture.run(RunOrder(count: 3, seed: 7)).report
        let again = try await fixture.run(RunOrder(count: 3, seed: 7, role: .sceneSmith))
        #expect(again.events.steps == ["draft_scenes"])
        #expect(again.report.state == .done)
        #expect(again.report.artifacts == whole.artifacts.filter { $0.type == "scene" })
        // One consulted role and three scenes: the same questions as before, so that all of them are hits.
        #expect(again.report.requests == 4 && again.report.hits == 4)
    }

    @Test func oneRolesStepsHaveNothingToReadBeforeTheFirstRun() async throws {
        let report = try await StoryFixture().run(RunOrder(role: .sceneSmith)).report
        #expect(report.hasBegun && report.state == .failed && report.requests == 0)
        #expect(report.error?.kind == .nothingToRead)
        #expect(report.error?.message.contains("--role") == true)
    }

    @Test func consultedRolesAreAskedFirstInRequestsOfTheirOwn() async throws {
        let run = try await StoryFixture().run(RunOrder(count: 2))
        let asked = run.events.compactMap { event -> String? in
            guard case .requestStarted(_, let role, _, _, let step, let isConsultation) = event else { return nil }
            return "\(step) \(role.rawValue)\(isConsultation ? "?" : "")"
        }
        #expect(
            asked == [
                "generate_hooks lore_weaver?", "generate_hooks plotwright",
                "create_topology lore_weaver?", "create_topology style_lead?", "create_topology plotwright",
                "create_tu_brief gatekeeper?", "create_tu_brief plotwright",
                "create_section_briefs style_lead?", "create_section_briefs codex_curator?",
                "create_section_briefs plotwright",
                "draft_scenes style_lead?", "draft_scenes scene_smith", "draft_scenes scene_smith",
                "pre_gate_check gatekeeper",
            ])
        #expect(run.events.answers.count == asked.count && run.report.requests == asked.count)
    }

    @Test func callsAreCountedForTheRoleThatWasAsked() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        let report = await session.run(RunOrder(count: 2))
        let rows = try await session.status().roles.filter { $0.calls > 0 }
        await session.close()
        let calls = Dictionary(uniqueKeysWithValues: rows.map { ($0.role, $0.calls) })
        let expected: [RoleName: Int] = [
            .plotwright: 4, .styleLead: 3, .loreWeaver: 2, .gatekeeper: 2, .sceneSmith: 2, .codexCurator: 1,
        ]
        #expect(calls == expected)
        #expect(calls.values.reduce(0, +) == report.requests)
    }

    @Test func everyEventIsInTheJournalInItsOrder() async throws {
        let fixture = try StoryFixture()
        let run = try await fixture.run(RunOrder(count: 2))
        let ledger = Ledger(path: fixture.workspace.paths.ledger, time: fixture.time)
        let journal = try ledger.journal(of: run.session, last: 1_000_000).map(\.event)
        #expect(journal.gathered == run.events.gathered)
        #expect(run.events.count > journal.count, "pieces of text are gathered")
        guard case .runStarted(let started, "story_spark", let steps, _, nil, _)? = journal.first,
            case .runFinished(let finished, "story_spark", .done, nil)? = journal.last
        else {
            Issue.record("the journal begins with \(journal.prefix(1)) and ends with \(journal.suffix(1))")
            return
        }
        #expect(started == run.report.run && finished == run.report.run)
        #expect(steps == run.events.steps && steps.count == 6)
    }

    @Test func piecesOfAnAnswerMakeTheWholeOfIt() async throws {
        let events = try await StoryFixture().run(RunOrder(count: 2)).events
        var streamed: [ULID: String] = [:]
        var answers = 0
        for event in events {
            if case .textDelta(let request, let text) = event { streamed[request, default: ""] += text }
            guard case .requestAnswered(let request, _, let text) = event else { continue }
            #expect(streamed[request] == text)
            answers += 1
        }
        #expect(answers == 14)
    }

    @Test func textThatAPersonHasChangedStaysAsItIs() async throws {
        let asked = Recorder<String>()
        let server = try await FakeOpenAIServer.start { request in
            guard request.asked("form") == "scene" else { return request.story }
            asked.append(request.prompt)
            let scene: JSONValue = ["text": JSONValue("Text \(asked.count)."), "choices": []]
            return .answer(scene.text())
        }
        let fixture = try StoryFixture(server)
        let first = try await fixture.run(RunOrder(count: 1)).report
        let scene = try #require(first.artifacts.first { $0.type == "scene" })
        let path = "\(fixture.workspace.root)/\(scene.path)"
        let written = try String(contentsOfFile: path, encoding: .utf8)
        let edited = written.replacing("Text ", with: "My own text ")
        #expect(edited != written)
        try edited.write(toFile: path, atomically: true, encoding: .utf8)
        let second = try await fixture.run(RunOrder(count: 1, isFresh: true))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == edited)
        #expect(second.report.state == .done)
        let notices = second.events.notices(ofErrors: false)
        #expect(notices.contains { $0.hasPrefix("\(scene.id) was changed outside this program") })
    }
}
