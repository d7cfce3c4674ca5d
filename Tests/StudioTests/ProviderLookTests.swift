import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing

/// What sessions tell of providers without spending anything.
@Suite(.timeLimit(.minutes(10))) struct ProviderLookTests {
    private func yaml(_ address: String) -> String {
        """
        providers:
          text:
            default: mine
            mine: { type: openai, base_url: "\(address)", model: model-a }
        """
    }

    private func row(_ session: Session) async throws -> Status.RoleRow {
        try #require(try await session.status().roles.first { $0.role == .sceneSmith && $0.kind == .text })
    }

    @Test func offerListsTheServersModelsWithTheirPrices() async throws {
        let server = try await FakeOpenAIServer.start(listing: { _ in .models(["test-model", "other"]) })
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let before = try fixture.inventory()
        let offer = try await session.offer(of: "my_server", for: .sceneSmith, kind: .text)
        #expect(offer.health.state == .good && offer.health.models == ["test-model", "other"])
        #expect(offer.health.latencyMicroseconds != nil && offer.health.problem == nil)
        #expect(offer.quotes.map(\.model) == ["test-model", "other"])
        #expect(offer.quotes[0].price?.tokens.input == TestPrice.input)
        // What runs on this machine and has no price of its own is free.
        #expect(offer.quotes[1].requestCost == .zero)
        #expect(server.served == 0 && server.looks.count == 1)
        #expect(try fixture.inventory() == before)
    }

    @Test func requestIsTheMeanOfTheRolesCalls() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let unknown = try await session.providerChoices(for: .sceneSmith, kind: .text)
        #expect(unknown.request.calls == 0 && unknown.request.outputTokens == 2_048)
        #expect(unknown.request.inputTokens > 1_000)
        let most = TestPrice.input * unknown.request.inputTokens + TestPrice.output * 2_048
        #expect(unknown.all.last?.model?.requestCost == most)

        let scenes = Recorder<AnswerRecord>()
        let records = session.events()
        _ = await session.run(RunOrder(count: 2))
        let known = try await session.providerChoices(for: .sceneSmith, kind: .text)
        await session.close()
        for await record in records {
            if case .requestAnswered(_, let answer, _) = record.event, answer.role == .sceneSmith {
                scenes.append(answer)
            }
        }
        let calls = scenes.elements
        #expect(calls.count == 2 && known.request.calls == 2)
        let input = (calls.reduce(0) { $0 + $1.usage.inputTokens } + 1) / 2
        let output = (calls.reduce(0) { $0 + $1.usage.outputTokens } + 1) / 2
        #expect(known.request.inputTokens == input && known.request.outputTokens == output)
        #expect(known.all.last?.model?.requestCost == TestPrice.input * input + TestPrice.output * output)
        #expect(known.all.last?.latencyMilliseconds != nil && known.all.first?.latencyMilliseconds == nil)
    }

    @Test func rolesOfAProviderThatCannotBeReachedSaySo() async throws {
        let fixture = try StoryFixture(yaml("http://127.0.0.1:\(try RawServer.closedPort())/v1"))
        let session = try fixture.session()
        #expect(try await row(session).state == .idle)
        try await session.lookAtProvidersInUse()
        let row = try await row(session)
        #expect(row.state == .notReachable && row.problem?.contains("nobody answers at 127.0.0.1") == true)
        #expect(!fixture.hasLedger)
        try await session.switchRole(.sceneSmith, to: "embedded")
        #expect(try await self.row(session).state == .idle)
    }

    @Test func aProviderThatAnswersAgainIsReachable() async throws {
        let isBack = Recorder<Bool>()
        let server = try await FakeOpenAIServer.start(listing: { _ in
            isBack.count > 0 ? .models(["model-a"]) : .raw(status: 302, headers: ["Location": "/elsewhere"], body: [])
        })
        let fixture = try StoryFixture(yaml(server.baseURL.absoluteString), servers: [server])
        let session = try fixture.session()
        #expect(try await session.lookAtProvider("mine", kind: .text).state == .failed)
        isBack.append(true)
        #expect(try await session.lookAtProvider("mine", kind: .text).state == .good)
        #expect(try await row(session).problem == nil)
    }

    @Test func strangeHostsAreNotAskedUnbidden() async throws {
        let fixture = try StoryFixture(yaml("http://strange.invalid/v1"))
        let session = try fixture.session()
        try await session.lookAtProvidersInUse()
        #expect(try await row(session).state == .idle)
        #expect(try await session.lookAtProvider("mine", kind: .text).state == .notReachable)
    }

    @Test func aFailureIsToldUntilAnAnswerComes() async throws {
        let isBroken = Recorder<Bool>()
        let server = try await FakeOpenAIServer.start { request in
            isBroken.elements.isEmpty ? .error(status: 400, message: "too hot today") : request.story
        }
        let fixture = try StoryFixture(yaml(server.baseURL.absoluteString), servers: [server])
        let session = try fixture.session()
        let report = await session.run(RunOrder(count: 1))
        #expect(report.error != nil)
        let failed = try await session.providerChoices(for: .sceneSmith, kind: .text)
        #expect(failed.all.last?.lastError?.contains("too hot today") == true)
        isBroken.append(false)
        _ = await session.run(RunOrder(count: 1))
        #expect(try await session.providerChoices(for: .sceneSmith, kind: .text).all.last?.lastError == nil)
        await session.close()
    }

    @Test func keysAndHostsAreNamedAndNothingOfTheKey() async throws {
        let yaml = """
            providers:
              text:
                default: openai
                openai: { api_key: "${OPENAI_API_KEY}", model: gpt-4o }
                anthropic: { api_key: "${ANTHROPIC_API_KEY}" }
            """
        let fixture = try StoryFixture(yaml)
        let session = try fixture.session(variables: ["OPENAI_API_KEY": "sk-secret-1"])
        let choices = try await session.providerChoices(for: .sceneSmith, kind: .text).all
        #expect(choices.map(\.name) == ["embedded", "openai", "anthropic"])
        #expect(choices.map(\.host) == [nil, "api.openai.com", nil])
        #expect(choices[1].key == "set (OPENAI_API_KEY)" && choices[2].problem == "no key: set ANTHROPIC_API_KEY")
        #expect(!String(reflecting: choices).contains("sk-secret-1"))
        #expect(choices[1].model?.price?.tokens.input.dollars == "0.0000025")
    }
}
