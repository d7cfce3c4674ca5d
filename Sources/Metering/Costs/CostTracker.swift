public import Configuration
public import Core
import Foundation
import GRDB

/// What one role did in a session.
public struct RoleTotals: Hashable, Sendable {
    public var lookups = LookupTotals()
    public var cost = Money.zero
    /// Whether a model without a price was used, so that ``cost`` is not the whole.
    public var isUnpriced = false

    public init() {}
}

/// What one session did.
public struct SessionTotals: Hashable, Sendable {
    public var lookups = LookupTotals()
    public var cost = Money.zero
    public var roles: [RoleName: RoleTotals] = [:]
    /// How often each cause of a miss occurred.
    public var missCauses: [String: Int] = [:]

    public init() {}
}

/// What was spent, by stretch of time.
public struct CostTotals: Hashable, Sendable {
    public var today = Money.zero
    public var month = Money.zero
    public var all = Money.zero
    public var saved = Money.zero
    /// How much of ``all`` is estimated.
    public var estimated = Money.zero
    /// What calls under way may still cost.
    public var reserved = Money.zero
    /// Dollars an hour over the last ten minutes, or since the present session began while that is younger; nil when
    /// nothing was spent.
    public var burnPerHour: Money?

    public init() {}
}

/// Answers what was spent and saved, from the ledger and its running sums. Reads only; a ledger that was never
/// written counts as zero.
public struct CostTracker: Sendable {
    let ledger: Ledger
    let settings: RateLimitSettings

    public init(ledger: Ledger, settings: RateLimitSettings) {
        self.ledger = ledger
        self.settings = settings
    }

    /// What was spent until now. `startedAt` is the wall time at which the present session began, if there is one.
    public func costs(sessionStartedAt startedAt: Int64?) throws(LedgerError) -> CostTotals {
        let now = ledger.time.now().wall
        let totals = try ledger.read { database in
            var totals = CostTotals()
            totals.today = try spent(in: .day, at: now, database)
            totals.month = try spent(in: .month, at: now, database)
            totals.all = try SQLSum.money(database, "cost", from: "spending WHERE scope = 'global'")
            totals.saved = try Money(picodollars: total("saved_cost", database))
            totals.estimated = try Money(picodollars: total("estimated_cost", database))
            totals.reserved = try SQLSum.money(database, "worst_cost", from: "attempts")
            guard let startedAt else { return totals }
            let window = Self.burnWindow(sessionStartedAt: startedAt, now: now)
            let recent = try SQLSum.money(
                database, "cost", from: "ledger WHERE settled_at > ?", arguments: [now - window])
            totals.burnPerHour = Self.perHour(recent, over: window)
            return totals
        }
        return totals ?? CostTotals()
    }

    /// Look-ups of today and of all time.
    public func lookups() throws(LedgerError) -> (today: LookupTotals, all: LookupTotals) {
        let start = bounds(of: .day, at: ledger.time.now().wall).lowerBound
        let figures = try ledger.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT lookup, sum(count), \(SQLSum.expression("saved_cost")), sum(saved_tokens)
                    FROM tallies WHERE quarter >= ? GROUP BY lookup
                    """, arguments: [BudgetPeriod.quarter(of: start)])
            let today = rows.reduce(into: LookupTotals()) { $0.add(row: $1, at: 0) }
            var all = LookupTotals()
            all.shared = try Int(clamping: total("shared", database))
            all.hits = try Int(clamping: total("hit", database)) + all.shared
            all.misses = try Int(clamping: total("miss", database))
            all.bypassed = try Int(clamping: total("bypassed", database))
            all.savedCost = try Money(picodollars: total("saved_cost", database))
            all.savedTokens = try Int(clamping: total("saved_tokens", database))
            return (today, all)
        }
        return figures ?? (LookupTotals(), LookupTotals())
    }

    /// What a session did: one pass over its part of an index.
    public func totals(of session: ULID) throws(LedgerError) -> SessionTotals {
        let rows = try ledger.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT role, miss_cause, \(SQLSum.expression("cost")), sum(cost IS NULL),
                    lookup, count(*), \(SQLSum.expression("saved_cost")), sum(saved_tokens)
                    FROM ledger WHERE session = ? GROUP BY role, lookup, miss_cause
                    """, arguments: [session.description])
        }
        return (rows ?? []).reduce(into: SessionTotals()) { $0.add($1) }
    }

    /// Dollars an hour, for an amount that was spent since a wall time; nil when nothing was.
    public func perHour(_ cost: Money, since start: Int64) -> Money? {
        Self.perHour(cost, over: max(60_000_000, ledger.time.now().wall - start))
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

    /// The stretch of time in microseconds that tells the present rate.
    static func burnWindow(sessionStartedAt startedAt: Int64, now: Int64) -> Int64 {
        max(60_000_000, min(600_000_000, now - startedAt))
    }

    static func perHour(_ cost: Money, over microseconds: Int64) -> Money? {
        guard cost > .zero else { return nil }
        return Money(picodollars: cost.picodollars * 3_600_000_000 / Int128(microseconds))
    }
}

extension SessionTotals {
    fileprivate mutating func add(_ row: Row) {
        guard let role = RoleName(rawValue: row[0]) else { return }
        let cost = SQLSum.money(row, at: 2)
        self.cost += cost
        lookups.add(row: row, at: 5)
        roles[role, default: RoleTotals()].cost += cost
        roles[role, default: RoleTotals()].lookups.add(row: row, at: 5)
        if (row[4] as Int) > 0 { roles[role, default: RoleTotals()].isUnpriced = true }
        if let cause = row[1] as String?, Lookup(rawValue: row[5]) == .miss {
            missCauses[cause, default: 0] += row[6] as Int
        }
    }
}

extension LookupTotals {
    /// Adds a row's columns from an index on: the kind of look-up, how many there were, and what they saved.
    fileprivate mutating func add(row: Row, at index: Int) {
        add(row[index + 1], of: Lookup(rawValue: row[index]) ?? .none)
        savedCost += SQLSum.money(row, at: index + 2)
        savedTokens += (row[index + 4] as Int?) ?? 0
    }

    private mutating func add(_ count: Int, of lookup: Lookup) {
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
