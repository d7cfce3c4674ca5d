import Synchronization

/// A failure of work that somebody else did.
struct SharedFailure: Error {
    var cause: any Error
}

/// Lets identical work that is under way at the same time be done once.
///
/// The first to come leads; the others wait for its result. A failure reaches all of them and is not kept. A leader
/// that is cancelled hands over to the next waiter.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Outcome: Sendable {
        case value(Value)
        case failure(any Error)
        case lead
        case cancelled
    }

    private struct Waiter {
        var id: Int
        var continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var next = 0
        var flights: [Key: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    /// Returns the result of `work`, which is done by one of those who ask for the same key, and whether it was
    /// somebody else's. Throws what the work threw, as a ``SharedFailure`` when it was somebody else's, or
    /// `CancellationError` when this task is cancelled. `onJoin` is told when somebody else does the work already.
    func run(
        _ key: Key, onJoin: () -> Void = {}, _ work: () async throws -> Value
    ) async throws -> (value: Value, isShared: Bool) {
        switch await join(key, onJoin) {
        case .value(let value): return (value, true)
        case .failure(let error): throw SharedFailure(cause: error)
        case .cancelled: throw CancellationError()
        case .lead: break
        }
        do {
            let value = try await work()
            land(key, .value(value))
            return (value, false)
        } catch {
            if Task.isCancelled { handOver(key) } else { land(key, .failure(error)) }
            throw error
        }
    }

    /// Takes the lead where nobody has it; returns nil when somebody else does the work, for whom `waiter` then waits.
    private func enter(_ key: Key, as waiter: Waiter? = nil) -> Outcome? {
        state.withLock { state in
            if Task.isCancelled { return .cancelled }
            guard let waiters = state.flights[key] else {
                state.flights[key] = []
                return .lead
            }
            if let waiter { state.flights[key] = waiters + [waiter] }
            return nil
        }
    }

    private func join(_ key: Key, _ onJoin: () -> Void) async -> Outcome {
        if let outcome = enter(key) { return outcome }
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = enter(key, as: Waiter(id: id, continuation: continuation))
                if let outcome { continuation.resume(returning: outcome) } else { onJoin() }
            }
        } onCancel: {
            leave(key, id)
        }
    }

    private func leave(_ key: Key, _ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.flights[key]?.firstIndex(where: { $0.id == id }) else { return nil }
            return state.flights[key]?.remove(at: index)
        }
        waiter?.continuation.resume(returning: .cancelled)
    }

    private func land(_ key: Key, _ outcome: Outcome) {
        let waiters = state.withLock { $0.flights.removeValue(forKey: key) ?? [] }
        for waiter in waiters { waiter.continuation.resume(returning: outcome) }
    }

    private func handOver(_ key: Key) {
        let next = state.withLock { state -> Waiter? in
            guard var waiters = state.flights[key], !waiters.isEmpty else {
                state.flights[key] = nil
                return nil
            }
            let first = waiters.removeFirst()
            state.flights[key] = waiters
            return first
        }
        next?.continuation.resume(returning: .lead)
    }
}
