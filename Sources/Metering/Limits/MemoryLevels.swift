import Configuration
import Core

/// The levels of the limits, the calls under way and what was spent, as values in memory.
struct MemoryLevels {
    /// A bucket and when it was refilled last.
    struct Bucket {
        var level: BucketLevel
        var bucket: TokenBucket
        /// Boot time in milliseconds.
        var refilledAt: Int64
    }

    /// A budget and how it stands in the period that was looked at last.
    struct Budget {
        var level: BudgetLevel
        var standing: BudgetLevel.Standing
    }

    /// A call under way.
    private struct Call {
        var attempt: ULID
        /// The four scopes at which it counts.
        var scopes: SIMD4<Int>
        var estimate: TokenEstimate
        var buckets: [BucketLevel.Name]
        var demand: Demand
        var reservedAt: Int64

        var cost: Money? { demand.worstCost }
    }

    /// Stands for a limiter whose limits count.
    final class Owner: Sendable {}

    private(set) var now = Moment(wall: 0, sinceBoot: 0)
    private var desk = TicketDesk(at: Moment(wall: 0, sinceBoot: 0))
    private var owner: Owner?
    private(set) var settings = RateLimitSettings()
    var changes: [LimitChanges.Written] = []
    /// The wall times at which the same changes hold as when the paths were found.
    var pathsHold = Int64.min..<Int64.max

    var paths: [Path] = []
    var budgets: [Budget] = []
    var buckets: [Bucket] = []
    var bucketIndices: [BucketLevel.Name: Int] = [:]
    var scopes: [LimitScope] = []
    /// Calls under way, by index of scope.
    var open: [Int] = []
    /// In the order of their coming, which is that of their attempts' names.
    private var calls: [Call] = []
    /// What was spent, by quarter of an hour.
    private var spending: [LimitScope: [Int64: Money]] = [:]

    var openSessions: [ULID] { calls.map(\.demand.origin.session) }

    var openAttempts: [ULID] { calls.map(\.attempt) }

    /// What calls under way may still cost.
    var reservedCost: Money { calls.reduce(.zero) { $0 + ($1.cost ?? .zero) } }

    /// Sets the time, and whose limits count.
    mutating func begin(
        at now: Moment, for owner: Owner, _ settings: @autoclosure () -> RateLimitSettings
    ) {
        self.now = now
        guard owner !== self.owner || !pathsHold.contains(now.wall) else { return }
        if owner !== self.owner {
            self.settings = settings()
            desk.forget()
        }
        self.owner = owner
        forgetPaths()
    }

    // MARK: - Calls

    /// Takes room at every level, or none.
    mutating func take(for demand: Demand) throws(Refusal) -> Ticket {
        let path = path(of: demand)
        var ticket = desk.ticket(for: demand, at: now)
        if !take(ticket.estimate, demand.worstCost, at: path),
            let refusal = refusal(of: demand, ticket.estimate, at: path)
        {
            throw refusal
        }
        ticket.buckets = paths[path].bucketNames
        // The last to come has the latest name.
        calls.append(
            Call(
                attempt: ticket.attempt, scopes: paths[path].scopes, estimate: ticket.estimate,
                buckets: ticket.buckets, demand: demand, reservedAt: now.wall))
        return ticket
    }

    private mutating func take(_ estimate: TokenEstimate, _ cost: Money?, at path: Int) -> Bool {
        let milliseconds = now.sinceBoot / 1_000
        // By index: to go through an array of `paths` itself would count its references, which takes longer than the rest.
        for step in paths[path].buckets.indices {
            let (index, metric) = paths[path].buckets[step]
            buckets[index].refill(milliseconds)
            guard buckets[index].bucket.holds(estimate.units(metric)) else { return false }
        }
        for step in paths[path].concurrency.indices {
            let (scope, limit) = paths[path].concurrency[step]
            guard open[scope] < limit else { return false }
        }
        for step in paths[path].budgets.indices {
            renew(paths[path].budgets[step])
            guard admits(cost, at: paths[path].budgets[step]) else { return false }
        }
        for step in paths[path].buckets.indices {
            let (index, metric) = paths[path].buckets[step]
            _ = buckets[index].bucket.take(estimate.units(metric))
        }
        let scopes = paths[path].scopes
        for step in scopes.indices { open[scopes[step]] += 1 }
        if let cost {
            for step in paths[path].budgets.indices { budgets[paths[path].budgets[step]].standing.reserved += cost }
        }
        return true
    }

    /// Why a call would not be admitted; nil when there is room at every level.
    mutating func refusal(of demand: Demand) -> Refusal? {
        refusal(of: demand, desk.estimate(demand), at: path(of: demand))
    }

    private mutating func refusal(of demand: Demand, _ estimate: TokenEstimate, at path: Int) -> Refusal? {
        var refusals: [Refusal] = []
        for (index, metric) in paths[path].buckets {
            buckets[index].refill(now.sinceBoot / 1_000)
            let (level, bucket) = (buckets[index].level, buckets[index].bucket)
            refusals += [Refusal.check(bucket, of: level, asked: estimate.units(metric), now: now)].compactMap(\.self)
        }
        for (scope, limit) in paths[path].concurrency {
            let level = ConcurrencyLevel(scope: scopes[scope], limit: limit)
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
        desk.learn(reservation.demand, from: settlement)
        for (index, metric) in paths[path].buckets where metric != .requests {
            guard tookFrom(index, reservation, at: path) else { continue }
            buckets[index].refill(now.sinceBoot / 1_000)
            let unused = reservation.estimate.units(metric) - settlement.tokens.units(metric)
            buckets[index].bucket.giveBack(orCharge: unused)
        }
        if let limits = settlement.limits {
            for (level, left) in table.corrections(of: reservation.demand.provider, by: limits) {
                buckets[index(of: level)].bucket.lower(to: left)
            }
        }
        charge(reservation, settlement.cost, at: path)
        return true
    }

    /// Whether a call has taken from a bucket of its path, which may have come since.
    private func tookFrom(_ index: Int, _ reservation: Reservation, at path: Int) -> Bool {
        reservation.buckets == paths[path].bucketNames || reservation.hasTaken(from: buckets[index].level)
    }

    private mutating func charge(_ reservation: Reservation, _ cost: Money?, at path: Int) {
        guard let cost, cost > .zero else { return }
        let quarter = BudgetPeriod.quarter(of: reservation.reservedAt)
        let indices = paths[path].scopes
        for step in indices.indices { spending[scopes[indices[step]], default: [:]][quarter, default: .zero] += cost }
        for index in paths[path].budgets where budgets[index].standing.bounds.contains(reservation.reservedAt) {
            budgets[index].standing.spent += cost
        }
    }

    /// Gives everything back that a call had taken.
    mutating func release(_ reservation: Reservation) {
        guard let path = end(reservation) else { return }
        for (index, metric) in paths[path].buckets where tookFrom(index, reservation, at: path) {
            buckets[index].refill(now.sinceBoot / 1_000)
            buckets[index].bucket.giveBack(reservation.estimate.units(metric))
        }
    }

    /// Settles the calls of sessions that are gone, and returns them.
    mutating func endAbandoned(at now: Moment, isAlive: (ULID) -> Bool) -> [Reservation] {
        self.now = now
        let gone = calls.filter { !isAlive($0.demand.origin.session) }.map { call in
            Reservation(
                Ticket(attempt: call.attempt, estimate: call.estimate, buckets: call.buckets), for: call.demand,
                reservedAt: call.reservedAt)
        }
        for reservation in gone {
            guard let path = end(reservation) else { continue }
            charge(reservation, reservation.demand.worstCost, at: path)
        }
        return gone
    }

    /// Ends a call under way; returns its levels, or nil when there is no such call.
    private mutating func end(_ reservation: Reservation) -> Int? {
        let place = place(of: reservation.permit.attempt)
        guard place < calls.count, calls[place].attempt == reservation.permit.attempt else { return nil }
        // While the call still counts: what is counted anew counts it too.
        let path = path(of: reservation.demand)
        for index in paths[path].budgets { renew(index) }
        let call = calls.remove(at: place)
        for step in call.scopes.indices { open[call.scopes[step]] -= 1 }
        guard let cost = call.cost else { return path }
        for index in paths[path].budgets {
            guard budgets[index].standing.bounds.contains(reservation.reservedAt) else { continue }
            budgets[index].standing.reserved = budgets[index].standing.reserved - cost
        }
        return path
    }

    /// The place of an attempt among those under way: where it is, or where it would be.
    private func place(of attempt: ULID) -> Int {
        var (low, high) = (0, calls.count)
        while low < high {
            let middle = (low + high) / 2
            if calls[middle].attempt < attempt { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: - Levels

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

    /// Counts a budget anew when the calendar period is another than the one that was counted last.
    private mutating func renew(_ index: Int) {
        guard !budgets[index].standing.bounds.contains(now.wall) else { return }
        budgets[index].standing = standing(of: budgets[index].level)
    }

    private func admits(_ cost: Money?, at budget: Int) -> Bool {
        guard let cost else { return settings.allowUnpriced }
        let standing = budgets[budget].standing
        return standing.spent + standing.reserved + cost <= budgets[budget].level.limit
    }

    func standing(of level: BudgetLevel) -> BudgetLevel.Standing {
        let bounds = settings.bounds(of: level.period, at: now.wall)
        let quarters = BudgetPeriod.quarter(of: bounds.lowerBound)..<BudgetPeriod.quarter(of: bounds.upperBound)
        let spent = (spending[level.scope] ?? [:]).reduce(Money.zero) { sum, spent in
            quarters.contains(spent.key) ? sum + spent.value : sum
        }
        let reserved = calls(at: level.scope).reduce(Money.zero) { sum, call in
            bounds.contains(call.reservedAt) ? sum + (call.cost ?? .zero) : sum
        }
        return BudgetLevel.Standing(bounds: bounds, spent: spent, reserved: reserved)
    }

    private func calls(at scope: LimitScope) -> [Call] {
        guard let index = scopes.firstIndex(of: scope) else { return [] }
        return calls.filter { call in call.scopes.indices.contains { call.scopes[$0] == index } }
    }
}

extension MemoryLevels.Bucket {
    mutating func refill(_ milliseconds: Int64) {
        guard milliseconds != refilledAt else { return }
        bucket.refill(milliseconds: milliseconds - refilledAt)
        refilledAt = milliseconds
    }
}
