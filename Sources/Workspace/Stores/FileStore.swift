public import Core
public import Foundation

/// The workspace as questfoundry-py lays it out: work in progress as a JSON file for each artifact, the finished part in
/// `project.qfproj`.
///
/// Writes are whole, durable when they return, and exclusive between processes. Files are found without following a link
/// out of the workspace. Lists are made from an index in the user's cache folder, which reads only files that changed.
public struct FileStore: StateStore {
    private let workspace: Workspace
    private let time: any TimeSource
    private let hot: HotFolder
    private let index: ArtifactIndex
    private let cold: SQLiteStore

    /// `environment` says where the user's cache folder is.
    public init(
        _ workspace: Workspace, time: any TimeSource,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.workspace = workspace
        self.time = time
        hot = HotFolder(workspace.paths)
        index = ArtifactIndex(of: workspace.paths, environment: environment)
        cold = SQLiteStore(workspace, time: time)
    }

    // MARK: - The project

    public func project() throws(WorkspaceError) -> ProjectInfo { try cold.project() }

    public func save(_ project: ProjectInfo) throws(WorkspaceError) {
        try exclusively { () throws(WorkspaceError) in try cold.save(project) }
    }

    // MARK: - Artifacts

    public func artifact(_ id: String, _ temperature: Temperature) throws(WorkspaceError) -> Artifact? {
        guard temperature == .hot else { return try cold.artifact(id, .cold) }
        return try hot.artifact(id)
    }

    public func artifacts(_ query: ArtifactQuery) throws(WorkspaceError) -> ArtifactPage {
        var found: (summaries: [ArtifactSummary], problems: [WorkspaceError]) = ([], [])
        if query.temperature != .cold { found = index.summaries(hot, ofType: query.type) }
        if query.temperature != .hot {
            let finished = try cold.summaries(.cold)
            found.summaries += finished.summaries
            found.problems += finished.problems
        }
        return query.page(of: found.summaries, problems: found.problems)
    }

    public func write(
        _ artifact: Artifact, _ temperature: Temperature, over stamp: Stamp?
    ) throws(WorkspaceError) {
        guard Artifact.isSafe(artifact.id) else { throw Artifact.badName(artifact.id) }
        try exclusively { () throws(WorkspaceError) in
            guard temperature == .hot else { return try cold.write(artifact, .cold, over: stamp) }
            let current = try hot.artifact(artifact.id)
            guard current?.stamp == stamp else { throw conflict(artifact.id, now: current, writing: artifact) }
            try hot.write(artifact)
        }
    }

    public func remove(_ id: String, _ temperature: Temperature, stamp: Stamp) throws(WorkspaceError) {
        try exclusively { () throws(WorkspaceError) in
            guard temperature == .hot else { return try cold.remove(id, .cold, stamp: stamp) }
            let current = try hot.artifact(id)
            guard current?.stamp == stamp else { throw conflict(id, now: current, writing: nil) }
            try hot.remove(id)
        }
    }

    /// By a rename, which needs no room on the disk and takes what an editor writes at the same moment with it.
    public func discard(_ id: String, stamp: Stamp, into bin: Bin) throws(WorkspaceError) {
        try exclusively { () throws(WorkspaceError) in
            let current = try hot.artifact(id)
            guard current?.stamp == stamp else { throw conflict(id, now: current, writing: nil) }
            for path in try hot.files(of: id) { try bin.move(path, of: id) }
        }
    }

    // MARK: - Units, snapshots, history

    public func unit(_ id: String) throws(WorkspaceError) -> ThematicUnit? {
        try hot.document(id, in: "tus").map(ThematicUnit.init)
    }

    public func units() throws(WorkspaceError) -> [ThematicUnit] {
        try hot.documents(in: "tus").map(ThematicUnit.init).newestFirst
    }

    public func save(_ unit: ThematicUnit) throws(WorkspaceError) {
        try unit.checkName()
        try exclusively { () throws(WorkspaceError) in
            try hot.write(unit.document, as: unit.id, to: "tus")
        }
    }

    public func snapshots() throws(WorkspaceError) -> [Snapshot] {
        let kept = try cold.snapshots()
        let known = Set(kept.map(\.id))
        let others = try hot.documents(in: "snapshots").map(Snapshot.init).filter { !known.contains($0.id) }
        return (kept + others).newestFirst
    }

    public func contents(ofSnapshot id: String) throws(WorkspaceError) -> [Artifact] {
        try cold.contents(ofSnapshot: id)
    }

    /// Writes it to `project.qfproj` with what it holds, then its file, as questfoundry-py does.
    public func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError) {
        try snapshot.checkName()
        try exclusively { () throws(WorkspaceError) in
            guard try hot.document(snapshot.id, in: "snapshots") == nil else { throw snapshot.exists }
            try cold.add(snapshot, holding: artifacts)
            try hot.write(snapshot.document, as: snapshot.id, to: "snapshots")
        }
    }

    public func history() throws(WorkspaceError) -> [HistoryEntry] { try cold.history() }

    public func add(_ entry: HistoryEntry) throws(WorkspaceError) { try cold.add(entry) }

    public func replaceAll(with source: StateSource) throws(WorkspaceError) {
        try exclusively { () throws(WorkspaceError) in
            var written: Set<String> = []
            func write(_ document: JSONObject, _ id: String, to folder: String) throws(WorkspaceError) {
                try hot.write(document, as: id, to: folder)
                written.insert("\(folder)/\(id)")
            }
            try source.forEach { record throws(WorkspaceError) in
                switch record {
                case .artifact(let artifact, .hot):
                    try write(artifact.document, artifact.id, to: Artifact.folder(for: artifact.type))
                case .unit(let unit): try write(unit.document, unit.id, to: "tus")
                case .snapshot(let snapshot, _): try write(snapshot.document, snapshot.id, to: "snapshots")
                case .project(let project): try project.write(workspace.paths)
                case .artifact, .history: break
                }
            }
            try cold.replace(with: source, holding: [.cold])
            for folder in Artifact.allFolders + ["tus", "snapshots"] {
                for id in try hot.ids(in: folder) where !written.contains("\(folder)/\(id)") {
                    try hot.remove(id, from: folder)
                }
            }
        }
    }

    public func place(of artifact: Artifact, _ temperature: Temperature) -> String {
        guard temperature == .hot else { return cold.place(of: artifact, temperature) }
        return "\(WorkspacePaths.folderName)/hot/\(Artifact.folder(for: artifact.type))/\(artifact.id).json"
    }

    private func exclusively<Value>(_ body: () throws(WorkspaceError) -> Value) throws(WorkspaceError) -> Value {
        try workspace.exclusively(body) { $0 }
    }
}
