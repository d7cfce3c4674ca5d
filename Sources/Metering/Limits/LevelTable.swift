import Configuration
import Core

/// The levels that a call has to pass: what the configuration says, with the changes that hold for now on top.
struct LevelTable {
    var settings: RateLimitSettings
    var changes = LimitChanges()

    /// The scopes at which a call is counted.
    static func scopes(of demand: Demand) -> [LimitScope] {
        [.global, .provider(demand.provider), .model(demand.model), .role(demand.origin.role)]
    }

    func buckets(of demand: Demand) -> [BucketLevel] { Self.scopes(of: demand).flatMap(buckets) }

    func budgets(of demand: Demand) -> [BudgetLevel] { Self.scopes(of: demand).flatMap(budgets) }

    func concurrency(of demand: Demand) -> [ConcurrencyLevel] {
        Self.scopes(of: demand).compactMap { scope in
            let fallback = scope == .global ? RateLimitSettings.defaultMaxConcurrent : nil
            return limits(at: scope).flatMap { $0.maxConcurrent ?? fallback }.map {
                ConcurrencyLevel(scope: scope, limit: $0)
            }
        }
    }

    /// The scopes at which there are limits, in the order in which lists show them.
    var namedScopes: [LimitScope] {
        let changed = Set(changes.scopes)
        let named: [LimitScope] =
            Set(settings.providers.keys).union(changed.compactMap(\.provider)).sorted().map(LimitScope.provider)
            + Set(settings.models.keys).union(changed.compactMap(\.model)).sorted().map(LimitScope.model)
            + RoleName.allCases.filter { settings.roles[$0] != nil || changed.contains(.role($0)) }
            .map(LimitScope.role)
        return [.global] + named
    }

    func buckets(at scope: LimitScope) -> [BucketLevel] {
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

    /// The buckets that a provider's own word corrects, and how much it says is left: of each metric the provider's bucket
    /// with the shortest period, which comes closest to the one that the provider speaks of.
    func corrections(of provider: String, by limits: ProviderLimits?) -> [(level: BucketLevel, left: Int64)] {
        guard let limits else { return [] }
        let buckets = buckets(at: .provider(provider))
        return LimitMetric.allCases.compactMap { metric in
            guard let left = limits.level(of: metric).remaining,
                let level = buckets.first(where: { $0.metric == metric })
            else { return nil }
            return (level, Int64(left))
        }
    }

    func budgets(at scope: LimitScope) -> [BudgetLevel] {
        guard let set = limits(at: scope) else { return [] }
        return LimitPeriod.allCases.compactMap { period in
            set.costs[period].map { BudgetLevel(scope: scope, period: period, limit: $0) }
        }
    }

    /// The bound on calls under way that is written for a scope; nil where only the default counts.
    func writtenConcurrency(at scope: LimitScope) -> ConcurrencyLevel? {
        limits(at: scope)?.maxConcurrent.map { ConcurrencyLevel(scope: scope, limit: $0) }
    }

    private func limits(at scope: LimitScope) -> LimitSet? {
        guard settings.enabled else { return nil }
        let written: LimitSet? =
            switch scope {
            case .global: settings.global
            case .provider(let name): settings.providers[name]
            case .model(let name): settings.models[name]
            case .role(let role): settings.roles[role]
            }
        return changes.applied(to: written, at: scope)
    }
}

extension LimitScope {
    fileprivate var provider: String? { if case .provider(let name) = self { name } else { nil } }
    fileprivate var model: String? { if case .model(let name) = self { name } else { nil } }
}

extension ProviderLimits {
    fileprivate func level(of metric: LimitMetric) -> Level {
        switch metric {
        case .requests: requests
        case .tokens: tokens
        case .inputTokens: inputTokens
        case .outputTokens: outputTokens
        }
    }
}
