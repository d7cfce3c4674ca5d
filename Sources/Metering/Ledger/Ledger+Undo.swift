public import Core
import GRDB

/// A provider switch or a change of a limit that can be taken back.
public struct UndoableChange: Hashable, Sendable {
    public var id: Int64
    /// What it was: `the switch of scene_smith to local`.
    public var words: String
    /// What there was before, in the form of whoever takes it back.
    public var before: JSONValue
}

extension Ledger {
    /// How many changes can be taken back, one after another.
    private static let mostUndoable = 100

    /// Notes a change that can be taken back.
    public func noteUndoable(_ words: String, before: JSONValue) throws(LedgerError) {
        try write { database in try Self.noteUndoable(words, before: before, in: database) }
    }

    static func noteUndoable(_ words: String, before: JSONValue, in database: Database) throws {
        try database.execute(sql: "INSERT INTO undoable VALUES (NULL, ?, ?)", arguments: [words, before.text()])
        try database.execute(
            sql: "DELETE FROM undoable WHERE id <= ?", arguments: [database.lastInsertedRowID - Int64(mostUndoable)])
    }

    /// The newest change that can be taken back, which nobody else gets; nil when there is none.
    public func takeUndoable() throws(LedgerError) -> UndoableChange? {
        guard try read({ _ in true }) != nil else { return nil }
        return try write { database in
            let sql = "SELECT id, words, before FROM undoable ORDER BY id DESC LIMIT 1"
            guard let row = try Row.fetchOne(database, sql: sql) else { return nil }
            let change = UndoableChange(
                id: try row.value(at: 0), words: try row.value(at: 1),
                before: (try? JSONValue(parsing: try row.value(at: 2) as String)) ?? .null)
            try database.execute(sql: "DELETE FROM undoable WHERE id = ?", arguments: [change.id])
            return change
        }
    }
}

extension LimitChanges {
    /// How a limit is changed now, for ``RateLimiter/takeBack(_:)``.
    static func before(_ key: LimitKey, at scope: LimitScope, in database: Database) throws -> JSONValue {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT value, until, made_by, session FROM limit_changes WHERE scope = ? AND name = ? AND key = ?",
            arguments: [scope.kind, scope.name, key.description])
        var limit = JSONObject([
            ("scope", JSONValue(scope.kind)), ("name", JSONValue(scope.name)), ("key", JSONValue(key.description)),
        ])
        if let row {
            limit["value"] = JSONValue(try row.value(at: 0) as Int64)
            limit["until"] = JSONValue(try row.value(at: 1) as Int64)
            limit["author"] = JSONValue(try row.value(at: 2) as String)
            limit["session"] = JSONValue(try row.valueIfAny(at: 3) as String?)
        }
        return ["limit": .object(limit)]
    }
}

extension RateLimiter {
    /// Makes a limit what it was before a change, as ``UndoableChange/before`` tells it. Returns false when the change no
    /// longer holds, or it is none of a limit.
    public func takeBack(_ before: JSONValue) throws(LedgerError) -> Bool {
        guard let limit = before["limit"], let scope = limit["scope"]?.string, let name = limit["name"]?.string,
            let key = limit["key"]?.string
        else { return false }
        let now = time.now().wall
        let isTaken = try ledger.write { database in
            try database.execute(
                sql: "DELETE FROM limit_changes WHERE scope = ? AND name = ? AND key = ? AND until > ?",
                arguments: [scope, name, key, now])
            guard database.changesCount > 0 else { return false }
            if let value = limit["value"]?.int, let until = limit["until"]?.int, until > now {
                try database.execute(
                    sql: "INSERT INTO limit_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        scope, name, key, value, until, now, limit["author"]?.string ?? "", limit["session"]?.string,
                    ])
            }
            try self.ledger.noteLimitChanges(in: database)
            return true
        }
        line.ring()
        return isTaken
    }
}
