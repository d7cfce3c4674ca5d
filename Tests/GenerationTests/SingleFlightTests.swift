import TestKit
import Testing

@testable import Generation

@Suite(.timeLimit(.minutes(10))) struct SingleFlightTests {
    private struct Landing: Hashable {
        var value: Int
        var isShared: Bool
    }

    private struct Fault: Error {}

    private let flights = SingleFlight<String, Int>()
    private let turns = TurnTaking()
    private let runs = Recorder<Int>()

    /// Asks for a key's value in a task of its own; `work` is noted in `runs` when it is done by this task.
    private func board(
        _ key: String = "key", returning value: Int = 0,
        _ work: @escaping @Sendable () async throws -> Void = {}
    ) -> Task<Landing, any Error> {
        Task(executorPreference: turns) {
            let landed = try await flights.run(key) {
                runs.append(value)
                try await work()
                return value
            }
            return Landing(value: landed.value, isShared: landed.isShared)
        }
    }

    private func landings(of tasks: [Task<Landing, any Error>]) async throws -> [Landing] {
        var landings: [Landing] = []
        for task in tasks { landings.append(try await task.value) }
        return landings
    }

    @Test func firstLeadsAndTheOthersShareItsResult() async throws {
        let release = Signal()
        let tasks = (1...4).map { number in board(returning: number) { await release.wait() } }
        await turns.settle()
        release.fire()
        let landings = try await landings(of: tasks)
        #expect(landings.map(\.isShared) == [false, true, true, true])
        #expect(landings.map(\.value) == [1, 1, 1, 1])
        #expect(runs.elements == [1])
    }

    @Test func otherKeysDoNotWait() async throws {
        let never = Signal()
        let held = board("held") {
            await never.wait()
            try Task.checkCancellation()
        }
        await turns.settle()
        #expect(try await board("free", returning: 2).value == Landing(value: 2, isShared: false))
        held.cancel()
        await #expect(throws: CancellationError.self) { _ = try await held.value }
    }

    @Test func landedResultIsNotKept() async throws {
        #expect(try await board(returning: 1).value == Landing(value: 1, isShared: false))
        #expect(try await board(returning: 2).value == Landing(value: 2, isShared: false))
    }

    @Test func failureReachesAllAndIsNotKept() async throws {
        let release = Signal()
        let tasks = (1...3).map { number in
            board(returning: number) {
                await release.wait()
                throw Fault()
            }
        }
        await turns.settle()
        release.fire()
        await #expect(throws: Fault.self) { _ = try await tasks[0].value }
        for task in tasks.dropFirst() {
            let shared = await #expect(throws: SharedFailure.self) { _ = try await task.value }
            #expect(shared?.cause is Fault)
        }
        #expect(runs.elements == [1])
        #expect(try await board(returning: 9).value == Landing(value: 9, isShared: false))
    }

    @Test func cancelledLeaderHandsOverToTheNextInLine() async throws {
        let never = Signal()
        let leader = board(returning: 1) {
            await never.wait()
            try Task.checkCancellation()
        }
        await turns.settle()
        let waiters = (2...4).map { board(returning: $0) }
        await turns.settle()
        #expect(runs.elements == [1])
        leader.cancel()
        await #expect(throws: CancellationError.self) { _ = try await leader.value }
        let landings = try await landings(of: waiters)
        #expect(landings.map(\.isShared) == [false, true, true])
        #expect(landings.map(\.value) == [2, 2, 2])
        #expect(runs.elements == [1, 2])
    }

    @Test func cancelledLeaderThatIsDoneAllTheSameLandsItsResult() async throws {
        let never = Signal()
        let leader = board(returning: 1) { await never.wait() }
        let waiter = board(returning: 2)
        await turns.settle()
        leader.cancel()
        #expect(try await leader.value == Landing(value: 1, isShared: false))
        #expect(try await waiter.value == Landing(value: 1, isShared: true))
    }

    @Test func cancelledWaiterLeavesAtOnceAndAlone() async throws {
        let release = Signal()
        let leader = board(returning: 1) { await release.wait() }
        let impatient = board(returning: 2)
        let patient = board(returning: 3)
        await turns.settle()
        impatient.cancel()
        await #expect(throws: CancellationError.self) { _ = try await impatient.value }
        release.fire()
        #expect(try await leader.value == Landing(value: 1, isShared: false))
        #expect(try await patient.value == Landing(value: 1, isShared: true))
    }

    @Test func cancelledLeaderWithoutWaitersLeavesNothingBehind() async throws {
        let never = Signal()
        let leader = board(returning: 1) {
            await never.wait()
            try Task.checkCancellation()
        }
        await turns.settle()
        leader.cancel()
        await #expect(throws: CancellationError.self) { _ = try await leader.value }
        #expect(try await board(returning: 2).value == Landing(value: 2, isShared: false))
    }

    @Test func taskThatIsAlreadyCancelledDoesNotLead() async throws {
        let never = Signal()
        let task = Task {
            await never.wait()
            return try await flights.run("key") {
                runs.append(1)
                return 1
            }.value
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(runs.elements.isEmpty)
        #expect(try await board(returning: 2).value == Landing(value: 2, isShared: false))
    }
}
