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
