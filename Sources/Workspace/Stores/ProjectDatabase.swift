import Core
import Foundation
import GRDB
import Synchronization

/// `project.qfproj` as a store reads and writes it. Looking at it changes nothing and leaves no file beside it, until this
/// process writes for the first time.
final class ProjectDatabase: Sendable {
    /// The file as a reader found it.
    private struct Look: Equatable {
        var parts: [FileStamp?]
        /// Whether something waits beside the file to be put in or taken back.
        var isUnfinished: Bool { parts.dropFirst().contains { ($0?.size ?? 0) > 0 } }

        init(_ path: String) {
            parts = ProjectDatabase.suffixes.map { suffix in
                var status = stat()
                return stat(path + suffix, &status) == 0 ? FileStamp(status) : nil
            }
        }
    }

    /// A way to read the file as it was at a look.
    private struct Reader {
        var look: Look
        var queue: DatabaseQueue
        /// Whether SQLite's own locks keep writers from what is read.
        var isLocking = false
        /// Holds the copy that is read, where one is.
        var folder: PrivateFolder?
    }

    private struct State {
        var writer: DatabaseQueue?
        var reader: Reader?
    }

    private static let suffixes = ["", "-wal", "-journal"]
    /// How often a file that somebody else writes meanwhile is looked at again.
    private static let mostTries = 20

    let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    /// Runs a read. Returns nil when there is no file.
    func read<Value>(_ body: (Database) throws -> Value) throws(WorkspaceError) -> Value? {
        try catching {
            if let writer = state.withLock({ $0.writer }) { return try writer.read(body) }
            return try readUnnoticed(body)
        }
    }

    /// Runs a write in one immediate transaction, durable when this returns. Makes the file where it is missing, in the
    /// form of version 1, as a workspace without one is of that version.
    func write<Value>(_ body: (Database) throws -> Value) throws(WorkspaceError) -> Value {
        try catching {
            try writer().writeWithoutTransaction { database in
                var result: Value?
                try database.inTransaction(.immediate) {
                    result = try body(database)
                    return .commit
                }
                guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
                return result
            }
        }
    }

    private func writer() throws -> DatabaseQueue {
        try state.withLock { state in
            if let writer = state.writer { return writer }
            let writer = try makeWriter()
            state.writer = writer
            state.reader = nil
            return writer
        }
    }

    private func makeWriter() throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.busyMode = .timeout(10)
        // A unit may name a snapshot that is not there: what another program wrote is kept as it is.
        settings.foreignKeysEnabled = false
        settings.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        guard FileManager.default.fileExists(atPath: path) else {
            return try withFolderLocked(ofFile: path) {
                makePrivateFile(path)
                let queue = try DatabaseQueue(path: path, configuration: settings)
                try queue.write { database in
                    guard try !database.tableExists("schema_version") else { return }
                    try database.execute(sql: ProjectFile.firstVersion)
                    try database.execute(sql: "INSERT INTO schema_version (version) VALUES (1)")
                }
                return queue
            }
        }
        return try DatabaseQueue(path: path, configuration: settings)
    }

    // MARK: - Reading what nobody may notice

    private func readUnnoticed<Value>(_ body: (Database) throws -> Value) throws -> Value? {
        for attempt in 1...Self.mostTries {
            let look = Look(path)
            guard look.parts[0] != nil else { return nil }
            do {
                let reader = try reader(for: look)
                let value = try withExtendedLifetime(reader) { try reader.queue.read(body) }
                if reader.isLocking || Look(path) == look { return value }
            } catch let error as DatabaseError {
                // A file that was changed under a reader's hands looks damaged.
                guard Look(path) != look, attempt < Self.mostTries else { throw error }
            }
            usleep(2_000)
        }
        throw DatabaseError(resultCode: .SQLITE_BUSY)
    }

    private func reader(for look: Look) throws -> Reader {
        try state.withLock { state in
            if let reader = state.reader, reader.look == look { return reader }
            let reader = try Self.open(path, look)
            state.reader = reader
            return reader
        }
    }

    /// A file with a rollback journal is read as SQLite does it, which leaves nothing behind. One with a write-ahead log
    /// would get files beside it: it is read as one that nobody changes, or a copy is.
    private static func open(_ path: String, _ look: Look) throws -> Reader {
        var settings = GRDB.Configuration()
        settings.readonly = true
        settings.busyMode = .timeout(10)
        if !hasWriteAheadLog(path) {
            do {
                let queue = try DatabaseQueue(path: path, configuration: settings)
                _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
                return Reader(look: look, queue: queue, isLocking: true)
            } catch let error as DatabaseError
                where [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode) && look.isUnfinished
            {
                // What a killed process left has to be taken back first, and that is a change.
                return try openCopy(path, look)
            }
        }
        guard !look.isUnfinished else { return try openCopy(path, look) }
        // https://sqlite.org/uri.html
        let address = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        return Reader(
            look: look, queue: try DatabaseQueue(path: "file:\(address)?immutable=1", configuration: settings))
    }

    private static func openCopy(_ path: String, _ look: Look) throws -> Reader {
        let folder = try PrivateFolder()
        let copy = folder.path + "/copy"
        for (suffix, part) in zip(suffixes, look.parts) where part != nil {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return Reader(look: look, queue: try DatabaseQueue(path: copy), folder: folder)
    }

    /// What the file's head says (https://sqlite.org/fileformat.html, offset 18).
    private static func hasWriteAheadLog(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path), let head = try? handle.read(upToCount: 20) else {
            return false
        }
        return head.count == 20 && head[18] == 2
    }

    // MARK: - Errors

    private func catching<Value>(_ body: () throws -> Value) throws(WorkspaceError) -> Value {
        do { return try body() } catch { throw described(error) }
    }

    func described(_ error: any Error) -> WorkspaceError {
        error as? WorkspaceError ?? WorkspaceError(database: path, error)
    }
}

/// A folder that only its owner may look into, which is removed with the value.
final class PrivateFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "questfoundry-\(UUID().uuidString)")
            .path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
