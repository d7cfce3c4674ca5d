import Core
import Foundation

/// A copy of a workspace's state as it was at one moment.
public struct Backup: Hashable, Sendable {
    /// Why a backup was made.
    public enum Reason: String, Hashable, Sendable {
        case manual, scheduled
        case beforeMigration = "before-migration"
        case beforeRestore = "before-restore"
    }

    /// The name of its folder, by which it is restored; names sort by time.
    public var name: String
    /// When it was made: microseconds since 1970, UTC.
    public var createdAt: Int64
    public var reason: Reason
    public var schemaVersion: Int
    /// The version of the program that made it.
    public var programVersion: String
    /// How many files it holds, and their bytes.
    public var files: Int
    public var bytes: Int
    public var counts: StateCounts
    /// SHA-256 of the list of files.
    var listHash: String

    /// The name of the list of a backup's files, in the form of `sha256sum`.
    static let listName = "files.sha256"
    /// The name of the file that makes a folder a backup: what this type holds.
    static let manifestName = "manifest.json"
}

/// How many records a state consists of.
public struct StateCounts: Hashable, Sendable {
    /// Files of work in progress that are artifacts.
    public var hotArtifacts = 0
    public var coldArtifacts = 0
    public var snapshots = 0
    public var tus = 0

    var json: JSONValue {
        [
            "hot_artifacts": JSONValue(hotArtifacts), "cold_artifacts": JSONValue(coldArtifacts),
            "snapshots": JSONValue(snapshots), "tus": JSONValue(tus),
        ]
    }

    init() {}

    init(_ document: JSONValue?) {
        hotArtifacts = document?["hot_artifacts"]?.int ?? 0
        coldArtifacts = document?["cold_artifacts"]?.int ?? 0
        snapshots = document?["snapshots"]?.int ?? 0
        tus = document?["tus"]?.int ?? 0
    }
}

extension Backup {
    var manifest: JSONValue {
        [
            "created_at": JSONValue(createdAt), "reason": JSONValue(reason.rawValue),
            "schema_version": JSONValue(schemaVersion), "program_version": JSONValue(programVersion),
            "files": JSONValue(files), "bytes": JSONValue(bytes), "counts": counts.json,
            "list_sha256": JSONValue(listHash),
        ]
    }

    /// Reads what a folder's manifest says; nil when it has none, and is no backup then.
    init?(name: String, folder: String) throws(WorkspaceError) {
        let path = "\(folder)/\(Self.manifestName)"
        guard let bytes = try StoredFile.read(path) else { return nil }
        guard let document = try? JSONValue(parsing: bytes), let createdAt = document["created_at"]?.int,
            let reason = document["reason"]?.string.flatMap(Reason.init),
            let schemaVersion = document["schema_version"]?.int, let listHash = document["list_sha256"]?.string
        else {
            throw WorkspaceError(
                .damaged, path, "\(path.visible()) is damaged: this backup cannot be used; take another")
        }
        self.init(
            name: name, createdAt: Int64(createdAt), reason: reason, schemaVersion: schemaVersion,
            programVersion: document["program_version"]?.string ?? "?", files: document["files"]?.int ?? 0,
            bytes: document["bytes"]?.int ?? 0, counts: StateCounts(document["counts"]), listHash: listHash)
    }
}
