import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing
import Workspace

/// Roles whose provider fails and who have others to fall back on.
@Suite(.timeLimit(.minutes(10))) struct FallbackTests {
    private func fixture(
        _ mine: FakeOpenAIServer, _ other: FakeOpenAIServer, key: String = "local", fallback: String = "[other]"
    ) throws -> StoryFixture {
        let yaml = """
            providers:
              text:
                default: mine
                mine:
                  type: openai
                  base_url: "\(mine.baseURL.absoluteString)"
                  model: model-a
                  api_key: \(key)
                other:
                  type: openai
                  base_url: "\(other.baseURL.absoluteString)"
                  model: model-b
                keyless: {type: anthropic, base_url: "\(other.baseURL.absoluteString)", api_key: "${NO_SUCH_KEY}"}
            roles:
              scene_smith: {model: special-a, temperature: 0.7, fallback: \(fallback)}
            retry: {max_retries: 0}
            """
        return try StoryFixture(yaml, servers: [mine, other])
    }

    /// A server that fails whenever it is asked for a scene.
    private func failing() async throws -> FakeOpenAIServer {
        try await FakeOpenAIServer.start { request in
            request.asked("form") == "scene" ? .error(status: 503, message: "Busy") : request.story
        }
    }

    private func lines(_ events: [SessionEvent]) -> [String] {
        events.compactMap { event in
            guard case .requestFellBack(_, let role, let provider, let reason, _, let next, let model, _) = event else {
                return nil
            }
            return "\(role.rawValue): \(provider) \(reason), \(next) asked instead for \(model)"
        }
    }

    @Test func fallbackIsAskedWithItsOwnModelAndTheRolesTemperature() async throws {
        let (mine, other) = (try await failing(), try await FakeOpenAIServer.start())
        let fixture = try fixture(mine, other)
        let run = try await fixture.run(RunOrder(count: 2))
        #expect(run.report.state == .done)
        #expect(other.requests.map(\.model) == ["model-b", "model-b"])
        #expect(other.requests.allSatisfy { $0.body["temperature"]?.double == 0.7 })
        #expect(!mine.requests.contains { $0.model == "model-b" })
        let scenes = run.events.answers.filter { $0.role == .sceneSmith }
        #expect(scenes.map(\.provider) == ["other", "other"] && scenes.map(\.model) == ["model-b", "model-b"])
        let line = "scene_smith: mine failed (503), other asked instead for model-b"
        #expect(lines(run.events) == [line, line])
        let provenance = try fixture.artifacts("scene").map { $0.metadata["provenance"]?["model"]?.string }
        #expect(provenance == ["model-b", "model-b"])
    }

    @Test func switchEndsTheInheritanceOfTheList() async throws {
        let (mine, other) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let fixture = try fixture(mine, other)
        let session = try fixture.session()
        try await session.switchRole(.sceneSmith, to: "keyless")
        await session.close()
        let refused = try await fixture.run(RunOrder(count: 1))
        #expect(refused.report.error?.kind == .configuration && mine.served + other.served == 0)
    }

    @Test func everyRoleMayHaveItsList() async throws {
        let (mine, other) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let yaml = """
            providers:
              text:
                default: keyless
                keyless:
                  type: anthropic
                  base_url: "\(mine.baseURL.absoluteString)"
                  api_key: "${NO_SUCH_KEY}"
                  fallback: other
                other: {type: openai, base_url: "\(other.baseURL.absoluteString)", model: model-b}
            """
        let fixture = try StoryFixture(yaml, servers: [mine, other])
        let run = try await fixture.run(RunOrder(count: 1))
        #expect(run.report.state == .done && mine.served == 0 && other.served == run.report.requests)
        #expect(Set(run.events.answers.map(\.provider)) == ["other"])
        #expect(lines(run.events).first?.contains("keyless cannot be asked, other asked instead") == true)
    }

    @Test func listThatIsUsedUpEndsTheRunWithAllThatHappened() async throws {
        let (mine, other) = (try await failing(), try await failing())
        let run = try await fixture(mine, other, fallback: "[other, keyless]").run(RunOrder(count: 1))
        #expect(run.report.error?.kind == .provider)
        let message = try #require(run.report.error?.message)
        #expect(message.contains("other: ") && message.contains("before it, mine failed (503)"))
        #expect(message.contains("keyless cannot be asked") && message.contains("NO_SUCH_KEY"))
    }

    @Test func twoRolesOnTwoProvidersHaveTheirOwnRowsInTheBooks() async throws {
        let (mine, other) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let fixture = try fixture(mine, other)
        let session = try fixture.session()
        try await session.switchRole(.sceneSmith, to: "other")
        _ = await session.run(RunOrder(count: 2))
        let tallies = try await session.status().tallies.session
        await session.close()
        let pairs = Set(tallies.map { "\($0.role) \($0.provider) \($0.model)" })
        #expect(pairs.contains("scene_smith other model-b") && pairs.contains("plotwright mine model-a"))
        #expect(pairs.allSatisfy { $0.hasPrefix("scene_smith") == $0.hasSuffix("other model-b") })
    }
}
