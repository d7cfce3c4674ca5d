public import Core
import GRDB

/// All of a project's state in `project.qfproj`, but for what the project is about, which is in `metadata.json` too, where
/// a workspace is known by it.
///
/// Work in progress needs a workspace of version 2; the finished part is questfoundry-py's own.
public struct SQLiteStore: StateStore {
    private let workspace: Workspace
    private let time: any TimeSource
    private let file: ProjectDatabase

    public init(_ workspace: Workspace, time: any TimeSource) {
        self.workspace = workspace
        self.time = time
        file = ProjectDatabase(path: workspace.paths.project)
    }

    // MARK: - The project

    public func project() throws(WorkspaceError) -> ProjectInfo { try ProjectInfo.read(workspace.paths) }

    public func save(_ project: ProjectInfo) throws(WorkspaceError) {
        try write { tables in try tables.put(project) }
        try project.write(workspace.paths)
    }

    // MARK: - Artifacts

    public func artifact(_ id: String, _ temperature: Temperature) throws(WorkspaceError) -> Artifact? {
        guard Artifact.isSafe(id) else { return nil }
        return try read { tables in try tables.holding(temperature).artifact(id, temperature) } ?? nil
    }

    public func artifacts(
        ofType type: String?, _ temperature: Temperature
    ) throws(WorkspaceError) -> [Artifact] {
        let found = try read { tables in try tables.holding(temperature).artifacts(ofType: type, temperature) }
        return (found ?? []).sorted { $0.id < $1.id }
    }

    public func artifacts(_ query: ArtifactQuery) throws(WorkspaceError) -> ArtifactPage {
        var found: (summaries: [ArtifactSummary], problems: [WorkspaceError]) = ([], [])
        for temperature in Temperature.allCases where query.temperature ?? temperature == temperature {
            let part = try summaries(temperature)
            found.summaries += part.summaries
            found.problems += part.problems
        }
        return query.page(of: found.summaries, problems: found.problems)
    }

    /// What lists show of all artifacts of a temperature.
    func summaries(
        _ temperature: Temperature
    ) throws(WorkspaceError) -> (summaries: [ArtifactSummary], problems: [WorkspaceError]) {
        try read { tables in try tables.holding(temperature).summaries(temperature) } ?? ([], [])
    }

    public func make(_ changes: [StateChange]) throws(WorkspaceError) {
        try checkNames(changes)
        guard !changes.isEmpty else { return }
        try write { tables in
            for change in changes.filter({ $0.temperature == .cold }) + changes.filter({ $0.temperature == .hot }) {
                let (id, temperature) = (change.id, change.temperature)
                try check(change, now: try tables.holding(temperature).artifact(id, temperature))
                if let artifact = change.artifact {
                    try tables.put(artifact, temperature)
                } else {
                    try tables.remove(id, temperature)
                }
                if let entry = change.historyEntry(at: time.now()) { try tables.add(entry) }
            }
        }
    }

    // MARK: - Units, snapshots, history

    public func unit(_ id: String) throws(WorkspaceError) -> ThematicUnit? {
        try units().first { $0.id == id }
    }

    public func units() throws(WorkspaceError) -> [ThematicUnit] {
        (try read { tables in try tables.units() } ?? []).newestFirst
    }

    public func save(_ unit: ThematicUnit) throws(WorkspaceError) {
        try unit.checkName()
        try write { tables in try tables.put(unit) }
    }

    public func snapshots() throws(WorkspaceError) -> [Snapshot] {
        (try read { tables in try tables.snapshots() } ?? []).newestFirst
    }

    public func contents(ofSnapshot id: String) throws(WorkspaceError) -> [Artifact] {
        try read { tables in try tables.contents(ofSnapshot: id) } ?? []
    }

    public func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError) {
        try snapshot.checkName()
        try write { tables in
            guard try !tables.snapshots().contains(where: { $0.id == snapshot.id }) else { throw snapshot.exists }
            try tables.add(snapshot, holding: artifacts)
            try tables.add(.of(snapshot, at: time.now()))
        }
    }

    public func history() throws(WorkspaceError) -> [HistoryEntry] {
        try read { tables in try tables.history() } ?? []
    }

    public func add(_ entry: HistoryEntry) throws(WorkspaceError) { try write { tables in try tables.add(entry) } }

    public func replaceAll(with source: StateSource) throws(WorkspaceError) {
        try replace(with: source, holding: Set(Temperature.allCases))
        try source.forEach { record throws(WorkspaceError) in
            if case .project(let project) = record { try project.write(workspace.paths) }
        }
    }

    /// Replaces, in one transaction, all but the artifacts of other temperatures; units go with work in progress.
    func replace(with source: StateSource, holding temperatures: Set<Temperature>) throws(WorkspaceError) {
        try write { tables in
            for temperature in temperatures { try tables.holding(temperature).removeAll(temperature) }
            try tables.removeSnapshots()
            var hasHistory = false
            try source.forEach { record throws(WorkspaceError) in
                do {
                    switch record {
                    case .project(let project): try tables.put(project)
                    case .artifact(let artifact, let temperature):
                        if temperatures.contains(temperature) { try tables.put(artifact, temperature) }
                    case .unit(let unit): if temperatures.contains(.hot) { try tables.put(unit) }
                    case .snapshot(let snapshot, let held): try tables.add(snapshot, holding: held)
                    case .history(let entry):
                        if !hasHistory { try tables.removeHistory() }
                        hasHistory = true
                        try tables.add(entry)
                    }
                } catch {
                    throw file.described(error)
                }
            }
        }
    }

    public func place(of artifact: Artifact, _ temperature: Temperature) -> String {
        "project.qfproj, \(temperature.rawValue) \(artifact.id)"
    }

    private func read<Value>(_ body: (ProjectTables) throws -> Value) throws(WorkspaceError) -> Value? {
        try file.read { database in try body(ProjectTables(database, path: file.path, now: time.now())) }
    }

    private func write<Value>(_ body: (ProjectTables) throws -> Value) throws(WorkspaceError) -> Value {
        try file.write { database in try body(ProjectTables(database, path: file.path, now: time.now())) }
    }
}

extension ProjectTables {
    /// The tables, if they have room for artifacts of a temperature.
    fileprivate func holding(_ temperature: Temperature) throws -> ProjectTables {
        guard temperature == .cold || version >= 2 else { throw needsMigration("work in progress") }
        return self
    }
}

extension Sequence<ThematicUnit> {
    /// The one that was modified last first.
    package var newestFirst: [ThematicUnit] { sorted { ($1.modified, $0.id) < ($0.modified, $1.id) } }
}

extension Sequence<Snapshot> {
    package var newestFirst: [Snapshot] { sorted { ($1.created, $0.id) < ($0.created, $1.id) } }
}

extension ThematicUnit {
    package func checkName() throws(WorkspaceError) { if !Artifact.isSafe(id) { throw Artifact.badName(id) } }
}

extension Snapshot {
    package func checkName() throws(WorkspaceError) { if !Artifact.isSafe(id) { throw Artifact.badName(id) } }

    /// The error of an id that is taken.
    package var exists: WorkspaceError {
        WorkspaceError(
            .exists, id, "there is a snapshot \(id.visible()) already, and snapshots never change: take another id")
    }
}
