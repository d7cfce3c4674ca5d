/// Brings state from elsewhere into a store.
public struct StateImport: Sendable {
    /// What came of an import.
    public struct Outcome: Hashable, Sendable {
        /// Records that were not there before.
        public var added = 0
        /// Records that were left out, because there is one of that name.
        public var kept = 0
    }

    private let store: any StateStore

    public init(into store: any StateStore) { self.store = store }

    /// Adds what is not there yet; what is there stays as it is. Doing it twice adds nothing the second time, so that one
    /// that ended half-way is simply done again.
    public func merge(_ source: StateSource) throws(WorkspaceError) -> Outcome {
        var outcome = Outcome()
        var known: Set<HistoryEntry>?
        try source.forEach { record throws(WorkspaceError) in
            let isNew: Bool
            switch record {
            case .project: return
            case .artifact(let artifact, let temperature):
                isNew = try store.artifact(artifact.id, temperature) == nil
                if isNew { try store.write(artifact, temperature, over: nil) }
            case .unit(let unit):
                isNew = try store.unit(unit.id) == nil
                if isNew { try store.save(unit) }
            case .snapshot(let snapshot, let held):
                isNew = try !store.snapshots().contains { $0.id == snapshot.id }
                if isNew { try store.add(snapshot, holding: held) }
            case .history(let entry):
                if known == nil { known = Set(try store.history()) }
                isNew = known?.contains(entry) == false
                if isNew { try store.add(entry) }
            }
            outcome.added += isNew ? 1 : 0
            outcome.kept += isNew ? 0 : 1
        }
        return outcome
    }

    /// Makes the store hold what the source holds, and nothing else. Take a backup before.
    public func replace(with source: StateSource) throws(WorkspaceError) -> Outcome {
        try store.replaceAll(with: source)
        return Outcome(added: source.count)
    }
}
