public import Core
import Foundation
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualTime: TimeSource {
    private struct Sleeper {
        var id: Int
        var wakesAt: Int64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var moment: Moment
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var nextID = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    public let bootID: String
    private let state: Mutex<State>

    /// Starts at noon of 24 November 2026, UTC, one hour after the machine's start.
    public init(wall: Int64 = 1_795_521_600_000_000, sinceBoot: Int64 = 3_600_000_000, bootID: String = "boot-1") {
        self.bootID = bootID
        state = Mutex(State(moment: Moment(wall: wall, sinceBoot: sinceBoot)))
    }

    public func now() -> Moment { state.withLock { $0.moment } }

    /// Moves both clocks on and wakes those whose time has come.
    public func advance(seconds: Double) {
        let step = Int64(seconds * 1_000_000)
        let due = state.withLock { state in
            state.moment.wall += step
            state.moment.sinceBoot += step
            let now = state.moment.sinceBoot
            let due = state.sleepers.filter { $0.wakesAt <= now }
            state.sleepers.removeAll { $0.wakesAt <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Sets the wall clock alone, as a person or a time server does.
    public func setWall(_ wall: Int64) { state.withLock { $0.moment.wall = wall } }

    /// Returns as soon as that many tasks sleep on this clock.
    public func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    public func sleep(microseconds: Int64) async throws {
        guard microseconds > 0 else { return try Task.checkCancellation() }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(id: id, for: microseconds, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func add(id: Int, for microseconds: Int64, _ continuation: CheckedContinuation<Void, any Error>) {
        let (isCancelled, reached) = state.withLock { state in
            if state.cancelled.remove(id) != nil { return (true, [CheckedContinuation<Void, Never>]()) }
            state.sleepers.append(
                Sleeper(id: id, wakesAt: state.moment.sinceBoot + microseconds, continuation: continuation))
            let count = state.sleepers.count
            let reached = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (false, reached)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        for watcher in reached { watcher.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
