import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing

/// Switching roles to other providers while they work.
@Suite(.timeLimit(.minutes(10))) struct SwitchingTests {
    /// Two fake servers; the scene smith has a model of its own on the first.
    private func yaml(mine: FakeOpenAIServer, other: FakeOpenAIServer) -> String {
        """
        providers:
          text:
            default: mine
            mine:
              type: openai
              base_url: "\(mine.baseURL.absoluteString)"
              model: model-a
            other:
              type: openai
              base_url: "\(other.baseURL.absoluteString)"
              model: model-b
            claude:
              type: bedrock
              region: us-east-1
              model: "anthropic.claude-sonnet-4-5-20250929-v1:0"
        roles:
          scene_smith:
            model: special-a
        """
    }

    private func row(_ session: Session, _ role: RoleName = .sceneSmith) async throws -> Status.RoleRow {
        try #require(try await session.status().roles.first { $0.role == role && $0.kind == .text })
    }

    /// A fixture with two servers; `onFirstScene` is called when the first of them is asked for its first scene.
    private func prepare(
        onFirstScene: @escaping @Sendable () async -> Void = {}
    ) async throws -> (fixture: StoryFixture, mine: FakeOpenAIServer, other: FakeOpenAIServer) {
        let other = try await FakeOpenAIServer.start()
        let asked = Recorder<String>()
        let mine = try await FakeOpenAIServer.start { request in
            if request.asked("form") == "scene" {
                asked.append(request.prompt)
                if asked.count == 1 { await onFirstScene() }
            }
            return request.story
        }
        return (try StoryFixture(yaml(mine: mine, other: other), servers: [mine, other]), mine, other)
    }

    @Test func switchInTheMiddleOfARunCountsFromTheNextRequest() async throws {
        let sessions = Recorder<Session>()
        let (fixture, mine, other) = try await prepare {
            guard let session = sessions.elements.first else { return }
            try? await session.switchRole(.sceneSmith, to: "other")
        }
        let session = try fixture.session()
        sessions.append(session)
        let records = session.events()
        let report = await session.run(RunOrder(count: 3))
        await session.close()
        #expect(report.state == .done)
        #expect(mine.requests.filter { $0.asked("form") == "scene" }.map(\.model) == ["special-a"])
        #expect(other.requests.map { $0.asked("section") } == ["s2", "s3"])
        // Neither server is ever asked for a model of the other's.
        #expect(Set(other.requests.compactMap(\.model)).sorted() == ["model-b"])
        #expect(Set(mine.requests.compactMap(\.model)).sorted() == ["model-a", "special-a"])
        var events: [SessionEvent] = []
        for await record in records { events.append(record.event) }
        #expect(events.contains(.roleSwitched(role: .sceneSmith, provider: "other", model: nil)))
        let scenes = events.answers.filter { $0.role == .sceneSmith }
        #expect(scenes.map(\.provider) == ["mine", "other", "other"])
        #expect(scenes.map(\.model) == ["special-a", "model-b", "model-b"])
    }

    @Test func switchOutlivesTheSessionUntilItIsReset() async throws {
        let (fixture, _, _) = try await prepare()
        let first = try fixture.session()
        #expect(try await row(first).provider == "mine")
        try await first.switchRole(.sceneSmith, to: "other")
        await first.close()
        let second = try fixture.session()
        let switched = try await row(second)
        #expect(switched.provider == "other" && switched.model == "model-b")
        #expect(switched.source == "override" && switched.isOverridden)
        try await second.resetRole(.sceneSmith)
        await second.close()
        let third = try await row(fixture.session())
        #expect(third.provider == "mine" && third.model == "special-a" && !third.isOverridden)
    }

    @Test func anotherOpenSessionNoticesTheSwitch() async throws {
        let (fixture, mine, other) = try await prepare()
        let one = try fixture.session()
        let two = try fixture.session()
        try await one.switchRole(.sceneSmith, to: "other")
        #expect(try await row(two).provider == "other")
        let report = await two.run(RunOrder(count: 2))
        await two.close()
        #expect(report.state == .done && other.served == 2)
        #expect(!mine.requests.contains { $0.asked("form") == "scene" })
    }

    @Test func namedModelIsTheOneThatIsAsked() async throws {
        let (fixture, _, other) = try await prepare()
        let session = try fixture.session()
        try await session.switchRole(.sceneSmith, to: "other", model: "model-c")
        #expect(try await row(session).model == "model-c")
        _ = await session.run(RunOrder(count: 1))
        await session.close()
        #expect(other.requests.map(\.model) == ["model-c"])
    }

    @Test func switchChangesNoAnswerThatIsAlreadyKept() async throws {
        let (fixture, mine, other) = try await prepare()
        _ = try await fixture.run(RunOrder(count: 1))
        let session = try fixture.session()
        try await session.switchRole(.sceneSmith, to: "other")
        let served = mine.served
        let switched = await session.run(RunOrder(count: 1))
        try await session.resetRole(.sceneSmith)
        let back = await session.run(RunOrder(count: 1))
        let causes = try await session.status().cache.session.causes.mapValues(\.count)
        await session.close()
        // Only the scene is another provider's question; the gatecheck reads the same scene.
        #expect(other.served == 1 && mine.served == served)
        #expect(switched.hits == switched.requests - 1 && back.hits == back.requests)
        #expect(causes == ["changed": 1])
    }

    @Test func switchedDefaultCountsForRolesThatNameNoProvider() async throws {
        let (fixture, _, _) = try await prepare()
        let session = try fixture.session()
        try await session.switchRole(.gatekeeper, to: "embedded")
        try await session.switchDefault(.text, to: "other")
        #expect(try await row(session, .plotwright).provider == "other")
        #expect(try await row(session, .plotwright).model == "model-b")
        #expect(try await row(session, .gatekeeper).provider == "embedded")
        try await session.resetAllRoles()
        for role in [RoleName.plotwright, .gatekeeper] { #expect(try await row(session, role).provider == "mine") }
    }

    @Test func aRoleOfTwoKindsIsSwitchedForOneOfThem() async throws {
        let (fixture, _, _) = try await prepare()
        let session = try fixture.session()
        func providers() async throws -> [String] {
            try await session.status().roles.filter { $0.role == .illustrator }.map {
                "\($0.kind.rawValue) \($0.provider)"
            }
        }
        #expect(try await providers() == ["text mine", "image embedded"])
        try await session.switchRole(.illustrator, kind: .text, to: "other")
        #expect(try await providers() == ["text other", "image embedded"])
        try await session.switchRole(.illustrator, kind: .image, to: "dalle", model: "dall-e-2")
        #expect(try await providers() == ["text other", "image dalle"])
        try await session.switchRole(.illustrator, kind: .text, to: "embedded")
        #expect(try await providers() == ["text embedded", "image dalle"])
        try await session.switchRole(.illustrator, to: "embedded")
        #expect(try await providers() == ["text embedded", "image embedded"])
        await #expect(throws: RunError.self) { try await session.switchRole(.illustrator, kind: .image, to: "other") }
        await #expect(throws: RunError.self) { try await session.switchRole(.gatekeeper, kind: .image, to: "dalle") }
    }

    @Test func unknownProviderIsNamedWithTheKnownOnes() async throws {
        let (fixture, _, _) = try await prepare()
        let session = try fixture.session()
        let error = await #expect(throws: RunError.self) { try await session.switchRole(.sceneSmith, to: "nobody") }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains("embedded, mine, other, claude") == true)
        await #expect(throws: RunError.self) { try await session.switchDefault(.text, to: "nobody") }
        #expect(try await row(session).provider == "mine")
    }

    @Test func choicesShowModelPriceAndWhatIsMissing() async throws {
        let (fixture, _, _) = try await prepare()
        let session = try fixture.session()
        let choices = try await session.providerChoices(for: .sceneSmith, kind: .text).all
        #expect(choices.map(\.name) == ["embedded", "mine", "other", "claude"])
        #expect(
            choices.map(\.model?.model) == [
                "embedded", "special-a", "model-b", "anthropic.claude-sonnet-4-5-20250929-v1:0",
            ])
        #expect(choices.map(\.isCurrent) == [false, true, false, false])
        #expect(choices.map(\.isReady) == [true, true, true, false])
        #expect(choices.map { $0.model?.price?.tokens.input.dollars } == ["0", "0", "0", "0.000003"])
        #expect(choices.last?.problem == "no key: set AWS_ACCESS_KEY_ID")
    }
}
