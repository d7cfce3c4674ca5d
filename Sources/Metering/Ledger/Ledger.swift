public import Core
import Foundation
package import GRDB
import Synchronization

/// The workspace's durable books: usage ledger, open attempts, bucket levels and the journal of events, in one
/// SQLite file that every process of the workspace shares.
///
/// The file is made by the first write; reading makes nothing. Writes are durable when they return
/// (`synchronous=FULL`). Calls block for well under a millisecond unless another process writes.
public final class Ledger: Sendable {
    package let time: any TimeSource
    private let path: String?
    private let queue = Mutex<DatabaseQueue?>(nil)

    /// Uses the file at `path`, which need not exist.
    public init(path: String, time: any TimeSource) {
        self.path = path
        self.time = time
    }

    /// Keeps the books in memory, for as long as the ledger lives.
    public init(inMemoryWith time: any TimeSource) {
        path = nil
        self.time = time
    }

    /// Runs a read. Returns nil when nothing was ever written.
    package func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value? {
        guard let database = try open(creating: false) else { return nil }
        return try catching { try database.read(body) }
    }

    /// Runs a write in one immediate transaction, which is rolled back when `body` throws.
    package func write<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        guard let database = try open(creating: true) else {
            throw LedgerError(code: .other, path: path ?? "the ledger", cause: "it cannot be opened")
        }
        return try catching {
            try database.writeWithoutTransaction { database in
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

    private func open(creating: Bool) throws(LedgerError) -> DatabaseQueue? {
        do {
            return try queue.withLock { queue in
                if let queue { return queue }
                if let path, !creating, !FileManager.default.fileExists(atPath: path) { return nil }
                let opened = try makeQueue()
                queue = opened
                return opened
            }
        } catch {
            throw described(error)
        }
    }

    private func makeQueue() throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.busyMode = .timeout(10)
        settings.journalMode = path == nil ? .default : .wal
        settings.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        guard let path else {
            let memory = try DatabaseQueue(configuration: settings)
            try LedgerSchema.migrator.migrate(memory)
            return memory
        }
        // Who makes or changes the tables is alone: SQLite cannot wait for another who does the same.
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let lock = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if lock >= 0 { close(lock) } }
        if lock >= 0 { flock(lock, LOCK_EX) }
        // Made by hand, so that the file and those that SQLite puts beside it are the owner's only.
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        let file = try DatabaseQueue(path: path, configuration: settings)
        if try file.read(LedgerSchema.migrator.hasBeenSuperseded) {
            throw LedgerError(code: .newerVersion, path: path, cause: "")
        }
        do {
            if try !file.read(LedgerSchema.migrator.hasCompletedMigrations) { try LedgerSchema.migrator.migrate(file) }
        } catch {
            // Another process may have made the tables meanwhile.
            guard try file.read(LedgerSchema.migrator.hasCompletedMigrations) else { throw error }
        }
        return file
    }

    private func catching<Value>(_ body: () throws -> Value) throws(LedgerError) -> Value {
        do { return try body() } catch { throw described(error) }
    }

    private func described(_ error: any Error) -> LedgerError {
        if let error = error as? LedgerError { return error }
        let path = path ?? "the ledger in memory"
        guard let error = error as? DatabaseError else {
            return LedgerError(code: .other, path: path, cause: String(describing: error))
        }
        let code: LedgerError.Code =
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
            case .SQLITE_FULL: .diskFull
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: .notPermitted
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            default: .other
            }
        return LedgerError(code: code, path: path, cause: error.message ?? "\(error.resultCode)")
    }
}
