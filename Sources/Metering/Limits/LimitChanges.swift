public import Configuration
public import Core
import Foundation
import GRDB

/// A limit's key, as the configuration spells it: `requests_per_minute`, `cost_per_day`, `max_concurrent`.
public enum LimitKey: Hashable, Sendable, CustomStringConvertible {
    case bucket(LimitMetric, LimitPeriod)
    case cost(LimitPeriod)
    case maxConcurrent

    /// Reads a key; nil for anything else.
    public init?(_ text: String) {
        if text == ConcurrencyLevel.key {
            self = .maxConcurrent
            return
        }
        guard let separator = text.range(of: "_per_", options: .backwards),
            let period = LimitPeriod(rawValue: String(text[separator.upperBound...]))
        else { return nil }
        let counted = String(text[..<separator.lowerBound])
        if counted == "cost" {
            guard [.hour, .day, .month].contains(period) else { return nil }
            self = .cost(period)
        } else {
            guard let metric = LimitMetric(rawValue: counted), metric == .requests || period != .second else {
                return nil
            }
            self = .bucket(metric, period)
        }
    }

    public var description: String {
        switch self {
        case .bucket(let metric, let period): "\(metric.rawValue)_per_\(period.rawValue)"
        case .cost(let period): "cost_per_\(period.rawValue)"
        case .maxConcurrent: ConcurrencyLevel.key
        }
    }
}

/// A limit that holds for a while in place of the configuration's.
public struct LimitChange: Hashable, Sendable, CustomStringConvertible {
    /// When the configuration counts again.
    public enum End: Hashable, Sendable {
        /// At a wall time: a budget's period ends then.
        case at(Int64)
        /// When that session ends.
        case withSession(ULID)
        /// When the session ends that begins next.
        case withNextSession
    }

    public var scope: LimitScope
    public var key: LimitKey
    /// Units, calls, or pico-dollars for a cost.
    public var value: Int64
    public var end: End

    /// `openai cost_per_day is $8 for now`.
    public var description: String {
        "\(scope) \(key) is \(amount) for now"
    }

    /// What is undone when it is taken back.
    var undoing: String { "the change of \(scope) \(key) to \(amount)" }

    private var amount: String {
        if case .cost = key { "$" + Money(picodollars: value).dollars } else { value.grouped }
    }
}

/// The changes that hold now.
struct LimitChanges: Hashable {
    /// A change and the wall time until which it holds at most.
    struct Written: Hashable {
        var scope: LimitScope
        var key: LimitKey
        var value: Int64
        var until: Int64
    }

    private var values: [LimitScope: [LimitKey: Int64]] = [:]

    init() {}

    /// Reads the changes that hold at a wall time.
    init(in database: Database, now: Int64) throws { self.init(try Self.written(in: database, after: now), now: now) }

    /// Those of some changes that hold at a wall time.
    init(_ changes: [Written], now: Int64) {
        for change in changes where change.until > now { values[change.scope, default: [:]][change.key] = change.value }
    }

    /// The changes that hold after a wall time.
    static func written(in database: Database, after now: Int64 = .min) throws -> [Written] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT scope, name, key, value, until FROM limit_changes WHERE until > ?"),
            arguments: [now]
        ).compactMap { row in
            let scope = LimitScope(kind: try row.value(at: 0), name: try row.value(at: 1))
            guard let scope, let key = LimitKey(try row.value(at: 2)) else { return nil }
            return Written(scope: scope, key: key, value: try row.value(at: 3), until: try row.value(at: 4))
        }
    }

    var scopes: [LimitScope] { Array(values.keys) }

    /// A scope's limits with the changes on top; nil when there are none at all.
    func applied(to written: LimitSet?, at scope: LimitScope) -> LimitSet? {
        guard let changed = values[scope] else { return written }
        var set = written ?? LimitSet()
        for (key, value) in changed {
            switch key {
            case .bucket(let metric, let period): set[metric, period] = Int(value)
            case .cost(let period): set.costs[period] = Money(picodollars: value)
            case .maxConcurrent: set.maxConcurrent = Int(value)
            }
        }
        return set
    }
}

extension LimitScope {
    /// The scope of a kind and a name, as ``kind`` and ``name`` give them; nil when there is none.
    public init?(kind: String, name: String) {
        switch kind {
        case "global": self = .global
        case "provider": self = .provider(name)
        case "model": self = .model(name)
        case "role":
            guard let role = RoleName(rawValue: name) else { return nil }
            self = .role(role)
        default: return nil
        }
    }
}

extension RateLimiter {
    /// Raises or lowers a limit for a while, for every process of the workspace; who waits is tried again at once.
    ///
    /// A budget's change holds until its period ends. Any other holds until `session` ends, or where that is nil, the one
    /// that begins next: what shall last is written in config.yml. The change is recorded with its time and `author`.
    /// Returns what holds now.
    public func change(
        _ key: LimitKey, at scope: LimitScope, to value: Int64, during session: ULID?, by author: String
    ) throws(LedgerError) -> LimitChange {
        let now = time.now().wall
        let end: LimitChange.End =
            switch key {
            case .cost(let period): .at(settings.bounds(of: period, at: now).upperBound)
            case .bucket, .maxConcurrent: session.map { .withSession($0) } ?? .withNextSession
            }
        let change = LimitChange(scope: scope, key: key, value: max(0, value), end: end)
        try ledger.write { database in
            try Ledger.noteUndoable(
                change.undoing, before: try LimitChanges.before(key, at: scope, in: database), in: database)
            try database.execute(
                sql: "INSERT OR REPLACE INTO limit_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    scope.kind, scope.name, key.description, change.value, end.until, now, author, end.session,
                ])
            try self.ledger.noteLimitChanges(in: database)
        }
        line.ring()
        return change
    }

    /// What tells that limits were changed since: it grows with each change, also of another process.
    public func changeCount() throws(LedgerError) -> Int64 {
        try ledger.read { database in
            try Int64.fetchOne(database, sql: "SELECT coalesce(max(made_at), 0) FROM limit_changes") ?? 0
        } ?? 0
    }
}

extension LimitChange.End {
    /// The wall time that decides where no session does.
    fileprivate var until: Int64 { if case .at(let wall) = self { wall } else { .max } }

    /// As the database keeps it: null where a time decides, empty for the session that begins next.
    fileprivate var session: String? {
        switch self {
        case .at: nil
        case .withSession(let id): id.description
        case .withNextSession: ""
        }
    }
}

extension LimitChanges {
    /// Gives the changes to a session that were waiting for the next one to begin.
    static func adopt(by session: ULID, in database: Database) throws {
        try database.execute(
            sql: "UPDATE limit_changes SET session = ? WHERE session = ''", arguments: [session.description])
    }

    /// Ends the changes that end with a session.
    static func end(with session: String, in database: Database) throws {
        try database.execute(sql: "DELETE FROM limit_changes WHERE session = ?", arguments: [session])
    }
}
