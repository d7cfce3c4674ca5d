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

    public init() {}

    /// Adds tallies of a session up.
    public init(_ tallies: [Tally]) {
        lookups = tallies.lookups
        cost = tallies.figures.cost
        for group in tallies.grouped(by: [.role]) {
            guard let role = group.names.first.flatMap({ RoleName(rawValue: $0) }) else { continue }
            let figures = group.tallies.figures
            roles[role, default: RoleTotals()].lookups = group.tallies.lookups
            roles[role, default: RoleTotals()].cost = figures.cost
            roles[role, default: RoleTotals()].isUnpriced = figures.unpriced > 0
        }
    }
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
            let sums = "usage WHERE span = '\(Ledger.allTime)'"
            totals.saved = try SQLSum.money(database, "saved_cost", from: sums)
            totals.estimated = try SQLSum.money(database, "estimated_cost", from: sums)
            totals.reserved = try ledger.reservedCost(in: database)
            guard let startedAt else { return totals }
            let window = Self.burnWindow(sessionStartedAt: startedAt, now: now)
            let recent = try SQLSum.money(
                database, "cost", from: "ledger WHERE settled_at > ?", arguments: [now - window])
            totals.burnPerHour = Self.perHour(recent, over: window)
            return totals
        }
        return totals ?? CostTotals()
    }

    /// Dollars an hour, for an amount that was spent since a wall time; nil when nothing was.
    public func perHour(_ cost: Money, since start: Int64) -> Money? {
        Self.perHour(cost, over: max(60_000_000, Self.stretch(from: start, to: ledger.time.now().wall)))
    }

    private func spent(in period: LimitPeriod, at wall: Int64, _ database: Database) throws -> Money {
        try BudgetLevel(scope: .global, period: period, limit: .greatest)
            .standing(in: database, bounds: bounds(of: period, at: wall)).spent
    }

    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
    }

    /// Whatever the ledger says when it began.
    private static func stretch(from start: Int64, to end: Int64) -> Int64 {
        Int64(clamping: Int128(end) - Int128(start))
    }

    /// The stretch of time in microseconds that tells the present rate.
    static func burnWindow(sessionStartedAt startedAt: Int64, now: Int64) -> Int64 {
        max(60_000_000, min(600_000_000, stretch(from: startedAt, to: now)))
    }

    static func perHour(_ cost: Money, over microseconds: Int64) -> Money? {
        guard cost > .zero else { return nil }
        return Money(picodollars: cost.picodollars * 3_600_000_000 / Int128(microseconds))
    }
}
