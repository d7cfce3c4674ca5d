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

    private let victims = Mutex(Victims<Int64>())

    /// The open database and the file that it is, which somebody may delete or replace at any time.
    private struct Opened {
        var queue: DatabaseQueue
        var file: OpenFile
    }

    /// More than a file ever holds: a pebibyte.
    private static let mostBytes = 1 << 50

    init(path: String) { self.path = path }

    func entry(_ key: String) throws -> CacheEntry? {
        try readOnce { database in
            let rows = try Row.fetchCursor(
                database.cachedStatement(sql: "SELECT * FROM entries WHERE id = ? AND key = ?"),
                arguments: [Self.id(key), key])
            return try rows.next().flatMap(CacheEntry.init)
        } ?? nil
    }

    func hasPrompt(_ prompt: String, besides key: String) throws -> Bool {
        try readOnce { database in
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
            try database.cachedStatement(sql: "DELETE FROM entries WHERE id = ?")
                .execute(arguments: [Self.id(entry.key)])
            guard entry.size <= min(caps.total, caps.provider) else { return }
            let sizes = try Self.sizes(of: entry.provider, in: database)
            let freed = try makeRoom(
                sizes.provider + entry.size - caps.provider, provider: entry.provider, in: database)
            _ = try makeRoom(sizes.total - freed + entry.size - caps.total, provider: nil, in: database)
            victims.withLock { $0.forget(from: usedAt) }
            try database.cachedStatement(sql: "DELETE FROM departed WHERE key = ?").execute(arguments: [entry.key])
            try database.cachedStatement(sql: "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .execute(
                    arguments: [
                        Self.id(entry.key), entry.key, entry.prompt, entry.provider, entry.model, entry.lifetime.bootID,
                        entry.lifetime.stored.wall, entry.lifetime.stored.sinceBoot, entry.lifetime.length, usedAt,
                        entry.size, entry.checksum, entry.payload,
                    ])
        }
    }

    /// The bytes of a provider's entries, and of all.
    private static func sizes(of provider: String, in database: Database) throws -> (provider: Int, total: Int) {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: "SELECT provider, bytes FROM sizes"))
        var sizes = (provider: 0, total: 0)
        while let row = try rows.next() {
            guard let bytes = Int.fromDatabaseValue(row[1]), (0...mostBytes).contains(bytes) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            sizes.total += bytes
            if String.fromDatabaseValue(row[0]) == provider { sizes.provider += bytes }
        }
        return sizes
    }

    /// Removes the entries that were used longest ago, of one provider or of all, until so many bytes are free.
    /// Returns how many they were.
    private func makeRoom(_ needed: Int, provider: String?, in database: Database) throws -> Int {
        var freed = 0
        while freed < needed, let victim = try nextVictim(of: provider, in: database) {
            let removed = try Row.fetchAll(
                database.cachedStatement(sql: "DELETE FROM entries WHERE id = ? AND used_at = ? RETURNING size, key"),
                arguments: [victim.id, victim.usedAt])
            for row in removed {
                guard let size = Int.fromDatabaseValue(row[0]), (0...Self.mostBytes).contains(size),
                    let key = String.fromDatabaseValue(row[1])
                else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
                try Self.noteDeparture(.evicted, of: [key], in: database)
                freed += size
            }
        }
        return freed
    }

    /// The entry that was used longest ago; nil when there is none.
    private func nextVictim(of provider: String?, in database: Database) throws -> Victims<Int64>.Victim? {
        if let victim = victims.withLock({ $0.next(of: provider) }) { return victim }
        let filter = provider == nil ? "" : "WHERE provider = ?"
        let found = try Row.fetchAll(
            database, sql: "SELECT id, used_at FROM entries \(filter) ORDER BY used_at, id LIMIT ?",
            arguments: (provider.map { [$0] } ?? []) + [Victims<Int64>.most]
        ).map { row -> Victims<Int64>.Victim in
            guard let id = Int64.fromDatabaseValue(row[0]), let usedAt = Int64.fromDatabaseValue(row[1]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return .init(id: id, usedAt: usedAt)
        }
        return victims.withLock { victims in
            victims.set(found, of: provider)
            return victims.next(of: provider)
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
        try write { try $0.execute(sql: "DELETE FROM entries WHERE id = ?", arguments: [Self.id(key)]) }
    }

    func touch(_ uses: [String: Int64]) throws {
        guard let earliest = uses.values.min() else { return }
        victims.withLock { $0.forget(from: earliest) }
        try write { database in
            let statement = try database.cachedStatement(sql: "UPDATE entries SET used_at = ? WHERE id = ?")
            for (key, time) in uses { try statement.execute(arguments: [time, Self.id(key)]) }
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
                database, sql: "SELECT id FROM entries \(filter) ORDER BY \(column) DESC, id LIMIT ? OFFSET ?",
                arguments: arguments + [count, first])
            let statement = try database.cachedStatement(sql: "SELECT * FROM entries WHERE id = ?")
            return try rows.compactMap { row in
                try Row.fetchOne(statement, arguments: [row]).map { CachedEntry(row: $0, now: now, bootID: bootID) }
            }
        } ?? []
    }

    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) throws -> [CachedEntry] {
        try read { database -> [CachedEntry] in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM entries WHERE id BETWEEN ? AND ? AND key BETWEEN ? AND ? ORDER BY key LIMIT ?",
                arguments: [
                    Self.id(prefix), Self.id(prefix, filledWith: 15), prefix, prefix + "\u{10FFFF}", count,
                ])
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
                    DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE \(condition) LIMIT ?)
                    RETURNING size, key
                    """, arguments: arguments + [atMost])
            let sizes = removed.map { Int.fromDatabaseValue($0[0]) ?? 0 }
            let keys = removed.suffix(mostDeparted).compactMap { String.fromDatabaseValue($0[1]) }
            try Self.noteDeparture(filter.cause, of: keys, in: database)
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

    /// A key as a number: its first 15 hexadecimal digits, in the same order, so that a table sorted by it needs no
    /// index of keys. Of 100,000 entries two share one in a case of 200 million; then the later takes the place.
    private static func id(_ key: String, filledWith filling: Int64 = 0) -> Int64 {
        var digits = key.utf8.makeIterator()
        return (0..<15).reduce(0) { id, _ in id << 4 | (digits.next().map(digit) ?? filling) }
    }

    private static func digit(_ byte: UInt8) -> Int64 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int64(byte - UInt8(ascii: "a")) + 10
        default: Int64(byte & 15)
        }
    }

    // MARK: - The file

    /// Runs a single query, which sees one state of the file without a transaction around it.
    private func readOnce<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.unsafeRead(body)
        }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value? {
        try mending {
            guard let queue = try open(creating: false) else { return nil }
            return try queue.read(body)
        }
    }

    private func write<Value>(_ body: (Database) throws -> Value) throws(CacheError) -> Value {
        try mending {
            guard let queue = try open(creating: true) else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
            return try queue.writeWithoutTransaction { database in
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
            guard creating || access(path, F_OK) == 0 else { return nil }
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
            settings.journalMode = .wal
            // Both indices of a hundred thousand entries: those that are written are all over them.
            // The journal is put into the file every 16 MB and not every 4: many pages are in it many times.
            settings.prepareDatabase {
                try $0.execute(sql: "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000")
            }
            let queue = try DatabaseQueue(path: path, configuration: settings)
            if try queue.read(Self.migrator.hasBeenSuperseded) { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            if try !queue.read(Self.migrator.hasCompletedMigrations) { try Self.migrator.migrate(queue) }
            return queue
        }
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries") { try $0.execute(sql: schema) }
        migrator.registerMigration("2 departed entries") { database in
            // The greatest ids are the newest.
            try database.execute(
                sql: "CREATE TABLE departed (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, cause TEXT NOT NULL)")
        }
        migrator.registerMigration("3 entries in bytes, by number") { try $0.execute(sql: thirdSchema) }
        return migrator
    }

    /// What was there was in a form that takes too long to read. The index holds all that decides which entries go.
    private static let thirdSchema = """
        DROP TABLE entries;
        DELETE FROM sizes;
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, prompt TEXT NOT NULL, provider TEXT NOT NULL,
            model TEXT NOT NULL, boot_id TEXT NOT NULL, stored_wall INTEGER NOT NULL,
            stored_since_boot INTEGER NOT NULL, lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL,
            checksum TEXT NOT NULL, payload BLOB NOT NULL);
        CREATE INDEX entries_prompt ON entries(prompt);
        CREATE INDEX entries_frame ON entries(
            stored_wall + lifetime, stored_wall, stored_since_boot, lifetime, boot_id, provider, used_at, size);
        CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
            INSERT INTO sizes VALUES (new.provider, 1, new.size)
            ON CONFLICT DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE sizes SET entries = entries - 1, bytes = bytes - old.size WHERE provider = old.provider;
        END;
        """

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
