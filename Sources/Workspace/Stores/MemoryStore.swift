public import Core
import Synchronization

/// State that lasts as long as the store: for trying things out, and for tests.
public final class MemoryStore: StateStore {
    private struct State {
        var project: ProjectInfo
        var artifacts: [Temperature: [String: Artifact]] = [:]
        var units: [String: ThematicUnit] = [:]
        var snapshots: [String: Snapshot] = [:]
        var contents: [String: [Artifact]] = [:]
        var history: [HistoryEntry] = []
    }

    private let time: any TimeSource
    private let state: Mutex<State>

    public init(_ project: ProjectInfo, time: any TimeSource) {
        self.time = time
        state = Mutex(State(project: project))
    }

    public func project() -> ProjectInfo { state.withLock { $0.project } }

    public func save(_ project: ProjectInfo) { state.withLock { $0.project = project } }

    public func artifact(_ id: String, _ temperature: Temperature) -> Artifact? {
        state.withLock { $0.artifacts[temperature]?[id] }
    }

    public func artifacts(_ query: ArtifactQuery) -> ArtifactPage {
        let all = state.withLock { state in
            state.artifacts.flatMap { temperature, artifacts in
                artifacts.values.map { ArtifactSummary($0, temperature) }
            }
        }
        return query.page(of: all)
    }

    public func make(_ changes: [StateChange]) throws(WorkspaceError) {
        try checkNames(changes)
        try state.withLock { state throws(WorkspaceError) in
            for change in changes { try check(change, now: state.artifacts[change.temperature]?[change.id]) }
            for change in changes {
                state.artifacts[change.temperature, default: [:]][change.id] = change.artifact
                if let entry = change.historyEntry(at: time.now()) { state.history.append(entry) }
            }
        }
    }

    public func unit(_ id: String) -> ThematicUnit? { state.withLock { $0.units[id] } }

    public func units() -> [ThematicUnit] { state.withLock { $0.units.values.newestFirst } }

    public func save(_ unit: ThematicUnit) throws(WorkspaceError) {
        try unit.checkName()
        state.withLock { $0.units[unit.id] = unit }
    }

    public func snapshots() -> [Snapshot] { state.withLock { $0.snapshots.values.newestFirst } }

    public func contents(ofSnapshot id: String) -> [Artifact] { state.withLock { $0.contents[id] ?? [] } }

    public func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError) {
        try snapshot.checkName()
        try state.withLock { state throws(WorkspaceError) in
            guard state.snapshots[snapshot.id] == nil else { throw snapshot.exists }
            state.snapshots[snapshot.id] = snapshot
            state.contents[snapshot.id] = artifacts.sorted { $0.id < $1.id }
            state.history.append(.of(snapshot, at: time.now()))
        }
    }

    public func history() -> [HistoryEntry] { state.withLock { $0.history } }

    public func add(_ entry: HistoryEntry) { state.withLock { $0.history.append(entry) } }

    public func replaceAll(with source: StateSource) throws(WorkspaceError) {
        var next = state.withLock { State(project: $0.project, history: $0.history) }
        var history: [HistoryEntry] = []
        try source.forEach { record in
            switch record {
            case .project(let project): next.project = project
            case .artifact(let artifact, let temperature):
                next.artifacts[temperature, default: [:]][artifact.id] = artifact
            case .unit(let unit): next.units[unit.id] = unit
            case .snapshot(let snapshot, let held):
                next.snapshots[snapshot.id] = snapshot
                next.contents[snapshot.id] = held.sorted { $0.id < $1.id }
            case .history(let entry): history.append(entry)
            }
        }
        if !history.isEmpty { next.history = history }
        state.withLock { [next] in $0 = next }
    }

    public func place(of artifact: Artifact, _ temperature: Temperature) -> String {
        "memory, \(temperature.rawValue) \(artifact.id)"
    }
}
