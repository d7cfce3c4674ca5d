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

    func departure(of key: String) throws -> MissCause? {
        try read { database in
            try String.fetchOne(
                database.cachedStatement(sql: "SELECT cause FROM departed WHERE key = ?"), arguments: [key])
        }.flatMap { $0 }.flatMap(MissCause.init)
    }

    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) throws {
        try write { database in
            try database.cachedStatement(sql: "DELETE FROM entries WHERE key = ?").execute(arguments: [entry.key])
            guard entry.size <= min(caps.total, caps.provider) else { return }
            try Self.makeRoom(entry.size, below: caps.provider, provider: entry.provider, in: database)
            try Self.makeRoom(entry.size, below: caps.total, provider: nil, in: database)
            try database.cachedStatement(sql: "DELETE FROM departed WHERE key = ?").execute(arguments: [entry.key])
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
        var excess = (used ?? 0) + needed - cap
        guard excess > 0 else { return }
        let oldest = try Row.fetchAll(
            database, sql: "SELECT key, size FROM entries \(filter) ORDER BY used_at, key", arguments: arguments)
        for row in oldest where excess > 0 {
            let key: String = row["key"]
            try noteDeparture(.evicted, of: [key], in: database)
            try database.execute(sql: "DELETE FROM entries WHERE key = ?", arguments: [key])
            excess -= row["size"] as Int
        }
    }

    /// Notes why entries go.
    private static func noteDeparture(_ cause: MissCause, of keys: [String], in database: Database) throws {
        guard !keys.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO departed (key, cause) VALUES (?, ?)")
        for key in keys { try statement.execute(arguments: [key, cause.rawValue]) }
        try database.cachedStatement(sql: "DELETE FROM departed WHERE id <= (SELECT max(id) FROM departed) - ?")
            .execute(arguments: [mostDeparted])
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
                return PruneResult(entries: row?[0] ?? 0, bytes: row?[1] ?? 0)
            }
            let (condition, arguments) = Self.condition(filter, now: now, bootID: bootID)
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*), sum(size) FROM entries WHERE \(condition)", arguments: arguments)
            return PruneResult(entries: row?[0] ?? 0, bytes: row?[1] ?? 0)
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
            let removed = try Row.fetchAll(
                database,
                sql: """
                    DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE \(condition) LIMIT ?)
                    RETURNING size, key
                    """, arguments: arguments + [atMost])
            let sizes = removed.map { $0[0] as Int }
            try Self.noteDeparture(filter.cause, of: removed.suffix(Self.mostDeparted).map { $0[1] }, in: database)
            return PruneResult(entries: sizes.count, bytes: sizes.reduce(0, +))
        }
    }

    /// The same as ``CacheStore/matches(_:_:now:bootID:)``, in SQL.
    private static func condition(
        _ filter: PruneFilter, now: Moment, bootID: String
    ) -> (sql: String, arguments: StatementArguments) {
        switch filter {
        case .everything: ("1", [])
        case .provider(let name): ("provider = ?", [name])
        case .key(let key): ("key = ?", [key])
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

    private func read<Value>(_ body: (Database) throws -> Value) throws -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.read(body)
        }
    }

    private func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try mending {
            guard let queue = try open(creating: true) else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
            return try queue.write(body)
        }
    }

    /// Tries once more on a new file when the present one is damaged.
    private func mending<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
            || error.message?.contains("malformed") == true
        {
            opened.withLock { $0 = nil }
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            return try body()
        }
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

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries") { try $0.execute(sql: schema) }
        migrator.registerMigration("2 departed entries") { database in
            // The greatest ids are the newest.
            try database.execute(
                sql: "CREATE TABLE departed (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, cause TEXT NOT NULL)")
        }
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

extension CacheEntry {
    /// Reads a row; nil when a value is not of its column's type.
    fileprivate init?(row: Row) {
        func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? { .fromDatabaseValue(row[column]) }
        guard let key: String = value("key"), let prompt: String = value("prompt"),
            let provider: String = value("provider"), let model: String = value("model"),
            let bootID: String = value("boot_id"), let wall: Int64 = value("stored_wall"),
            let sinceBoot: Int64 = value("stored_since_boot"), let checksum: String = value("checksum"),
            let payload: Data = value("payload")
        else { return nil }
        self.init(
            key: key, prompt: prompt, provider: provider, model: model,
            lifetime: Lifetime(
                bootID: bootID, stored: Moment(wall: wall, sinceBoot: sinceBoot), length: value("lifetime")),
            payload: payload, checksum: checksum)
    }
}

extension CachedEntry {
    /// Reads a row as far as it can be read.
    fileprivate init(row: Row, now: Moment, bootID: String) {
        func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
        func number(_ column: String) -> Int64 { Int64.fromDatabaseValue(row[column]) ?? 0 }
        let entry =
            CacheEntry(row: row)
            ?? CacheEntry(
                key: text("key"), prompt: text("prompt"), provider: text("provider"), model: text("model"),
                lifetime: Lifetime(
                    bootID: text("boot_id"),
                    stored: Moment(wall: number("stored_wall"), sinceBoot: number("stored_since_boot")), length: nil),
                payload: Data(), checksum: "none")
        self.init(entry, usedAt: number("used_at"), now: now, bootID: bootID)
        size = Int(number("size"))
    }
}
