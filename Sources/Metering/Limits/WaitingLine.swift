import Core
import Synchronization

/// The requests of a process that wait at the limits, in order of arrival: first those that are made again, which have
/// waited before.
///
/// Only who is held up stands in the line. A request may be tried when no earlier one is held up by a level that it would
/// take from too, so that no large request is starved by small ones, and a stopped provider does not stop the others.
final class WaitingLine: Sendable {
    struct Place: Hashable { fileprivate var number: Int }

    private struct Entry {
        var place: Place
        var scopes: [LimitScope]
        var isAgain: Bool
        /// Where the request is held up, and by which limit's key; nil while it has not been tried.
        var binding: (scope: LimitScope, key: String)?
        var bell: CheckedContinuation<Void, Never>?
        var hasRung = false
    }

    private struct State {
        var next = 0
        var entries: [Entry] = []
    }

    private let state = Mutex(State())

    func join(scopes: [LimitScope], again isAgain: Bool = false) -> Place {
        state.withLock { state in
            state.next += 1
            let place = Place(number: state.next)
            let index = isAgain ? state.entries.prefix(while: \.isAgain).count : state.entries.count
            state.entries.insert(Entry(place: place, scopes: scopes, isAgain: isAgain), at: index)
            return place
        }
    }

    /// Whether no earlier request holds up one that takes from some scopes: those before its place, or all while it
    /// has none.
    func isFree(for scopes: @autoclosure () -> [LimitScope], before place: Place?) -> Bool {
        state.withLock { state in
            guard !state.entries.isEmpty else { return true }
            let scopes = scopes()
            var bound: [LimitScope] = []
            for entry in state.entries.prefix(while: { $0.place != place }) {
                if let binding = entry.binding {
                    bound.append(binding.scope)
                } else if !entry.scopes.contains(where: bound.contains), entry.scopes.contains(where: scopes.contains) {
                    // It is about to be tried. One that is held up itself holds up nobody by being there.
                    return false
                }
            }
            return !scopes.contains(where: bound.contains)
        }
    }

    /// Notes where a request is held up. When that is somewhere else than before, those behind it may be free to go.
    func holdUp(_ place: Place, at scope: LimitScope, key: String) {
        let isNew = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.place == place }) else { return false }
            defer { state.entries[index].binding = (scope, key) }
            return state.entries[index].binding?.scope != scope
        }
        if isNew { change(ringing: { $0 != place }) { _ in } }
    }

    func leave(_ place: Place) { change { entries in entries.removeAll { $0.place == place } } }

    /// Tells everyone in the line that it may be worth trying again.
    func ring() { change { _ in } }

    /// How many stand in the line.
    var size: Int { state.withLock { $0.entries.count } }

    /// How many wait for a limit.
    func count(at scope: LimitScope, key: String) -> Int {
        state.withLock { state in state.entries.count { $0.binding?.scope == scope && $0.binding?.key == key } }
    }

    /// Returns at the next ring, or when the task is cancelled.
    func waitForBell(_ place: Place) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasRung = state.withLock { state in
                    guard let index = state.entries.firstIndex(where: { $0.place == place }) else { return true }
                    if state.entries[index].hasRung || Task.isCancelled {
                        state.entries[index].hasRung = false
                        return true
                    }
                    state.entries[index].bell = continuation
                    return false
                }
                if hasRung { continuation.resume() }
            }
        } onCancel: {
            change(ringing: { $0 == place }) { _ in }
        }
    }

    private func change(ringing isRung: (Place) -> Bool = { _ in true }, _ body: (inout [Entry]) -> Void) {
        let bells = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.entries.isEmpty else { return [] }
            let left = state.entries
            body(&state.entries)
            let stayed = Set(state.entries.map(\.place))
            let gone = left.filter { !stayed.contains($0.place) }.compactMap(\.bell)
            return gone
                + state.entries.indices.compactMap { index in
                    guard isRung(state.entries[index].place) else { return nil }
                    let bell = state.entries[index].bell
                    state.entries[index].bell = nil
                    state.entries[index].hasRung = bell == nil
                    return bell
                }
        }
        for bell in bells { bell.resume() }
    }
}
