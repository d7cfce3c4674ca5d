import Configuration
public import Core
import Foundation
import GRDB

/// One limit of requests, tokens or calls under way, as it stands.
public struct LimitStanding: Hashable, Sendable {
    public var scope: LimitScope
    /// `requests`, `tokens`, `input_tokens`, `output_tokens` or `concurrent`.
    public var metric: String
    /// `second` … `month`; nil for calls under way.
    public var period: String?
    public var limit: Int
    public var capacity: Int
    public var remaining: Int
    /// What calls under way have taken by estimate.
    public var reserved: Int
    public var refillPerSecond: Double
    /// The wall time at which the bucket will be full; nil when it is.
    public var fullAt: Int64?
    /// Requests of this process that are held up here.
    public var waiting: Int
}

/// One budget as it stands.
public struct BudgetStanding: Hashable, Sendable {
    public var scope: LimitScope
    public var period: String
    public var limit: Money
    public var spent: Money
    /// What calls under way may still cost.
    public var reserved: Money
    public var resetsAt: Int64
}

extension RateLimiter {
    /// Every limit and budget of the configuration, as it stands now: global first, then by provider, model and role.
    public func standings() throws(LedgerError) -> (limits: [LimitStanding], budgets: [BudgetStanding]) {
        let now = ledger.time.now()
        do {
            let stored = try ledger.read { database in try self.standings(now: now, in: database) }
            return try stored ?? standings(now: now, in: nil)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError(code: .other, path: "ledger.db", cause: "\(error)")
        }
    }

    private func standings(
        now: Moment, in database: Database?
    ) throws -> (limits: [LimitStanding], budgets: [BudgetStanding]) {
        let levels = try levels(in: database, now: now)
        var standings: [LimitStanding] = []
        for scope in levels.namedScopes {
            standings += try levels.buckets(at: scope).map { try standing(of: $0, now: now, in: database) }
            if let level = levels.writtenConcurrency(at: scope) {
                standings.append(try standing(of: level, in: database))
            }
        }
        let budgets = try levels.namedScopes.flatMap(levels.budgets(at:)).map { level in
            let bounds = bounds(of: level.period, at: now.wall)
            let (spent, reserved) = try level.standing(in: database, bounds: bounds)
            return BudgetStanding(
                scope: level.scope, period: level.period.rawValue, limit: level.limit, spent: spent,
                reserved: reserved, resetsAt: bounds.upperBound)
        }
        return (standings, budgets)
    }

    private func standing(of level: BucketLevel, now: Moment, in database: Database?) throws -> LimitStanding {
        let bucket = try level.bucket(in: database, now: now, bootID: ledger.time.bootID)
        let untilFull = bucket.waitUntilFull
        return LimitStanding(
            scope: level.scope, metric: level.metric.rawValue, period: level.period.rawValue, limit: level.limit,
            capacity: level.capacity, remaining: Int(bucket.remaining), reserved: try level.reserved(in: database),
            refillPerSecond: level.refillPerSecond,
            fullAt: untilFull.flatMap { $0 > 0 ? now.wall + $0 * 1_000 : nil },
            waiting: line.count(at: level.scope, key: level.key))
    }

    private func standing(of level: ConcurrencyLevel, in database: Database?) throws -> LimitStanding {
        let open = try level.open(in: database)
        return LimitStanding(
            scope: level.scope, metric: "concurrent", period: nil, limit: level.limit, capacity: level.limit,
            remaining: max(0, level.limit - open), reserved: open, refillPerSecond: 0, fullAt: nil,
            waiting: line.count(at: level.scope, key: ConcurrencyLevel.key))
    }

    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
    }

    /// The levels as they are now; without a database, as the configuration has them.
    func levels(in database: Database?, now: Moment) throws -> LevelTable {
        guard let database else { return LevelTable(settings: settings) }
        return LevelTable(settings: settings, changes: try LimitChanges(in: database, now: now.wall))
    }
}
