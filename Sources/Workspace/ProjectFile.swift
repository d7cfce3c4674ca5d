import Core
import Foundation
import GRDB

/// `project.qfproj`, the SQLite file of finished artifacts, snapshots and the schema version.
enum ProjectFile {
    /// Makes the file at a path that does not exist yet, by default with the newest schema, readable by its owner only.
    static func create(
        at path: String, info: ProjectInfo, version newest: Int = Migration.newestVersion
    ) throws(WorkspaceError) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw WorkspaceError(writing: path, errno) }
        close(descriptor)
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { database in
                try database.execute(sql: firstVersion)
                try note(1, in: database)
                for step in Migration.steps(from: 1, to: newest, in: Migration.all) {
                    _ = try step.change.project(database)
                    try note(step.version, in: database)
                }
                let created = info.document["created"]?.string
                try database.execute(
                    sql: "INSERT INTO project VALUES (1, ?, ?, '1.0.0', NULL, ?, ?, '{}')",
                    arguments: [info.name, info.brief, created, created])
            }
            try queue.close()
        } catch {
            unlink(path)
            throw WorkspaceError(database: path, error)
        }
    }

    /// The schema version of the file; 1 when there is none, since questfoundry-py makes it late. Changes nothing, and
    /// leaves no file beside it.
    static func version(at path: String) throws(WorkspaceError) -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 1 }
        return try look(at: path) { try Int.fetchOne($0, sql: "SELECT max(version) FROM schema_version") ?? 1 }
    }

    /// Reads the file, changes nothing, and leaves no file beside it.
    static func look<Value>(at path: String, _ body: (Database) throws -> Value) throws(WorkspaceError) -> Value {
        guard let value = try ProjectDatabase(path: path).read(body) else {
            throw WorkspaceError(.missing, path, "there is no \(path.visible())")
        }
        return value
    }

    /// Copies the file as it stands at one moment, page for page, to a place where nothing is.
    static func copy(_ source: String, to target: String) throws(WorkspaceError) {
        var status = stat()
        guard stat(source, &status) == 0 else { throw WorkspaceError(reading: source, errno) }
        makePrivateFile(target)
        do {
            let from = try DatabaseQueue(path: source, configuration: patient)
            let into = try DatabaseQueue(path: target)
            try from.backup(to: into)
            try into.close()
            try from.close()
        } catch {
            // What cannot be read and what cannot be written come as the same errors.
            throw WorkspaceError(
                database: (error as? DatabaseError)?.resultCode.isOfSource == true ? source : target, error)
        }
        chmod(target, status.st_mode & 0o777)
    }

    /// Changes a file that nobody else has open, in one transaction, and leaves nothing beside it.
    static func change<Value>(_ path: String, _ body: (Database) throws -> Value) throws(WorkspaceError) -> Value {
        do {
            let queue = try DatabaseQueue(path: path)
            let value = try queue.write(body)
            try queue.close()
            return value
        } catch {
            throw WorkspaceError(database: path, error)
        }
    }

    /// Notes in the list of versions that the file has come to one.
    static func note(_ version: Int, in database: Database) throws {
        try database.execute(sql: "INSERT INTO schema_version (version) VALUES (?)", arguments: [version])
    }

    /// Another program may be writing at the moment.
    private static var patient: Configuration {
        var settings = Configuration()
        settings.busyMode = .timeout(5)
        return settings
    }

    /// Version 1's indexes of what finished artifacts say.
    static let contentIndexes = ["status", "author"].map { key in
        """
        CREATE INDEX idx_artifacts_\(key) ON artifacts(
            json_extract(data, '$.\(key)')
        ) WHERE json_extract(data, '$.\(key)') IS NOT NULL
        """
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
        \(contentIndexes[0]);
        \(contentIndexes[1]);
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
}

extension WorkspaceError {
    /// What SQLite says of a file.
    init(database path: String, _ error: any Error) {
        guard let error = error as? DatabaseError else {
            self.init(.other, path, "\(path.visible()) cannot be used: \(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self.init(writing: path, ENOSPC)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH: self.init(writing: path, EACCES)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR:
            self.init(
                .damaged, path,
                "\(path.visible()) is damaged, or no project file of QuestFoundry (\(error.message ?? "unreadable")); "
                    + "`questfoundry state restore` brings back a backup")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.inUse, path, "\(path.visible()) is in use by another program: close it there and try again")
        default:
            self.init(
                .other, path,
                "\(path.visible()) cannot be used (\(error.message ?? "\(error.resultCode)")): check the disk")
        }
    }
}

extension ResultCode {
    fileprivate var isOfSource: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_BUSY, .SQLITE_LOCKED].contains(self) }
}
