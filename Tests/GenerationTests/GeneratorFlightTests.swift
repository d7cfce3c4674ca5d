import Core
import Metering
import Providers
import TestKit
import Testing

@testable import Generation

/// Identical requests that are under way at the same time.
@Suite(.timeLimit(.minutes(10))) struct GeneratorFlightTests {
    let fixture: GenerationFixture
    let turns = TurnTaking()

    init() throws { fixture = try GenerationFixture() }

    private func start(isFresh: Bool = false) -> Task<Generated, any Error> {
        Task(executorPreference: turns) { try await fixture.generate(fixture.request(isFresh: isFresh)) }
    }

    private func startFailing() -> Task<GenerationError?, Never> {
        Task(executorPreference: turns) { await fixture.failure(of: fixture.request()) }
    }

    @Test func identicalRequestsUnderWayMakeOneCall() async throws {
        let release = Signal()
        fixture.provider.whileCalled { _ in await release.wait() }
        let tasks = (0..<5).map { _ in start() }
        await turns.settle()
        release.fire()
        var records: [AnswerRecord] = []
        for task in tasks { records.append(try await task.value.record) }
        #expect(fixture.provider.calls.count == 1)
        #expect(records.map(\.source) == [.provider, .shared, .shared, .shared, .shared])
        for record in records.dropFirst() {
            #expect(record.cost == .zero && record.savedCost.dollars == "0.000444" && record.savedTokens == 74)
        }
        let lookups = try fixture.lookups()
        #expect(lookups.misses == 1 && lookups.hits == 4 && lookups.shared == 4)
        #expect(lookups.savedCost.dollars == "0.001776")
        #expect(try fixture.rows().count { $0.source == "shared" && $0.cost == .zero } == 4)
    }

    @Test func cancelledLeaderHandsOverToTheNextWaiter() async throws {
        let never = Signal()
        fixture.provider.whileCalled { number in if number == 1 { await never.wait() } }
        let leader = startFailing()
        await turns.settle()
        let waiters = (0..<3).map { _ in start() }
        await turns.settle()
        #expect(fixture.provider.calls.count == 1)
        leader.cancel()
        #expect(await leader.value?.isCancelled == true)
        var sources: [AnswerSource] = []
        for waiter in waiters { sources.append(try await waiter.value.record.source) }
        #expect(sources == [.provider, .shared, .shared])
        #expect(fixture.provider.calls.count == 2)
        #expect(try fixture.openAttempts().isEmpty)
        #expect(try fixture.rows().count { $0.outcome == "cancelled" } == 1)
    }

    @Test func cancelledWaiterDoesNotDisturbTheOthers() async throws {
        let release = Signal()
        fixture.provider.whileCalled { _ in await release.wait() }
        let leader = start()
        let impatient = startFailing()
        let patient = start()
        await turns.settle()
        impatient.cancel()
        #expect(await impatient.value?.isCancelled == true)
        release.fire()
        #expect(try await leader.value.record.source == .provider)
        #expect(try await patient.value.record.source == .shared)
        #expect(fixture.provider.calls.count == 1)
    }

    private func failTogether() async -> [GenerationError?] {
        let release = Signal()
        fixture.provider.whileCalled { number in if number == 1 { await release.wait() } }
        fixture.provider.answers { number in
            number == 1 ? .failure(.scripted(.interrupted, billing: .worstCase)) : .success(.saying("At last."))
        }
        let tasks = (0..<4).map { _ in startFailing() }
        await turns.settle()
        release.fire()
        var errors: [GenerationError?] = []
        for task in tasks { errors.append(await task.value) }
        return errors
    }

    @Test func failureReachesAllWaitersAndIsNotKept() async throws {
        let errors = await failTogether()
        #expect(errors.count == 4 && errors.allSatisfy { $0?.providerError?.kind == .interrupted })
        #expect(fixture.provider.calls.count == 1)
        #expect(try await fixture.generate(fixture.request()).answer.text == "At last.")
    }

    @Test func failureThatWaitersShareIsChargedOnce() async throws {
        _ = await failTogether()
        let charged = fixture.events.elements.compactMap(\.charged).reduce(Money.zero, +)
        #expect(try fixture.rows().compactMap(\.cost).reduce(Money.zero, +) == charged)
        #expect(charged.dollars == "0.000852")
    }

    @Test func freshRequestDoesNotShareAnAnswerThatWasAskedForBefore() async throws {
        let release = Signal()
        fixture.provider.whileCalled { number in if number == 1 { await release.wait() } }
        let plain = start()
        await turns.settle()
        #expect(try await start(isFresh: true).value.record.source == .provider)
        release.fire()
        #expect(try await plain.value.record.source == .provider)
        #expect(fixture.provider.calls.count == 2)
    }

    @Test func rejectedAnswerIsSharedWithItsRejection() async throws {
        let release = Signal()
        fixture.provider.whileCalled { _ in await release.wait() }
        let tasks = (0..<2).map { _ in
            Task(executorPreference: turns) { try await fixture.generate(fixture.request { _ in "prose" }) }
        }
        await turns.settle()
        release.fire()
        for task in tasks { #expect(try await task.value.rejection == "prose") }
        #expect(fixture.provider.calls.count == 1)
        #expect(!fixture.isCached(fixture.request()))
    }
}
