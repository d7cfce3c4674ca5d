public import Configuration
public import Core
import Foundation
import GRDB

/// How the cache's look-ups went, and what its answers saved.
public struct LookupTotals: Hashable, Sendable {
    /// Answers that came without a provider call, the shared ones included.
    public var hits = 0
    public var shared = 0
    public var misses = 0
    public var bypassed = 0
    public var savedCost = Money.zero
    public var savedTokens = 0

    public init() {}

    /// hits / (hits + misses); nil when nothing was looked up.
    public var hitRate: Double? { hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil }
    public var lookups: Int { hits + misses + bypassed }
}

/// What one role did in a session.
public struct RoleTotals: Hashable, Sendable {
    public var lookups = LookupTotals()
    public var cost = Money.zero
    /// Whether a model without a price was used, so that ``cost`` is not the whole.
    public var isUnpriced = false

    public init() {}
}

/// What was spent, by stretch of time.
public struct CostTotals: Hashable, Sendable {
    public var session = Money.zero
    public var today = Money.zero
    public var month = Money.zero
    public var all = Money.zero
    public var saved = Money.zero
    /// How much of ``all`` is estimated.
    public var estimated = Money.zero
    /// What calls under way may still cost.
    public var reserved = Money.zero
    /// Dollars an hour over the last ten minutes, or over the session while that is younger; nil when nothing was
    /// spent.
    public var burnPerHour: Money?
    /// Dollars an hour over the whole session.
    public var sessionBurnPerHour: Money?

    public init() {}
}

/// Answers what was spent and saved, from the ledger and its running sums. Reads only; a ledger that was never
/// written counts as zero.
public struct CostTracker: Sendable {
    private let ledger: Ledger
    private let settings: RateLimitSettings

    public init(ledger: Ledger, settings: RateLimitSettings) {
        self.ledger = ledger
        self.settings = settings
    }

    public func costs(of session: ULID?, startedAt: Int64?) throws(LedgerError) -> CostTotals {
        let now = ledger.time.now().wall
        let totals = try ledger.read { database in
            var totals = CostTotals()
            let name = session?.description ?? ""
            totals.session = try SQLSum.money(database, "cost", from: "ledger WHERE session = ?", arguments: [name])
            totals.today = try spent(in: .day, at: now, database)
            totals.month = try spent(in: .month, at: now, database)
            totals.all = try SQLSum.money(database, "cost", from: "spending WHERE scope = 'global'")
            totals.saved = try Money(picodollars: total("saved_cost", database))
            totals.estimated = try Money(picodollars: total("estimated_cost", database))
            totals.reserved = try SQLSum.money(database, "worst_cost", from: "attempts")
            guard let startedAt else { return totals }
            let window = max(60_000_000, min(600_000_000, now - startedAt))
            let recent = try SQLSum.money(
                database, "cost", from: "ledger WHERE settled_at > ?", arguments: [now - window])
            totals.burnPerHour = Self.perHour(recent, over: window)
            totals.sessionBurnPerHour = Self.perHour(totals.session, over: max(60_000_000, now - startedAt))
            return totals
        }
        return totals ?? CostTotals()
    }

    /// Look-ups of a session, of today, and of all time.
    public func lookups(
        of session: ULID?
    ) throws(LedgerError) -> (session: LookupTotals, today: LookupTotals, all: LookupTotals) {
        let now = ledger.time.now().wall
        let figures = try ledger.read { database in
            let own = try lookups("session = ?", [session?.description ?? ""], database)
            let start = bounds(of: .day, at: now).lowerBound
            let today = try lookups("settled_at >= ?", [start], database)
            var all = LookupTotals()
            all.shared = try Int(clamping: total("shared", database))
            all.hits = try Int(clamping: total("hit", database)) + all.shared
            all.misses = try Int(clamping: total("miss", database))
            all.bypassed = try Int(clamping: total("bypassed", database))
            all.savedCost = try Money(picodollars: total("saved_cost", database))
            all.savedTokens = try Int(clamping: total("saved_tokens", database))
            return (own, today, all)
        }
        return figures ?? (LookupTotals(), LookupTotals(), LookupTotals())
    }

    /// Each role's part in a session.
    public func roles(of session: ULID) throws(LedgerError) -> [RoleName: RoleTotals] {
        let rows = try ledger.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT role, lookup, count(*), \(SQLSum.expression("cost")), sum(cost IS NULL), 
                    \(SQLSum.expression("saved_cost")), sum(saved_tokens)
                    FROM ledger WHERE session = ? GROUP BY role, lookup
                    """, arguments: [session.description])
        }
        var result: [RoleName: RoleTotals] = [:]
        for row in rows ?? [] {
            guard let role = RoleName(rawValue: row[0]) else { continue }
            var totals = result[role] ?? RoleTotals()
            totals.lookups.add(row[2], of: Lookup(rawValue: row[1]) ?? .none)
            totals.lookups.savedCost += SQLSum.money(row, at: 6)
            totals.lookups.savedTokens += (row[8] as Int?) ?? 0
            totals.cost += SQLSum.money(row, at: 3)
            totals.isUnpriced = totals.isUnpriced || (row[5] as Int) > 0
            result[role] = totals
        }
        return result
    }

    /// How often each cause of a miss occurred in a session.
    public func missCauses(of session: ULID) throws(LedgerError) -> [String: Int] {
        let rows = try ledger.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT miss_cause, count(*) FROM ledger
                    WHERE session = ? AND lookup = 'miss' AND miss_cause IS NOT NULL GROUP BY 1
                    """, arguments: [session.description])
        }
        return Dictionary(uniqueKeysWithValues: (rows ?? []).map { ($0[0] as String, $0[1] as Int) })
    }

    private func lookups(_ filter: String, _ arguments: StatementArguments, _ database: Database) throws -> LookupTotals
    {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT lookup, count(*), \(SQLSum.expression("saved_cost")), sum(saved_tokens)
                FROM ledger WHERE \(filter) GROUP BY lookup
                """, arguments: arguments)
        return rows.reduce(into: LookupTotals()) { totals, row in
            totals.add(row[1], of: Lookup(rawValue: row[0]) ?? .none)
            totals.savedCost += SQLSum.money(row, at: 2)
            totals.savedTokens += (row[4] as Int?) ?? 0
        }
    }

    private func spent(in period: LimitPeriod, at wall: Int64, _ database: Database) throws -> Money {
        try BudgetLevel(scope: .global, period: period, limit: .greatest)
            .standing(in: database, bounds: bounds(of: period, at: wall)).spent
    }

    private func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
    }

    private func total(_ name: String, _ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT value FROM totals WHERE name = ?", arguments: [name]) ?? 0
    }

    private static func perHour(_ cost: Money, over microseconds: Int64) -> Money? {
        guard cost > .zero else { return nil }
        return Money(picodollars: cost.picodollars * 3_600_000_000 / Int128(microseconds))
    }
}

extension LookupTotals {
    fileprivate mutating func add(_ count: Int, of lookup: Lookup) {
        switch lookup {
        case .hit: hits += count
        case .shared:
            hits += count
            shared += count
        case .miss: misses += count
        case .bypassed: bypassed += count
        case .none: break
        }
    }
}
