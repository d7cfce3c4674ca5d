import Core
import Foundation
import GRDB
import Synchronization

/// Entries in an SQLite file that all processes of a workspace share. It is safe to delete at any time: what it held are
/// misses, as when it is damaged.
final class SQLiteCacheStore: CacheStore {
    let path: String
    private let file: CacheFile
    private let victims = Mutex(Victims<Int64>())

    /// More than a file ever holds: a pebibyte.
    private static let mostBytes = 1 << 50

    init(path: String) {
        self.path = path
        // The index of a hundred thousand entries: those that are written are all over it.
        file = CacheFile(path: path, pragmas: "PRAGMA cache_size = -16000")
    }

    func record(_ key: String) throws -> Data? {
        try file.readOnce { database in
            var statement = try BareStatement("SELECT record FROM entries WHERE number = ? AND key = ?", in: database)
            statement.bind(Self.number(key))
            statement.bind(key)
            return try statement.step() ? statement.data : nil
        } ?? nil
    }

    func hasNeighbour(of key: String) throws -> Bool {
        let words = String(key.prefix(CacheKey.wordDigits))
        return try file.readOnce { database in
            try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT EXISTS (SELECT 1 FROM entries WHERE number BETWEEN ? AND ? AND key != ?)"),
                arguments: [Self.number(words), Self.number(words, filledWith: 15), key])
        } == true
    }

    func departure(of key: String) throws -> MissCause? {
        try file.read { database in
            try String.fetchOne(
                database.cachedStatement(sql: "SELECT cause FROM departed WHERE slot = ? AND number = ?"),
                arguments: [Self.slot(Self.number(key)), Self.number(key)])
        }.flatMap { $0 }.flatMap(MissCause.init)
    }

    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) throws {
        try file.write { database in
            var found = try Found(for: entry, in: database)
            if found.isThere {
                try Self.delete(Self.number(entry.key), in: database)
                found = try Found(for: entry, in: database)
            }
            guard entry.size <= min(caps.total, caps.provider) else { return }
            if found.size > Double(min(caps.total, caps.provider) - entry.size) {
                let sizes = try Self.sizes(of: entry.provider, in: database)
                let freed = try makeRoom(
                    sizes.provider + entry.size - caps.provider, provider: entry.provider, in: database)
                _ = try makeRoom(sizes.total - freed + entry.size - caps.total, provider: nil, in: database)
                found = try Found(for: entry, in: database)
            }
            victims.withLock { $0.forget(from: usedAt) }
            try Self.insert(entry, after: found, usedAt: usedAt, in: database)
        }
    }

    private static func delete(_ number: Int64, in database: Database) throws {
        var statement = try BareStatement("DELETE FROM entries WHERE number = ?", in: database)
        statement.bind(number)
        _ = try statement.step()
    }

    private static func insert(
        _ entry: CacheEntry, after found: Found, usedAt: Int64, in database: Database
    ) throws {
        let provider = try found.provider ?? Self.addProvider(entry.provider, in: database)
        var run = found.run
        if run.provider != provider {
            try database.cachedStatement(
                sql: "UPDATE providers SET entries = entries + ?, bytes = bytes + ? WHERE id = ?"
            ).execute(arguments: [run.entries, run.bytes, run.provider])
            run = Run(provider: provider)
        }
        let sql = "INSERT INTO entries VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        var statement = try BareStatement(sql, in: database)
        statement.bind(number(entry.key))
        statement.bind(entry.key)
        statement.bind(provider)
        statement.bind(entry.model)
        statement.bind(try found.boot ?? Self.addBoot(entry.lifetime.bootID, in: database))
        statement.bind(entry.lifetime.stored.wall)
        statement.bind(entry.lifetime.stored.sinceBoot)
        statement.bind(entry.lifetime.length)
        statement.bind(usedAt)
        statement.bind(Int64(entry.size))
        statement.bind(run.entries + 1)
        statement.bind(run.bytes + Int64(entry.size))
        statement.bind(entry.record)
        _ = try statement.step()
    }

    private static func addProvider(_ name: String, in database: Database) throws -> Int64 {
        try database.execute(sql: "INSERT INTO providers VALUES (NULL, ?, 0, 0)", arguments: [name])
        return database.lastInsertedRowID
    }

    private static func addBoot(_ name: String, in database: Database) throws -> Int64 {
        try database.execute(sql: "INSERT INTO boots VALUES (NULL, ?)", arguments: [name])
        return database.lastInsertedRowID
    }

    /// What the newest entries, of one provider, come to, which that provider's row does not count yet.
    private struct Run {
        var provider: Int64?
        var entries: Int64 = 0
        var bytes: Int64 = 0
    }

    /// What a write has to know.
    private struct Found {
        /// The bytes of all entries, which mostly tells that there is room.
        var size: Double
        /// Whether there is an entry of the same number.
        var isThere: Bool
        /// The numbers of the provider and of the boot; nil for new ones.
        var provider: Int64?
        var boot: Int64?
        var run: Run

        init(for entry: CacheEntry, in database: Database) throws {
            let sql = """
                SELECT total(bytes), EXISTS (SELECT 1 FROM entries WHERE number = ?),
                    max(providers.id) FILTER (WHERE name = ?), (SELECT id FROM boots WHERE name = ?),
                    newest.provider, run_entries, run_bytes FROM providers LEFT JOIN newest
                """
            var statement = try BareStatement(sql, in: database)
            statement.bind(number(entry.key))
            statement.bind(entry.provider)
            statement.bind(entry.lifetime.bootID)
            _ = try statement.step()
            isThere = statement.integer(1) == 1
            provider = statement.integer(2)
            boot = statement.integer(3)
            run = Run(provider: statement.integer(4))
            run.entries = statement.integer(5) ?? 0
            run.bytes = statement.integer(6) ?? 0
            size = statement.real(0) + Double(run.bytes)
            guard [size, Double(run.entries), Double(run.bytes)].allSatisfy({ (0...Double(mostBytes)).contains($0) })
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        }
    }

    /// The bytes of a provider's entries, and of all.
    private static func sizes(of provider: String, in database: Database) throws -> (provider: Int, total: Int) {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: "SELECT name, bytes FROM sizes"))
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
                database.cachedStatement(
                    sql: "DELETE FROM entries WHERE id = ? AND used_at = ? RETURNING size, number"),
                arguments: [victim.id, victim.usedAt])
            for row in removed {
                guard let size = Int.fromDatabaseValue(row[0]), (0...Self.mostBytes).contains(size),
                    let number = Int64.fromDatabaseValue(row[1])
                else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
                try Self.noteDeparture(.evicted, of: number, in: database)
                freed += size
            }
        }
        return freed
    }

    /// The entry that was used longest ago; nil when there is none.
    private func nextVictim(of provider: String?, in database: Database) throws -> Victims<Int64>.Victim? {
        if let victim = victims.withLock({ $0.next(of: provider) }) { return victim }
        let filter = provider == nil ? "" : "WHERE \(Self.isOfProvider)"
        let found = try Row.fetchAll(
            database, sql: "SELECT id, used_at FROM entries \(filter) ORDER BY used_at, number LIMIT ?",
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

    /// Notes why the entry of a number goes.
    static func noteDeparture(_ cause: MissCause, of number: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO departed VALUES (?, ?, ?)")
            .execute(arguments: [slot(number), number, cause.rawValue])
    }

    func remove(_ key: String) throws {
        guard file.isThere else { return }
        try file.write { database in
            try Self.delete(Self.number(key), in: database)
            // Why an earlier one went is not why this one does.
            try database.execute(
                sql: "DELETE FROM departed WHERE slot = ? AND number = ?",
                arguments: [Self.slot(Self.number(key)), Self.number(key)])
        }
    }

    func touch(_ uses: [String: Int64]) throws {
        guard let earliest = uses.values.min() else { return }
        victims.withLock { $0.forget(from: earliest) }
        try file.write { database in
            let statement = try database.cachedStatement(sql: "UPDATE entries SET used_at = ? WHERE number = ?")
            for (key, time) in uses { try statement.execute(arguments: [time, Self.number(key)]) }
        }
    }

    func count(_ filter: PruneFilter?, now: Moment, bootID: String) throws -> PruneResult {
        try file.read { database in
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
        let filter = provider == nil ? "" : "WHERE \(Self.isOfProvider)"
        let arguments: StatementArguments = provider.map { [$0] } ?? []
        return try file.read { database -> [CachedEntry] in
            // The rows are put in order without their records, which are read one at a time.
            let rows = try Int64.fetchAll(
                database, sql: "SELECT id FROM entries \(filter) ORDER BY \(column) DESC, number LIMIT ? OFFSET ?",
                arguments: arguments + [count, first])
            let statement = try database.cachedStatement(sql: "\(Self.named) WHERE entries.id = ?")
            return try rows.compactMap { row in
                try Row.fetchOne(statement, arguments: [row]).map { CachedEntry(row: $0, now: now, bootID: bootID) }
            }
        } ?? []
    }

    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) throws -> [CachedEntry] {
        try file.read { database -> [CachedEntry] in
            let rows = try Row.fetchAll(
                database,
                sql: "\(Self.named) WHERE number BETWEEN ? AND ? AND key BETWEEN ? AND ? ORDER BY key LIMIT ?",
                arguments: [
                    Self.number(prefix), Self.number(prefix, filledWith: 15), prefix, prefix + "\u{10FFFF}", count,
                ])
            return rows.map { CachedEntry(row: $0, now: now, bootID: bootID) }
        } ?? []
    }

    /// Entries with the names of their providers and boots.
    private static let named = """
        SELECT entries.*, providers.name AS provider_name, boots.name AS boot_name FROM entries
        LEFT JOIN providers ON providers.id = provider LEFT JOIN boots ON boots.id = boot
        """

    private static let isOfProvider = "provider = (SELECT id FROM providers WHERE name = ?)"

    /// The same as ``CacheStore/matches(_:_:now:bootID:)``, in SQL.
    static func condition(
        _ filter: PruneFilter, now: Moment, bootID: String
    ) -> (sql: String, arguments: StatementArguments) {
        switch filter {
        case .everything: ("1", [])
        case .provider(let name): (isOfProvider, [name])
        case .key(let key): ("number = ? AND key = ?", [number(key), key])
        case .olderThan(let seconds): ("stored_wall <= ?", [now.wall - PruneFilter.microseconds(seconds)])
        case .expired:
            (
                """
                CASE WHEN boot = (SELECT id FROM boots WHERE name = ?) THEN ? - stored_since_boot ELSE ? - stored_wall END
                    NOT BETWEEN 0 AND coalesce(lifetime - 1, 9223372036854775807)
                """, [bootID, now.sinceBoot, now.wall]
            )
        }
    }

    /// A key as a number: its first 15 hexadecimal digits, in the same order, which is all that an index needs. Two of
    /// the same words share one in a case of 270 million; then the later takes the place.
    private static func number(_ key: String, filledWith filling: Int64 = 0) -> Int64 {
        var digits = key.utf8.makeIterator()
        return (0..<15).reduce(0) { number, _ in number << 4 | (digits.next().map(digit) ?? filling) }
    }

    /// Where it is noted why the entry of a number is gone: an entry that goes later may take the place.
    private static func slot(_ number: Int64) -> Int64 { number % 16_384 }

    private static func digit(_ byte: UInt8) -> Int64 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int64(byte - UInt8(ascii: "a")) + 10
        default: Int64(byte & 15)
        }
    }
}
