import Synchronization

/// Brings events from any task to the one thread that draws, and wakes it.
final class EventQueue: Sendable {
    private struct State {
        var events: [DashboardEvent] = []
        var wake: (@Sendable () -> Void)?
        var isGathering = false
    }

    private let state = Mutex(State())

    func push(_ event: DashboardEvent) {
        let wake = state.withLock { state in
            state.events.append(event)
            // Whoever takes the first takes the others with it.
            return state.events.count == 1 && !state.isGathering ? state.wake : nil
        }
        wake?()
    }

    /// Sets whether events gather: then they wake nobody, and whoever let them gather looks by itself, or wakes up when
    /// they no longer do.
    func gather(_ isGathering: Bool) {
        let wake = state.withLock { state in
            state.isGathering = isGathering
            return isGathering || state.events.isEmpty ? nil : state.wake
        }
        wake?()
    }

    /// Everything that has come since the last time, in order.
    func take() -> [DashboardEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    /// Sets what is called when an event comes; at once when there are some already.
    func onEvent(_ wake: @escaping @Sendable () -> Void) {
        let isWaiting = state.withLock { state in
            state.wake = wake
            return !state.events.isEmpty
        }
        if isWaiting { wake() }
    }
}
