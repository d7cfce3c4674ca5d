import Configuration
public import Core
import Foundation
import GRDB

/// One request limit as it stands.
public struct LimitStanding: Hashable, Sendable {
    public var scope: LimitScope
    /// `second` … `month`.
    public var period: String
    public var limit: Int
    public var capacity: Int
    public var remaining: Int
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
    /// Every limit and budget of the configuration, as it stands now: global first, then by provider.
    public func standings() throws(LedgerError) -> (limits: [LimitStanding], budgets: [BudgetStanding]) {
        let now = ledger.time.now()
        let scopes = [LimitScope.global] + settings.providers.keys.sorted().map(LimitScope.provider)
        do {
            let stored = try ledger.read { database in try self.standings(at: scopes, now: now, in: database) }
            return try stored ?? standings(at: scopes, now: now, in: nil)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError(code: .other, path: "ledger.db", cause: "\(error)")
        }
    }

    private func standings(
        at scopes: [LimitScope], now: Moment, in database: Database?
    ) throws -> (limits: [LimitStanding], budgets: [BudgetStanding]) {
        let limits = try scopes.flatMap(requestLevels).map { level in
            let bucket = try level.bucket(in: database, now: now, bootID: ledger.time.bootID)
            let untilFull = bucket.waitUntilFull
            return LimitStanding(
                scope: level.scope, period: level.period.rawValue, limit: level.limit, capacity: level.capacity,
                remaining: Int(bucket.remaining), refillPerSecond: level.refillPerSecond,
                fullAt: untilFull.flatMap { $0 > 0 ? now.wall + $0 * 1_000 : nil }, waiting: line.count(at: level.scope)
            )
        }
        let budgets = try scopes.flatMap(budgetLevels).map { level in
            let bounds = bounds(of: level.period, at: now.wall)
            let (spent, reserved) = try level.standing(in: database, bounds: bounds)
            return BudgetStanding(
                scope: level.scope, period: level.period.rawValue, limit: level.limit, spent: spent,
                reserved: reserved, resetsAt: bounds.upperBound)
        }
        return (limits, budgets)
    }

    func scopes(of demand: Demand) -> [LimitScope] { [.global, .provider(demand.provider)] }

    func requestLevels(of demand: Demand) -> [RequestLevel] { scopes(of: demand).flatMap(requestLevels) }

    func budgetLevels(of demand: Demand) -> [BudgetLevel] { scopes(of: demand).flatMap(budgetLevels) }

    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
    }

    private func limits(at scope: LimitScope) -> LimitSet? {
        guard settings.enabled else { return nil }
        return switch scope {
        case .global: settings.global
        case .provider(let name): settings.providers[name]
        case .model, .role: nil
        }
    }

    private func requestLevels(at scope: LimitScope) -> [RequestLevel] {
        guard let set = limits(at: scope) else { return [] }
        return LimitPeriod.allCases.compactMap { period in
            set.requests[period].map {
                RequestLevel(scope: scope, period: period, limit: $0, capacity: set.burst ?? $0)
            }
        }
    }

    private func budgetLevels(at scope: LimitScope) -> [BudgetLevel] {
        guard let set = limits(at: scope) else { return [] }
        return LimitPeriod.allCases.compactMap { period in
            set.costs[period].map { BudgetLevel(scope: scope, period: period, limit: $0) }
        }
    }
}
