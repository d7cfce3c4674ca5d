import Core
import Foundation
import GRDB
import Synchronization

/// Entries in an SQLite file that all processes of a workspace share. It is safe to delete at any time.
///
/// The file is made by the first write; reading makes nothing. A file that is no database, or whose pages are damaged,
/// is made anew: what it held are misses.
final class SQLiteCacheStore: CacheStore {
    private let path: String
    private let opened = Mutex<Opened?>(nil)

    /// The open database and the file that it is, which somebody may delete or replace at any time.
    private struct Opened {
        var queue: DatabaseQueue
        var inode: UInt64?
    }

    /// More than a file ever holds: a pebibyte.
    private static let mostBytes = 1 << 50

    init(path: String) { self.path = path }

    func entry(_ key: String) throws -> CacheEntry? {
        try read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM entries WHERE key = ?"), arguments: [key]
            ).flatMap(CacheEntry.init)
        } ?? nil
    }

    func hasPrompt(_ prompt: String, besides key: String) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM entries WHERE prompt = ? AND key != ?)"),
                arguments: [prompt, key])
        } == true
    }

    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) throws {
        try write { database in
            try database.cachedStatement(sql: "DELETE FROM entries WHERE key = ?").execute(arguments: [entry.key])
            guard entry.size <= min(caps.total, caps.provider) else { return }
            try Self.makeRoom(entry.size, below: caps.provider, provider: entry.provider, in: database)
            try Self.makeRoom(entry.size, below: caps.total, provider: nil, in: database)
            try database.cachedStatement(sql: "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .execute(
                    arguments: [
                        entry.key, entry.prompt, entry.provider, entry.model, entry.lifetime.bootID,
                        entry.lifetime.stored.wall, entry.lifetime.stored.sinceBoot, entry.lifetime.length, usedAt,
                        entry.size, entry.checksum, entry.payload,
                    ])
        }
    }

    /// Removes the entries that were used longest ago until the new one fits.
    private static func makeRoom(_ needed: Int, below cap: Int, provider: String?, in database: Database) throws {
        let filter = provider == nil ? "" : "WHERE provider = ?"
        let arguments: StatementArguments = provider.map { [$0] } ?? []
        let used = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT coalesce(sum(bytes), 0) FROM sizes \(filter)"), arguments: arguments)
        guard let used, (0...Self.mostBytes).contains(used) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        var excess = used + needed - cap
        guard excess > 0 else { return }
        let oldest = try Row.fetchAll(
            database, sql: "SELECT rowid, size FROM entries \(filter) ORDER BY used_at, key", arguments: arguments)
        for row in oldest where excess > 0 {
            guard let id = Int64.fromDatabaseValue(row[0]), let size = Int.fromDatabaseValue(row[1]),
                (0...Self.mostBytes).contains(size)
            else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            try database.execute(sql: "DELETE FROM entries WHERE rowid = ?", arguments: [id])
            excess -= size
        }
    }

    func remove(_ key: String) throws {
        guard try read({ _ in true }) == true else { return }
        try write { try $0.execute(sql: "DELETE FROM entries WHERE key = ?", arguments: [key]) }
    }

    func touch(_ uses: [String: Int64]) throws {
        guard !uses.isEmpty else { return }
        try write { database in
            let statement = try database.cachedStatement(sql: "UPDATE entries SET used_at = ? WHERE key = ?")
            for (key, time) in uses { try statement.execute(arguments: [time, key]) }
        }
    }

    func count(_ filter: PruneFilter?, now: Moment, bootID: String) throws -> PruneResult {
        try read { database in
            guard let filter else {
                let row = try Row.fetchOne(database, sql: "SELECT sum(entries), sum(bytes) FROM sizes")
                return try PruneResult(row)
            }
            let (condition, arguments) = Self.condition(filter, now: now, bootID: bootID)
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*), sum(size) FROM entries WHERE \(condition)", arguments: arguments)
            return try PruneResult(row)
        } ?? PruneResult(entries: 0, bytes: 0)
    }

    func entries(
        of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int, now: Moment,
        bootID: String
    ) throws -> [CachedEntry] {
        let column =
            switch order {
            case .used: "used_at"
            case .stored: "stored_wall"
            case .size: "size"
            }
        let filter = provider == nil ? "" : "WHERE provider = ?"
        let arguments: StatementArguments = provider.map { [$0] } ?? []
        return try read { database -> [CachedEntry] in
            // The rows are put in order without their payloads, which are read one at a time.
            let rows = try Int64.fetchAll(
                database, sql: "SELECT rowid FROM entries \(filter) ORDER BY \(column) DESC, key LIMIT ? OFFSET ?",
                arguments: arguments + [count, first])
            let statement = try database.cachedStatement(sql: "SELECT * FROM entries WHERE rowid = ?")
            return try rows.compactMap { row in
                try Row.fetchOne(statement, arguments: [row]).map { CachedEntry(row: $0, now: now, bootID: bootID) }
            }
        } ?? []
    }

    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) throws -> [CachedEntry] {
        try read { database -> [CachedEntry] in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM entries WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
                arguments: [prefix, prefix + "\u{10FFFF}", count])
            return rows.map { CachedEntry(row: $0, now: now, bootID: bootID) }
        } ?? []
    }

    func remove(_ filter: PruneFilter, now: Moment, bootID: String, atMost: Int) throws -> PruneResult {
        guard try read({ _ in true }) == true else { return PruneResult(entries: 0, bytes: 0) }
        return try write { database in
            let (condition, arguments) = Self.condition(filter, now: now, bootID: bootID)
            let sizes = try Int.fetchAll(
                database,
                sql: """
                    DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE \(condition) LIMIT ?)
                    RETURNING size
                    """, arguments: arguments + [atMost])
            return PruneResult(entries: sizes.count, bytes: sizes.reduce(0, &+))
        }
    }

    /// The same as ``CacheStore/matches(_:_:now:bootID:)``, in SQL.
    private static func condition(
        _ filter: PruneFilter, now: Moment, bootID: String
    ) -> (sql: String, arguments: StatementArguments) {
        switch filter {
        case .everything: ("1", [])
        case .provider(let name): ("provider = ?", [name])
        case .olderThan(let seconds): ("stored_wall <= ?", [now.wall - PruneFilter.microseconds(seconds)])
        case .expired:
            (
                """
                CASE WHEN boot_id = ? THEN ? - stored_since_boot ELSE ? - stored_wall END
                    NOT BETWEEN 0 AND coalesce(lifetime - 1, 9223372036854775807)
                """, [bootID, now.sinceBoot, now.wall]
            )
        }
    }

    // MARK: - The file

    private func read<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.read(body)
        }
    }

    private func write<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value {
        try mending {
            guard let queue = try open(creating: true) else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
            return try queue.write(body)
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
            if let opened, opened.inode == inode, opened.inode != nil { return opened.queue }
            opened = nil
            guard creating || inode != nil else { return nil }
            let queue = try makeQueue()
            opened = Opened(queue: queue, inode: inode)
            return queue
        }
    }

    /// What tells the file from another at the same path; nil when there is none.
    private var inode: UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private func makeQueue() throws -> DatabaseQueue {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // Made by hand, so that the file and those that SQLite puts beside it are the owner's only.
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        var settings = Configuration()
        settings.busyMode = .timeout(10)
        settings.journalMode = .wal
        let queue = try DatabaseQueue(path: path, configuration: settings)
        if try queue.read(Self.migrator.hasBeenSuperseded) { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        do {
            if try !queue.read(Self.migrator.hasCompletedMigrations) { try Self.migrator.migrate(queue) }
        } catch {
            // Another process may have made the tables meanwhile.
            guard try queue.read(Self.migrator.hasCompletedMigrations) else { throw error }
        }
        return queue
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries") { try $0.execute(sql: schema) }
        return migrator
    }

    /// Times are in microseconds. `sizes` is kept by the transactions that change `entries`.
    private static let schema = """
        CREATE TABLE entries (
            key TEXT PRIMARY KEY, prompt TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            boot_id TEXT NOT NULL, stored_wall INTEGER NOT NULL, stored_since_boot INTEGER NOT NULL,
            lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL, checksum TEXT NOT NULL,
            payload BLOB NOT NULL);
        CREATE INDEX entries_prompt ON entries(prompt);
        CREATE TABLE sizes (provider TEXT PRIMARY KEY, entries INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
            INSERT INTO sizes VALUES (new.provider, 1, new.size)
            ON CONFLICT DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE sizes SET entries = entries - 1, bytes = bytes - old.size WHERE provider = old.provider;
        END;
        """
}
