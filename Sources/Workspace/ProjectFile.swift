import Core
import Foundation
import GRDB

/// `project.qfproj`, the SQLite file of finished artifacts, snapshots and the schema version.
enum ProjectFile {
    /// The newest schema version: what `init` writes.
    static let newestVersion = 2

    /// Makes the file at a path that does not exist yet, with the newest schema, readable by its owner only.
    static func create(at path: String, info: ProjectInfo) throws(WorkspaceError) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw WorkspaceError(writing: path, errno) }
        close(descriptor)
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { database in
                try database.execute(sql: firstVersion)
                try database.execute(sql: secondVersion)
                for version in 1...newestVersion {
                    try database.execute(sql: "INSERT INTO schema_version (version) VALUES (?)", arguments: [version])
                }
                let created = info.document["created"]?.string
                try database.execute(
                    sql: "INSERT INTO project VALUES (1, ?, ?, '1.0.0', NULL, ?, ?, '{}')",
                    arguments: [info.name, info.brief, created, created])
            }
            try queue.close()
        } catch {
            unlink(path)
            let number: Int32 = (error as? DatabaseError)?.resultCode == .SQLITE_FULL ? ENOSPC : EIO
            throw WorkspaceError(writing: path, number)
        }
    }

    /// The schema version of the file; 1 when there is none, since questfoundry-py makes it late. Changes nothing, and
    /// leaves no file beside it.
    static func version(at path: String) throws(WorkspaceError) -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 1 }
        do {
            guard FileManager.default.fileExists(atPath: path + "-wal") else {
                return try version(
                    of: DatabaseQueue(path: "file:\(encoded(path))?immutable=1", configuration: readOnly))
            }
            return try versionOfCopy(of: path)
        } catch {
            throw WorkspaceError(
                .damaged, path,
                "\(path.visible()) is no project file of QuestFoundry (\(error)); restore it from a backup")
        }
    }

    /// Reading a database that has a log changes files beside it: that may only happen to a copy.
    private static func versionOfCopy(of path: String) throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(path: "questfoundry-\(UUID().uuidString)")
            .path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let copy = folder + "/copy"
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
        return try version(of: DatabaseQueue(path: copy))
    }

    private static func version(of queue: DatabaseQueue) throws -> Int {
        try queue.read { database in try Int.fetchOne(database, sql: "SELECT max(version) FROM schema_version") ?? 1 }
    }

    private static var readOnly: Configuration {
        var settings = Configuration()
        settings.readonly = true
        return settings
    }

    /// A path as an SQLite address takes it (https://sqlite.org/uri.html).
    private static func encoded(_ path: String) -> String {
        path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    }

    /// What questfoundry-py writes.
    static let firstVersion = """
        CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
        CREATE TABLE project (
            id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
            version TEXT NOT NULL DEFAULT '1.0.0', author TEXT, created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL, metadata JSON NOT NULL DEFAULT '{}');
        CREATE TABLE snapshots (
            snapshot_id TEXT PRIMARY KEY, tu_id TEXT NOT NULL, created TIMESTAMP NOT NULL,
            description TEXT NOT NULL DEFAULT '', metadata JSON NOT NULL DEFAULT '{}');
        CREATE INDEX idx_snapshots_tu_id ON snapshots(tu_id);
        CREATE INDEX idx_snapshots_created ON snapshots(created DESC);
        CREATE TABLE views (
            view_id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', config JSON NOT NULL,
            created TIMESTAMP NOT NULL, modified TIMESTAMP NOT NULL, metadata JSON NOT NULL DEFAULT '{}');
        CREATE TABLE artifacts (
            artifact_id TEXT PRIMARY KEY, artifact_type TEXT NOT NULL, created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL, data JSON NOT NULL, metadata JSON NOT NULL DEFAULT '{}');
        CREATE INDEX idx_artifacts_type ON artifacts(artifact_type);
        CREATE INDEX idx_artifacts_modified ON artifacts(modified DESC);
        CREATE INDEX idx_artifacts_status ON artifacts(json_extract(data, '$.status'))
            WHERE json_extract(data, '$.status') IS NOT NULL;
        CREATE INDEX idx_artifacts_author ON artifacts(json_extract(data, '$.author'))
            WHERE json_extract(data, '$.author') IS NOT NULL;
        CREATE TABLE tus (
            tu_id TEXT PRIMARY KEY, status TEXT NOT NULL, snapshot_id TEXT, created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL, data JSON NOT NULL, metadata JSON NOT NULL DEFAULT '{}',
            FOREIGN KEY (snapshot_id) REFERENCES snapshots(snapshot_id) ON DELETE SET NULL);
        CREATE INDEX idx_tus_status ON tus(status);
        CREATE INDEX idx_tus_snapshot ON tus(snapshot_id);
        CREATE INDEX idx_tus_modified ON tus(modified DESC);
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
            entity_type TEXT NOT NULL, entity_id TEXT NOT NULL, action TEXT NOT NULL, changes JSON,
            metadata JSON NOT NULL DEFAULT '{}');
        CREATE INDEX idx_history_timestamp ON history(timestamp DESC);
        CREATE INDEX idx_history_entity ON history(entity_type, entity_id);
        """

    /// Artifacts get a revision, a content hash, room for keys that version 1 does not know, and what a list shows of them;
    /// work in progress has a place here too; snapshots hold their content.
    ///
    /// Version 1's indexes of a status and an author go: they refuse numbers that questfoundry-py writes, NaN and the like.
    private static let secondVersion = """
        DROP INDEX IF EXISTS idx_artifacts_status;
        DROP INDEX IF EXISTS idx_artifacts_author;
        ALTER TABLE artifacts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE artifacts ADD COLUMN content_hash TEXT;
        ALTER TABLE artifacts ADD COLUMN extra JSON;
        ALTER TABLE artifacts ADD COLUMN summary JSON;
        CREATE TABLE hot_artifacts (
            artifact_id TEXT PRIMARY KEY, artifact_type TEXT NOT NULL, created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL, data JSON NOT NULL, metadata JSON NOT NULL DEFAULT '{}',
            revision INTEGER NOT NULL DEFAULT 1, content_hash TEXT, extra JSON, summary JSON);
        CREATE TABLE snapshot_artifacts (
            snapshot_id TEXT NOT NULL REFERENCES snapshots(snapshot_id), artifact_id TEXT NOT NULL,
            artifact_type TEXT NOT NULL, revision INTEGER NOT NULL, content_hash TEXT NOT NULL,
            data JSON NOT NULL, metadata JSON NOT NULL, extra JSON, PRIMARY KEY (snapshot_id, artifact_id));
        """
}
