import Configuration
import Core

/// The levels of the limits, the calls under way and what was spent, as values in memory.
struct MemoryLevels {
    /// A bucket and when it was refilled last.
    fileprivate struct Bucket {
        var level: BucketLevel
        var bucket: TokenBucket
        /// Boot time in milliseconds.
        var refilledAt: Int64
    }

    /// A budget and how it stands in the period that was looked at last.
    fileprivate struct Budget {
        var level: BudgetLevel
        var standing: BudgetLevel.Standing
    }

    /// The levels that the calls of a role to a model have to pass, as indices.
    private struct Path {
        var role: RoleName
        var provider: String
        var model: String
        var scopes: [Int] = []
        var buckets: [(index: Int, metric: LimitMetric)] = []
        var concurrency: [(scope: Int, level: ConcurrencyLevel)] = []
        var budgets: [Int] = []

        func serves(_ demand: Demand) -> Bool {
            role == demand.origin.role && model == demand.model && provider == demand.provider
        }
    }

    private struct BucketName: Hashable {
        var scope: LimitScope
        var metric: LimitMetric
        var period: LimitPeriod
    }

    private var now = Moment(wall: 0, sinceBoot: 0)
    private var owner: ObjectIdentifier?
    private var settings = RateLimitSettings()
    private var changes: [LimitChange] = []
    private(set) var changeCount: Int64 = 0
    /// The wall time at which the next change ends.
    private var holdsUntil = Int64.max

    private var paths: [Path] = []
    private var budgets: [Budget] = []
    private var buckets: [Bucket] = []
    private var bucketIndices: [BucketName: Int] = [:]
    private var scopes: [LimitScope] = []
    /// Calls under way, by index of scope.
    private var open: [Int] = []
    private var calls: [ULID: Reservation] = [:]
    /// What was spent, by quarter of an hour.
    private var spending: [LimitScope: [Int64: Money]] = [:]

    var openAttempts: [ULID] { Array(calls.keys) }

    /// What calls under way may still cost.
    var reservedCost: Money { calls.values.reduce(.zero) { $0 + ($1.demand.worstCost ?? .zero) } }

    /// Sets the time, and whose limits count.
    mutating func begin(at now: Moment, for owner: AnyObject, _ settings: @autoclosure () -> RateLimitSettings) {
        self.now = now
        let owner = ObjectIdentifier(owner)
        guard owner != self.owner || now.wall >= holdsUntil else { return }
        if owner != self.owner { self.settings = settings() }
        self.owner = owner
        forgetPaths()
    }

    // MARK: - Calls

    /// Takes room at every level, or none; returns whether there was room.
    mutating func take(_ reservation: Reservation, at path: Int) -> Bool {
        let estimate = reservation.estimate
        let cost = reservation.demand.worstCost
        let milliseconds = now.sinceBoot / 1_000
        for (index, metric) in paths[path].buckets {
            buckets[index].refill(milliseconds)
            guard buckets[index].bucket.holds(estimate.units(metric)) else { return false }
        }
        for (scope, level) in paths[path].concurrency where open[scope] >= level.limit { return false }
        for index in paths[path].budgets {
            renew(index)
            guard budgets[index].admits(cost, allowsUnpriced: settings.allowUnpriced) else { return false }
        }
        for (index, metric) in paths[path].buckets { _ = buckets[index].bucket.take(estimate.units(metric)) }
        for scope in paths[path].scopes { open[scope] += 1 }
        if let cost { for index in paths[path].budgets { budgets[index].standing.reserved += cost } }
        calls[reservation.permit.attempt] = reservation
        return true
    }

    /// The refusal that lasts longest; nil when there is room at every level.
    mutating func refusal(of demand: Demand, _ estimate: TokenEstimate, at path: Int) -> Refusal? {
        var refusals: [Refusal] = []
        for (index, metric) in paths[path].buckets {
            buckets[index].refill(now.sinceBoot / 1_000)
            let (level, bucket) = (buckets[index].level, buckets[index].bucket)
            refusals += [Refusal.check(bucket, of: level, asked: estimate.units(metric), now: now)].compactMap(\.self)
        }
        for (scope, level) in paths[path].concurrency {
            refusals += [Refusal.check(open: open[scope], of: level, now: now)].compactMap(\.self)
        }
        for index in paths[path].budgets {
            renew(index)
            let refusal = Refusal.check(
                budgets[index].standing, of: budgets[index].level, demand: demand,
                allowsUnpriced: settings.allowUnpriced, now: now)
            refusals += [refusal].compactMap(\.self)
        }
        return refusals.longest
    }

    /// Replaces what a call had taken by what it used; returns whether it was under way.
    mutating func settle(_ reservation: Reservation, _ settlement: Settlement) -> Bool {
        guard let path = end(reservation) else { return false }
        for (index, metric) in paths[path].buckets where metric != .requests {
            buckets[index].refill(now.sinceBoot / 1_000)
            let unused = reservation.estimate.units(metric) - settlement.tokens.units(metric)
            buckets[index].bucket.giveBack(orCharge: unused)
        }
        guard let cost = settlement.cost, cost > .zero else { return true }
        let quarter = BudgetPeriod.quarter(of: reservation.reservedAt)
        for index in paths[path].scopes { spending[scopes[index], default: [:]][quarter, default: .zero] += cost }
        for index in paths[path].budgets where budgets[index].standing.bounds.contains(reservation.reservedAt) {
            budgets[index].standing.spent += cost
        }
        return true
    }

    /// Gives everything back that a call had taken.
    mutating func release(_ reservation: Reservation) {
        guard let path = end(reservation) else { return }
        for (index, metric) in paths[path].buckets {
            buckets[index].refill(now.sinceBoot / 1_000)
            buckets[index].bucket.giveBack(reservation.estimate.units(metric))
        }
    }

    /// Ends a call under way; returns its levels, or nil when there is no such call.
    private mutating func end(_ reservation: Reservation) -> Int? {
        guard calls.removeValue(forKey: reservation.permit.attempt) != nil else { return nil }
        let path = path(of: reservation.demand)
        for scope in paths[path].scopes { open[scope] -= 1 }
        guard let cost = reservation.demand.worstCost else { return path }
        for index in paths[path].budgets {
            renew(index)
            guard budgets[index].standing.bounds.contains(reservation.reservedAt) else { continue }
            budgets[index].standing.reserved = budgets[index].standing.reserved - cost
        }
        return path
    }

    // MARK: - Levels

    /// The levels that a call has to pass. There are few: a role asks one model or two.
    mutating func path(of demand: Demand) -> Int {
        if let index = paths.firstIndex(where: { $0.serves(demand) }) { return index }
        let table = table
        var path = Path(role: demand.origin.role, provider: demand.provider, model: demand.model)
        path.scopes = LevelTable.scopes(of: demand).map { index(of: $0) }
        path.buckets = table.buckets(of: demand).map { (index(of: $0), $0.metric) }
        path.concurrency = table.concurrency(of: demand).map { (index(of: $0.scope), $0) }
        path.budgets = table.budgets(of: demand).map { index(of: $0) }
        paths.append(path)
        return paths.count - 1
    }

    mutating func change(_ change: LimitChange) {
        changes.removeAll { $0.scope == change.scope && $0.key == change.key }
        changes.append(change)
        changeCount += 1
        forgetPaths()
    }

    mutating func standings() -> Standings {
        let table = table
        var standings = Standings()
        for scope in table.namedScopes {
            for level in table.buckets(at: scope) {
                let index = index(of: level)
                buckets[index].refill(now.sinceBoot / 1_000)
                let reserved = calls(at: scope).reduce(Int64(0)) { $0 + $1.estimate.units(level.metric) }
                standings.limits.append(
                    LimitStanding(
                        buckets[index].bucket, of: level, reserved: level.metric == .requests ? 0 : Int(reserved),
                        now: now))
            }
            if let level = table.writtenConcurrency(at: scope) {
                standings.limits.append(LimitStanding(open: open[index(of: scope)], of: level))
            }
            standings.budgets += table.budgets(at: scope).map { BudgetStanding(standing(of: $0), of: $0) }
        }
        return standings
    }

    private var table: LevelTable { LevelTable(settings: settings, changes: LimitChanges(changes, now: now.wall)) }

    /// What was found of the levels, which are others now, is found anew; the buckets stay.
    private mutating func forgetPaths() {
        paths = []
        budgets = []
        changes.removeAll { $0.until <= now.wall }
        holdsUntil = changes.map(\.until).min() ?? .max
    }

    private mutating func index(of scope: LimitScope) -> Int {
        if let index = scopes.firstIndex(of: scope) { return index }
        scopes.append(scope)
        open.append(0)
        return scopes.count - 1
    }

    /// The bucket of a level; one whose limit was another keeps what is in it, in proportion.
    private mutating func index(of level: BucketLevel) -> Int {
        let name = BucketName(scope: level.scope, metric: level.metric, period: level.period)
        let milliseconds = now.sinceBoot / 1_000
        guard let index = bucketIndices[name] else {
            bucketIndices[name] = buckets.count
            buckets.append(Bucket(level: level, bucket: level.full, refilledAt: milliseconds))
            return buckets.count - 1
        }
        if buckets[index].level != level {
            var bucket = level.full
            bucket.restore(level: buckets[index].bucket.level, capacity: buckets[index].bucket.capacity)
            bucket.refill(milliseconds: milliseconds - buckets[index].refilledAt)
            buckets[index] = Bucket(level: level, bucket: bucket, refilledAt: milliseconds)
        }
        return index
    }

    private mutating func index(of level: BudgetLevel) -> Int {
        if let index = budgets.firstIndex(where: { $0.level == level }) { return index }
        budgets.append(Budget(level: level, standing: standing(of: level)))
        return budgets.count - 1
    }

    /// Counts a budget anew when the calendar period is another than the one that was counted last.
    private mutating func renew(_ index: Int) {
        guard !budgets[index].standing.bounds.contains(now.wall) else { return }
        budgets[index].standing = standing(of: budgets[index].level)
    }

    private func standing(of level: BudgetLevel) -> BudgetLevel.Standing {
        let bounds = settings.bounds(of: level.period, at: now.wall)
        let quarters = BudgetPeriod.quarter(of: bounds.lowerBound)..<BudgetPeriod.quarter(of: bounds.upperBound)
        let spent = (spending[level.scope] ?? [:]).reduce(Money.zero) { sum, spent in
            quarters.contains(spent.key) ? sum + spent.value : sum
        }
        let reserved = calls(at: level.scope).reduce(Money.zero) { sum, call in
            bounds.contains(call.reservedAt) ? sum + (call.demand.worstCost ?? .zero) : sum
        }
        return BudgetLevel.Standing(bounds: bounds, spent: spent, reserved: reserved)
    }

    private func calls(at scope: LimitScope) -> [Reservation] {
        calls.values.filter { LevelTable.scopes(of: $0.demand).contains(scope) }
    }
}

extension MemoryLevels.Bucket {
    mutating func refill(_ milliseconds: Int64) {
        guard milliseconds != refilledAt else { return }
        bucket.refill(milliseconds: milliseconds - refilledAt)
        refilledAt = milliseconds
    }
}

extension MemoryLevels.Budget {
    func admits(_ cost: Money?, allowsUnpriced: Bool) -> Bool {
        guard let cost else { return allowsUnpriced }
        return standing.spent + standing.reserved + cost <= level.limit
    }
}
