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
        var standings: [LimitStanding] = []
        for scope in configuredScopes {
            standings += try bucketLevels(at: scope).map { try standing(of: $0, now: now, in: database) }
            if let written = limits(at: scope)?.maxConcurrent {
                standings.append(try standing(of: ConcurrencyLevel(scope: scope, limit: written), in: database))
            }
        }
        let budgets = try configuredScopes.flatMap(budgetLevels).map { level in
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

    /// The scopes that the configuration names, in the order in which lists show them.
    private var configuredScopes: [LimitScope] {
        [.global] + settings.providers.keys.sorted().map(LimitScope.provider)
            + settings.models.keys.sorted().map(LimitScope.model)
            + RoleName.allCases.filter { settings.roles[$0] != nil }.map(LimitScope.role)
    }

    // MARK: - The levels of a call

    func scopes(of demand: Demand) -> [LimitScope] {
        [.global, .provider(demand.provider), .model(demand.model), .role(demand.origin.role)]
    }

    func bucketLevels(of demand: Demand) -> [BucketLevel] { scopes(of: demand).flatMap(bucketLevels) }

    func budgetLevels(of demand: Demand) -> [BudgetLevel] { scopes(of: demand).flatMap(budgetLevels) }

    func concurrencyLevels(of demand: Demand) -> [ConcurrencyLevel] {
        scopes(of: demand).compactMap { scope in
            let fallback = scope == .global ? RateLimitSettings.defaultMaxConcurrent : nil
            return limits(at: scope).flatMap { $0.maxConcurrent ?? fallback }.map {
                ConcurrencyLevel(scope: scope, limit: $0)
            }
        }
    }

    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
    }

    private func limits(at scope: LimitScope) -> LimitSet? {
        guard settings.enabled else { return nil }
        return switch scope {
        case .global: settings.global
        case .provider(let name): settings.providers[name]
        case .model(let name): settings.models[name]
        case .role(let role): settings.roles[role]
        }
    }

    private func bucketLevels(at scope: LimitScope) -> [BucketLevel] {
        guard let set = limits(at: scope) else { return [] }
        return LimitMetric.allCases.flatMap { metric in
            LimitPeriod.allCases.compactMap { period in
                set[metric, period].map {
                    BucketLevel(
                        scope: scope, metric: metric, period: period, limit: $0,
                        capacity: set.capacity(of: metric, limit: $0))
                }
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
