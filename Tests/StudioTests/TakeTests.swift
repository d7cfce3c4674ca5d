import Core
import Studio
import TestKit
import Testing
import Workspace

/// Other answers to the same questions.
@Suite(.timeLimit(.minutes(10))) struct TakeTests {
    private func take(of run: StoryFixture.Run, in fixture: StoryFixture) throws -> Set<Int> {
        Set(try run.report.artifacts.compactMap { try fixture.artifact($0.id).metadata["provenance"]?["take"]?.int })
    }

    @Test func nextTakeIsTheFirstThatNobodyMade() async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(RunOrder(count: 1, seed: 7, take: .next))
        #expect(try take(of: first, in: fixture) == [1])
        _ = try await fixture.run(RunOrder(count: 1, seed: 7, take: 3))
        let second = try await fixture.run(RunOrder(count: 1, seed: 7, take: .next))
        #expect(try take(of: second, in: fixture) == [2])
        #expect(second.report.hits == 0 && second.events.notices(ofErrors: false).contains("this is take 2"))
        let fourth = try await fixture.run(RunOrder(count: 1, seed: 7, take: .next))
        #expect(try take(of: fourth, in: fixture) == [4])
        // Another order has takes of its own.
        #expect(try take(of: try await fixture.run(RunOrder(count: 1, seed: 8, take: .next)), in: fixture) == [1])
        #expect(first.events.notices(ofErrors: false).isEmpty)
    }

    @Test func earlierTakesStayAsTheyAre() async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(RunOrder(count: 2, seed: 7)).report
        let before = try first.artifacts.map { try fixture.artifact($0.id).data }
        let second = try await fixture.run(RunOrder(count: 2, seed: 7, take: .next)).report
        #expect(Set(first.artifacts.map(\.id)).isDisjoint(with: second.artifacts.map(\.id)))
        #expect(try first.artifacts.map { try fixture.artifact($0.id).data } == before)
    }

    @Test func roleTakesItsOwnStepsAgainOnWhatTheFirstTakeLeft() async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(RunOrder(count: 2, seed: 7)).report
        let again = try await fixture.run(RunOrder(count: 2, seed: 7, take: .next, role: .sceneSmith))
        #expect(again.report.state == .done, "\(String(describing: again.report.error))")
        #expect(again.report.artifacts.map(\.type) == ["scene", "scene"] && again.report.hits == 0)
        #expect(Set(again.report.artifacts.map(\.id)).isDisjoint(with: first.artifacts.map(\.id)))
        #expect(try take(of: again, in: fixture) == [2])
        #expect(again.events.steps == ["draft_scenes"])
        let third = try await fixture.run(RunOrder(count: 2, seed: 7, take: .next, role: .sceneSmith))
        #expect(try take(of: third, in: fixture) == [3])
    }

    @Test func newTakeAndFreshRunAreToldApart() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        _ = try await fixture.run(RunOrder(count: 1))
        let session = try fixture.session()
        _ = await session.run(RunOrder(count: 1, take: .next))
        let taken = try await session.status().cache.session
        #expect((taken.causes["new_take"]?.count ?? 0) > 0 && taken.bypassed == 0)
        let fresh = await session.run(RunOrder(count: 1, isFresh: true))
        let bypassed = try await session.status().cache.session
        await session.close()
        #expect(bypassed.bypassed == fresh.requests && bypassed.misses == taken.misses)
    }
}
