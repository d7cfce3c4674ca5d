import Configuration
import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing
import Workspace

/// A role that reaches its provider in a way of its own.
@Suite(.timeLimit(.minutes(10))) struct RoleProviderTests {
    private func yaml(_ mine: FakeOpenAIServer, _ own: FakeOpenAIServer, fallback: String = "[]") -> String {
        """
        providers:
          text:
            default: mine
            mine:
              type: openai
              base_url: "\(mine.baseURL.absoluteString)"
              api_key: "${MY_KEY}"
              model: model-a
            other: { type: openai, base_url: "\(mine.baseURL.absoluteString)", model: model-b }
        roles:
          scene_smith:
            base_url: "\(own.baseURL.absoluteString)"
            api_key: "${OWN_KEY}"
            top_k: 5
            fallback: \(fallback)
        retry: { max_retries: 0 }
        """
    }

    private let variables = ["MY_KEY": "sk-mine", "OWN_KEY": "sk-own"]

    private func scenes(_ server: FakeOpenAIServer) -> [FakeTextServer.Request] {
        server.requests.filter { $0.asked("form") == "scene" }
    }

    @Test func itsRequestsGoToItsOwnServerWithItsOwnKey() async throws {
        let (mine, own) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let fixture = try StoryFixture(yaml(mine, own), servers: [mine, own])
        let session = try fixture.session(variables: variables)
        let report = await session.run(RunOrder(count: 2))
        let tallies = try await session.status().tallies.session
        await session.close()
        #expect(report.state == .done)
        #expect(scenes(own).count == 2 && own.served == 2 && scenes(mine).isEmpty && mine.served > 0)
        #expect(own.requests.allSatisfy { $0.headers["authorization"] == "Bearer sk-own" })
        #expect(own.requests.allSatisfy { $0.body["top_k"]?.int == 5 && $0.model == "model-a" })
        #expect(mine.requests.allSatisfy { $0.headers["authorization"] == "Bearer sk-mine" })
        #expect(mine.requests.allSatisfy { $0.body["top_k"] == nil })
        // In the books it is the provider that it is by name.
        #expect(Set(tallies.map(\.provider)) == ["mine"])
    }

    @Test func anotherServersAnswerIsNotTakenFromTheCache() async throws {
        let (mine, own) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let fixture = try StoryFixture(yaml(mine, own), servers: [mine, own])
        for _ in 0..<2 {
            let session = try fixture.session(variables: variables)
            _ = await session.run(RunOrder(count: 1, seed: 1))
            await session.close()
        }
        #expect(scenes(own).count == 1)
        let text = yaml(mine, own).replacing(
            "    base_url: \"\(own.baseURL.absoluteString)\"\n    api", with: "    api")
        var configuration = try #require(Configuration.load(yaml: text, environment: variables).configuration)
        configuration.trust = .everything
        let session = try Session.open(
            fixture.workspace, configuration: configuration,
            environment: Session.Environment(time: fixture.time, variables: variables))
        _ = await session.run(RunOrder(count: 1, seed: 1))
        await session.close()
        #expect(scenes(own).count == 1 && scenes(mine).count == 1)
    }

    @Test func fallbackAndAnotherProviderAreReachedAsTheyAre() async throws {
        let mine = try await FakeOpenAIServer.start()
        let own = try await FakeOpenAIServer.start { _ in .error(status: 503, message: "Busy") }
        let fixture = try StoryFixture(yaml(mine, own, fallback: "[other]"), servers: [mine, own])
        let session = try fixture.session(variables: variables)
        let report = await session.run(RunOrder(count: 1))
        #expect(report.state == .done && own.served == 1)
        let scene = try #require(scenes(mine).first)
        #expect(scene.model == "model-b" && scene.headers["authorization"] == nil && scene.body["top_k"]?.int == 5)
        try await session.switchRole(.sceneSmith, to: "other")
        let choices = try await session.providerChoices(for: .sceneSmith, kind: .text).all
        #expect(choices.map(\.name) == ["embedded", "mine", "other"])
        #expect(choices[1].key == "set (OWN_KEY)" && choices[2].key == nil)
        _ = await session.run(RunOrder(count: 1, isFresh: true))
        #expect(own.served == 1 && scenes(mine).count == 2)
        await session.close()
    }

    @Test func itsServerThatCannotBeReachedConcernsItAlone() async throws {
        let (mine, own) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let text = yaml(mine, own).replacing(
            own.baseURL.absoluteString, with: "http://127.0.0.1:\(try RawServer.closedPort())/v1")
        let session = try StoryFixture(text, servers: [mine, own]).session(variables: variables)
        try await session.lookAtProvidersInUse()
        let rows = try await session.status().roles.filter { $0.provider == "mine" }
        #expect(rows.filter { $0.state == .notReachable }.map(\.role) == [.sceneSmith])
        #expect(try await session.offer(of: "mine", for: .gatekeeper, kind: .text).health.state == .good)
        #expect(try await session.offer(of: "mine", for: .sceneSmith, kind: .text).health.state == .notReachable)
    }

    @Test func anUntrustedServerGetsNoRequestAndNoKey() async throws {
        let (mine, own) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let fixture = try StoryFixture(yaml(mine, own), servers: [mine, own])
        var configuration = try #require(Configuration.load(yaml: fixture.yaml, environment: variables).configuration)
        configuration.trust = .lines([TrustLine(variable: "MY_KEY", host: "127.0.0.1")])
        let session = try Session.open(
            fixture.workspace, configuration: configuration,
            environment: Session.Environment(time: fixture.time, variables: variables))
        let report = await session.run(RunOrder(count: 1))
        await session.close()
        #expect(report.error?.message.contains("OWN_KEY to 127.0.0.1") == true)
        #expect(own.served == 0)
    }
}
