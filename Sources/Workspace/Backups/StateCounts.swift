import Core
import GRDB

/// How many records a state consists of.
public struct StateCounts: Hashable, Sendable {
    /// Work in progress: files that are artifacts, and rows where the state is kept in SQLite.
    public var hotArtifacts = 0
    public var coldArtifacts = 0
    /// Those in files and those in the project file; one that is in both counts once.
    public var snapshots = 0
    public var tus = 0

    init() {}

    /// Counts the records of a store, wherever it keeps them.
    package init(of store: any StateStore) throws(WorkspaceError) {
        hotArtifacts = try store.artifacts(ArtifactQuery(temperature: .hot, atMost: 0)).total
        coldArtifacts = try store.artifacts(ArtifactQuery(temperature: .cold, atMost: 0)).total
        snapshots = try store.snapshots().count
        tus = try store.units().count
    }

    /// Counts the records of a project file, which may be missing, and of files by their paths below `.questfoundry`.
    init(project: String, files: [String]) throws(WorkspaceError) {
        hotArtifacts = files.count { Artifact.isPlace($0) }
        var snapshotIDs = Self.ids(in: "hot/snapshots/", files)
        var unitIDs = Self.ids(in: "hot/tus/", files)
        if FolderTree.kind(of: project) != nil {
            let held = try ProjectFile.look(at: project) { database in
                (
                    hot: try database.tableExists("hot_artifacts")
                        ? try Int.fetchOne(database, sql: "SELECT count(*) FROM hot_artifacts") ?? 0 : 0,
                    artifacts: try Int.fetchOne(database, sql: "SELECT count(*) FROM artifacts") ?? 0,
                    snapshots: try String.fetchSet(database, sql: "SELECT snapshot_id FROM snapshots"),
                    units: try String.fetchSet(database, sql: "SELECT tu_id FROM tus")
                )
            }
            hotArtifacts += held.hot
            coldArtifacts = held.artifacts
            snapshotIDs.formUnion(held.snapshots)
            unitIDs.formUnion(held.units)
        }
        snapshots = snapshotIDs.count
        tus = unitIDs.count
    }

    private static func ids(in folder: String, _ files: [String]) -> Set<String> {
        Set(
            files.filter { $0.hasPrefix(folder) && $0.hasSuffix(".json") }
                .map { String($0.dropFirst(folder.count).dropLast(5)) })
    }

    /// Reads what ``json`` says.
    init(_ document: JSONValue?) {
        hotArtifacts = document?["hot_artifacts"]?.int ?? 0
        coldArtifacts = document?["cold_artifacts"]?.int ?? 0
        snapshots = document?["snapshots"]?.int ?? 0
        tus = document?["tus"]?.int ?? 0
    }

    var json: JSONValue {
        [
            "hot_artifacts": JSONValue(hotArtifacts), "cold_artifacts": JSONValue(coldArtifacts),
            "snapshots": JSONValue(snapshots), "tus": JSONValue(tus),
        ]
    }
}
