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

    public func artifacts(
        ofType type: String?, _ temperature: Temperature
    ) throws(WorkspaceError) -> [Artifact] {
        guard temperature == .hot else { return try cold.artifacts(ofType: type, .cold) }
        let (files, problems) = index.files(hot, ofType: type)
        if let problem = problems.first { throw problem }
        var artifacts: [Artifact] = []
        for place in files.map(\.place).sorted(by: { $0.id < $1.id }) {
            // One that was removed meanwhile is not there any more.
            guard let document = try hot.document(place.id, in: place.folder) else { continue }
            artifacts.append(Artifact(document: document, id: place.id))
        }
        return artifacts
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

    public func make(_ changes: [StateChange]) throws(WorkspaceError) {
        try checkNames(changes)
        let finished = changes.filter { $0.temperature == .cold }
        let inWork = changes.filter { $0.temperature == .hot }
        try exclusively { () throws(WorkspaceError) in
            for change in inWork { try check(change, now: try hot.artifact(change.id)) }
            if !finished.isEmpty { try cold.make(finished) }
            for artifact in inWork.compactMap(\.artifact) { try hot.write(artifact) }
            try hot.remove(inWork.filter { $0.artifact == nil }.map(\.id))
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
                let others = try hot.ids(in: folder).filter { !written.contains("\(folder)/\($0)") }
                try hot.remove(others, from: folder)
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
