import Configuration
import Core

/// Levels as the configuration gives them, and the order that asks a server for how they stand.
struct SharedOrder {
    private let buckets: [BucketLevel]
    private let concurrency: [ConcurrencyLevel]
    private let budgets: [BudgetLevel]
    private let settings: RateLimitSettings
    private let periods: CalendarPeriods
    private(set) var order: LevelOrder

    /// What a call has to pass.
    init(_ ticket: Ticket, for demand: Demand, _ table: LevelTable, _ periods: CalendarPeriods, now: Int64) {
        buckets = table.buckets(of: demand)
        concurrency = table.concurrency(of: demand)
        budgets = table.budgets(of: demand)
        settings = table.settings
        self.periods = periods
        order = LevelOrder(
            attempt: ticket.attempt, now: now, scopes: LevelTable.scopes(of: demand).map(\.sharedName),
            estimate: ticket.estimate, worstCost: demand.worstCost)
        fill()
    }

    /// Every level that lists show, for a look.
    init(everythingIn table: LevelTable, _ periods: CalendarPeriods, now: Int64) {
        let scopes = table.namedScopes
        buckets = scopes.flatMap(table.buckets)
        concurrency = scopes.compactMap(table.writtenConcurrency)
        budgets = scopes.flatMap(table.budgets)
        settings = table.settings
        self.periods = periods
        order = LevelOrder(
            attempt: ULID(at: Moment(wall: now, sinceBoot: 0)), now: now, scopes: [],
            estimate: TokenEstimate(input: 0, output: 0), worstCost: nil)
        fill()
    }

    private mutating func fill() {
        order.buckets = buckets.map { $0.shared(units: order.estimate.units($0.metric)) }
        order.concurrency = concurrency.map { .init(scope: $0.scope.sharedName, limit: $0.limit) }
        move(to: order.now)
    }

    /// Asks for the calendar periods that hold a wall time.
    mutating func move(to wall: Int64) {
        order.budgets = budgets.map {
            .init(scope: $0.scope.sharedName, bounds: periods.bounds(of: $0.period, at: wall), limit: $0.limit)
        }
    }

    var bucketNames: [BucketLevel.Name] { buckets.map(\.name) }

    /// Whether nothing may be taken, however the levels stand: a budget applies and the model has no price.
    var isOnlyALook: Bool { order.worstCost == nil && !settings.allowUnpriced && !budgets.isEmpty }

    /// The refusal that lasts longest of all levels, or nil when the call fits them all.
    func refusal(of demand: Demand, _ answer: LevelAnswer) -> Refusal? {
        // Whoever asked counts with its own clock.
        let now = Moment(wall: order.now, sinceBoot: 0)
        var refusals = buckets.indices.compactMap { index in
            Refusal.check(
                bucket(index, answer), of: buckets[index], asked: order.estimate.units(buckets[index].metric), now: now)
        }
        refusals += concurrency.indices.compactMap { index in
            Refusal.check(open: answer.open[index], of: concurrency[index], now: now)
        }
        refusals += budgets.indices.compactMap { index in
            Refusal.check(
                standing(index, answer), of: budgets[index], demand: demand, allowsUnpriced: settings.allowUnpriced,
                now: now)
        }
        return refusals.longest
    }

    /// How the levels stand, beside all calls under way.
    func standings(_ answer: LevelAnswer, _ calls: [SharedCall]) -> Standings {
        var standings = Standings()
        let now = Moment(wall: order.now, sinceBoot: 0)
        var limits: [LimitScope: [LimitStanding]] = [:]
        for index in buckets.indices {
            let level = buckets[index]
            let under = calls.filter { $0.scopes.contains(level.scope.sharedName) }
            let reserved = level.metric == .requests ? 0 : under.reduce(0) { $0 + $1.estimate.units(level.metric) }
            limits[level.scope, default: []].append(
                LimitStanding(bucket(index, answer), of: level, reserved: Int(reserved), now: now))
        }
        for index in concurrency.indices {
            let level = concurrency[index]
            limits[level.scope, default: []].append(LimitStanding(open: answer.open[index], of: level))
        }
        let scopes = (buckets.map(\.scope) + concurrency.map(\.scope))
        standings.limits = scopes.indices.filter { !scopes[..<$0].contains(scopes[$0]) }.flatMap {
            limits[scopes[$0]] ?? []
        }
        standings.budgets = budgets.indices.map { BudgetStanding(standing($0, answer), of: budgets[$0]) }
        return standings
    }

    private func bucket(_ index: Int, _ answer: LevelAnswer) -> TokenBucket {
        var bucket = buckets[index].full
        bucket.restore(level: answer.drops[index], capacity: bucket.capacity)
        return bucket
    }

    private func standing(_ index: Int, _ answer: LevelAnswer) -> BudgetLevel.Standing {
        BudgetLevel.Standing(
            bounds: order.budgets[index].bounds, spent: answer.spent[index], reserved: answer.reserved[index])
    }
}

extension BucketLevel {
    /// The bucket as a server is told of it.
    func shared(units: Int64) -> LevelOrder.Bucket {
        LevelOrder.Bucket(
            name: "\(scope.sharedName) \(key)", limit: full.limit, capacity: full.capacity,
            periodMilliseconds: full.period, units: units)
    }
}
