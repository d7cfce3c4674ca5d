import Configuration
import Core

extension MemoryLevels {
    /// The levels that the calls of a role to a model have to pass, as indices.
    struct Path {
        var role: RoleName
        var provider: String
        var model: String
        var scopes: SIMD4<Int> = .zero
        var buckets: [(index: Int, metric: LimitMetric)] = []
        var bucketNames: [BucketLevel.Name] = []
        var concurrency: [(scope: Int, limit: Int)] = []
        var budgets: [Int] = []
    }

    /// The levels that a call has to pass. There are few: a role asks one model or two.
    mutating func path(of demand: Demand) -> Int {
        for index in paths.indices
        where paths[index].role == demand.origin.role && paths[index].model == demand.model
            && paths[index].provider == demand.provider
        {
            return index
        }
        let table = table
        var path = Path(role: demand.origin.role, provider: demand.provider, model: demand.model)
        path.scopes = SIMD4(LevelTable.scopes(of: demand).map { index(of: $0) })
        let levels = table.buckets(of: demand)
        path.buckets = levels.map { (index(of: $0), $0.metric) }
        path.bucketNames = levels.map(\.name)
        path.concurrency = table.concurrency(of: demand).map { (index(of: $0.scope), $0.limit) }
        path.budgets = table.budgets(of: demand).map { index(of: $0) }
        paths.append(path)
        return paths.count - 1
    }

    /// Sets the changes of limits that are written.
    mutating func set(_ changes: [LimitChanges.Written]) {
        self.changes = changes
        forgetPaths()
    }

    var table: LevelTable { LevelTable(settings: settings, changes: LimitChanges(changes, now: now.wall)) }

    /// What was found of the levels, which are others now, is found anew; the buckets stay.
    mutating func forgetPaths() {
        paths = []
        budgets = []
        let ends = changes.map(\.until)
        let (before, after) = (ends.filter { $0 <= now.wall }.max(), ends.filter { $0 > now.wall }.min())
        pathsHold = (before ?? .min)..<(after ?? .max)
    }

    mutating func index(of scope: LimitScope) -> Int {
        if let index = scopes.firstIndex(of: scope) { return index }
        scopes.append(scope)
        open.append(0)
        return scopes.count - 1
    }

    /// The bucket of a level; one whose limit was another keeps what is in it, in proportion.
    mutating func index(of level: BucketLevel) -> Int {
        let milliseconds = now.sinceBoot / 1_000
        guard let index = bucketIndices[level.name] else {
            bucketIndices[level.name] = buckets.count
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
}
