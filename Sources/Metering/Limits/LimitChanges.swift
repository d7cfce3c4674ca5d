public import Configuration
import Core
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
    public var scope: LimitScope
    public var key: LimitKey
    /// Units, calls, or pico-dollars for a cost.
    public var value: Int64
    /// The wall time at which the configuration counts again.
    public var until: Int64

    public init(scope: LimitScope, key: LimitKey, value: Int64, until: Int64) {
        self.scope = scope
        self.key = key
        self.value = value
        self.until = until
    }

    /// `openai cost_per_day is $8 for now`.
    public var description: String {
        let amount = if case .cost = key { "$" + Money(picodollars: value).dollars } else { value.grouped }
        return "\(scope) \(key) is \(amount) for now"
    }
}

/// The changes that hold now.
struct LimitChanges: Hashable {
    private var values: [LimitScope: [LimitKey: Int64]] = [:]

    init() {}

    /// Reads the changes that hold at a wall time.
    init(in database: Database, now: Int64) throws {
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: "SELECT scope, name, key, value FROM limit_changes WHERE until > ?"),
            arguments: [now])
        while let row = try rows.next() {
            let scope = LimitScope(kind: try row.value(at: 0), name: try row.value(at: 1))
            guard let scope, let key = LimitKey(try row.value(at: 2)) else { continue }
            values[scope, default: [:]][key] = try row.value(at: 3)
        }
    }

    /// Those of some changes that hold at a wall time.
    init(_ changes: [LimitChange], now: Int64) {
        for change in changes where change.until > now { values[change.scope, default: [:]][change.key] = change.value }
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
    /// A budget's change holds until its period ends, any other for a day at the longest: what shall last is written in
    /// config.yml. The change is recorded with its time and `author`. Returns what holds now.
    public func change(
        _ key: LimitKey, at scope: LimitScope, to value: Int64, by author: String
    ) throws(LedgerError) -> LimitChange {
        let now = time.now()
        let until: Int64 =
            switch key {
            case .cost(let period): settings.bounds(of: period, at: now.wall).upperBound
            case .bucket, .maxConcurrent: now.wall + 86_400_000_000
            }
        let change = LimitChange(scope: scope, key: key, value: max(0, value), until: until)
        try store.change(change, at: now, by: author)
        line.ring()
        return change
    }

    /// What tells that limits were changed since: it grows with each change, also of another process.
    public func changeCount() throws(LedgerError) -> Int64 { try store.changeCount() }
}
