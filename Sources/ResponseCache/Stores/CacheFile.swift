import Core
import Foundation
import GRDB
import Synchronization

/// A connection to the file that holds the entries, opened when it is needed first.
///
/// The file is made by the first write; reading makes nothing. A file that is no database, or whose pages are damaged,
/// is made anew, and one that somebody deletes is opened anew.
final class CacheFile: Sendable {
    private let path: String
    private let pragmas: String
    private let opened = Mutex<Opened?>(nil)

    /// The open database and the file that it is.
    private struct Opened {
        var queue: DatabaseQueue
        var file: OpenFile
    }

    /// `pragmas` are the connection's own settings, in SQL.
    init(path: String, pragmas: String) {
        self.path = path
        self.pragmas = pragmas
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    /// Runs a single query, which sees one state of the file without a transaction around it; nil when there is no file.
    func readOnce<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.unsafeRead(body)
        }
    }

    /// Runs queries that see one state of the file; nil when there is no file.
    func read<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.read(body)
        }
    }

    /// Runs a transaction, which makes the file when there is none.
    func write<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value {
        try mending {
            guard let queue = try open(creating: true) else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
            return try queue.writeWithoutTransaction { try Self.transaction($0, body) }
        }
    }

    /// Runs a transaction whose first and last words are kept as statements: to read them each time takes as long as to
    /// write a small entry.
    private static func transaction<Value>(_ database: Database, _ body: (Database) throws -> Value) throws -> Value {
        _ = try BareStatement("BEGIN IMMEDIATE", in: database).step()
        do {
            let value = try body(database)
            _ = try BareStatement("COMMIT", in: database).step()
            return value
        } catch {
            if database.isInsideTransaction { try? database.rollback() }
            throw error
        }
    }

    /// Puts what the journal holds into the file, as far as nobody reads it. Others read and write meanwhile.
    func checkpoint() throws(CacheError) {
        try mending {
            _ = try open(creating: false)?.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
    }

    /// Tries once more on a new file when the present one is damaged.
    private func mending<Value>(_ body: () throws -> Value) throws(CacheError) -> Value {
        do {
            do {
                return try body()
            } catch  where Self.isDamage(error) {
                opened.withLock { $0 = nil }
                for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
                return try body()
            }
        } catch {
            throw CacheError(error, path: path)
        }
    }

    private static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is RowDecodingError }
        return [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
            || error.message?.contains("malformed") == true
    }

    private func open(creating: Bool) throws -> DatabaseQueue? {
        try opened.withLock { opened in
            if let opened, opened.file.isThere { return opened.queue }
            opened = nil
            guard creating || isThere else { return nil }
            let queue = try makeQueue()
            opened = Opened(queue: queue, file: OpenFile(path))
            return queue
        }
    }

    private func makeQueue() throws -> DatabaseQueue {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return try withFolderLocked(ofFile: path) {
            makePrivateFile(path)
            var settings = Configuration()
            settings.busyMode = .timeout(10)
            // Not by GRDB's journal mode, which writes, and waits for the disk, whenever a file is opened.
            settings.prepareDatabase { [pragmas] database in
                try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \(pragmas)")
            }
            let queue = try DatabaseQueue(path: path, configuration: settings)
            let migrator = SQLiteCacheStore.migrator
            if try queue.read(migrator.hasBeenSuperseded) { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            if try !queue.read(migrator.hasCompletedMigrations) { try migrator.migrate(queue) }
            return queue
        }
    }
}

/// Tells whether a file is still at its place: not deleted, and not replaced by another.
private final class OpenFile: Sendable {
    private let descriptor: Int32

    /// `O_PATH` of Linux's <fcntl.h>, which Glibc does not hand on: the path alone is opened. To close the file itself
    /// would end the locks that SQLite has on it.
    private static let pathOnly: Int32 = 0o10_000_000

    init(_ path: String) { descriptor = Glibc.open(path, Self.pathOnly | O_CLOEXEC) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isThere: Bool {
        var status = stat()
        return descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }
}
