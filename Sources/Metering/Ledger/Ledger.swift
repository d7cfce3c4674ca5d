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
    private let line = WriteLine()
    /// What a rate limiter keeps beside books in memory.
    let levels = Mutex(MemoryLevels())

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

    var isInMemory: Bool { path == nil }

    /// Runs a read. Returns nil when nothing was ever written.
    package func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value? {
        line.write(commitNow)
        guard let database = try open(creating: false) else { return nil }
        return try catching { try database.read(body) }
    }

    /// Runs a single query, which sees one state of the books without a transaction around it. Returns nil when nothing
    /// was ever written.
    func readOnce<Value>(_ query: (Database) throws -> Value) throws(LedgerError) -> Value? {
        line.write(commitNow)
        guard let database = try open(creating: false) else { return nil }
        return try catching { try database.unsafeRead(query) }
    }

    /// Runs a write in one immediate transaction, which is rolled back when `body` throws. Blocks until it is durable.
    package func write<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        line.write(commitNow)
        return try commitNow(body)
    }

    /// Runs a write and returns when it is durable; writes that are asked for at the same time share a transaction,
    /// and so its flush to the disk. Cancelling the task does not stop it. `body` may run more than once.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        let result = Recorded<Value>()
        let error = await withCheckedContinuation { continuation in
            line.join(
                WriteLine.Write(run: { result.value = try body($0) }, end: { continuation.resume(returning: $0) }))
            line.start(commitNow)
        }
        if let error { throw error }
        guard let value = result.value else {
            throw LedgerError(code: .other, path: place, cause: "nothing was written")
        }
        return value
    }

    /// Runs a write soon, before the next read of this process at the latest. Where it fails it is tried again with
    /// the next one: for rows that no cent hangs on.
    func commitSoon(_ body: @escaping @Sendable (Database) throws -> Void) {
        line.join(WriteLine.Write(run: body, end: nil))
        if !isInMemory || line.isLong { line.start(commitNow) }
    }

    /// Why rows of answers that came without a call could not be written; nil when they could.
    package var fault: LedgerError? { line.fault }

    private var place: String { path ?? "the ledger in memory" }

    private func commitNow<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        guard let database = try open(creating: true) else {
            throw LedgerError(code: .other, path: place, cause: "it cannot be opened")
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
                guard let path, !creating else {
                    queue = try makeQueue()
                    return queue
                }
                guard FileManager.default.fileExists(atPath: path) else { return nil }
                do { queue = try makeQueue() } catch let error as DatabaseError {
                    // Kept for this read only: it does not see what others write from now on.
                    if let whole = try unchangingQueue(path, after: error) { return whole }
                    throw error
                }
                return queue
            }
        } catch {
            throw described(error)
        }
    }

    /// Opens a file that may be looked at and not written, which SQLite reads only when nothing waits beside it to be
    /// put in; nil when that is not so.
    private func unchangingQueue(_ path: String, after error: DatabaseError) throws -> DatabaseQueue? {
        guard [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode),
            !FileManager.default.fileExists(atPath: path + "-wal")
        else { return nil }
        var settings = GRDB.Configuration()
        settings.readonly = true
        // https://sqlite.org/uri.html
        let address = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        return try DatabaseQueue(path: "file:\(address)?immutable=1", configuration: settings)
    }

    private func makeQueue() throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.busyMode = .timeout(10)
        // Not by GRDB's journal mode, which writes, and waits for the disk, whenever a file is opened.
        settings.prepareDatabase { [path] database in
            if path != nil { try database.execute(sql: "PRAGMA journal_mode = WAL") }
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        guard let path else {
            let memory = try DatabaseQueue(configuration: settings)
            try LedgerSchema.migrator.migrate(memory)
            return memory
        }
        return try withFolderLocked(ofFile: path) {
            makePrivateFile(path)
            let file = try DatabaseQueue(path: path, configuration: settings)
            if try file.read(LedgerSchema.migrator.hasBeenSuperseded) {
                throw LedgerError(code: .newerVersion, path: path, cause: "")
            }
            if try !file.read(LedgerSchema.migrator.hasCompletedMigrations) { try LedgerSchema.migrator.migrate(file) }
            return file
        }
    }

    private func catching<Value>(_ body: () throws -> Value) throws(LedgerError) -> Value {
        do { return try body() } catch { throw described(error) }
    }

    private func described(_ error: any Error) -> LedgerError {
        if let error = error as? LedgerError { return error }
        if error is RowDecodingError {
            return LedgerError(code: .damaged, path: place, cause: "a value is not of its column's type")
        }
        guard let error = error as? DatabaseError else {
            return LedgerError(code: .other, path: place, cause: String(describing: error))
        }
        let code: LedgerError.Code =
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
            case .SQLITE_FULL: .diskFull
            case .SQLITE_IOERR: .diskFailed
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: .notPermitted
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            default: .other
            }
        return LedgerError(code: code, path: place, cause: error.message ?? "\(error.resultCode)")
    }
}
