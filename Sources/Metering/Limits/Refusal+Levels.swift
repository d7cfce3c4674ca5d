import Configuration
import Core

extension Refusal {
    /// How long it takes until a look is worth while where a call under way is waited for, which may be another
    /// process's, in milliseconds.
    static let poll: Int64 = 250

    /// Whether a bucket has too little; nil when it has enough.
    static func check(_ bucket: TokenBucket, of level: BucketLevel, asked: Int64, now: Moment) -> Refusal? {
        let wait = bucket.wait(for: asked)
        guard wait != 0 else { return nil }
        return Refusal(
            kind: .rateLimit(asked: asked, left: bucket.remaining), scope: level.scope, key: level.key,
            retryAt: wait.map { now.wall + $0 * 1_000 }, retryAfter: wait)
    }

    /// Whether as many calls are under way as may be.
    static func check(open: Int, of level: ConcurrencyLevel, now: Moment) -> Refusal? {
        guard open >= level.limit else { return nil }
        return Refusal(
            kind: .concurrency(limit: level.limit), scope: level.scope, key: ConcurrencyLevel.key,
            retryAt: now.wall + poll * 1_000, retryAfter: poll)
    }

    /// Whether a budget would be passed. `standing` is the budget's, in the calendar period with the bounds.
    static func check(
        _ standing: BudgetLevel.Standing, of level: BudgetLevel, demand: Demand, allowsUnpriced: Bool, now: Moment
    ) -> Refusal? {
        guard let asked = demand.worstCost else {
            guard !allowsUnpriced else { return nil }
            return Refusal(kind: .unpriced(model: demand.model), scope: level.scope, key: level.key)
        }
        let taken = standing.spent + standing.reserved
        guard taken + asked > level.limit else { return nil }
        let kind = Kind.budget(asked: asked, left: max(.zero, level.limit - taken), limit: level.limit)
        guard asked <= level.limit else { return Refusal(kind: kind, scope: level.scope, key: level.key) }
        let isOnlyReserved = standing.spent + asked <= level.limit
        let wait = isOnlyReserved ? poll : (standing.bounds.upperBound - now.wall + 999) / 1_000
        return Refusal(
            kind: kind, scope: level.scope, key: level.key, retryAt: now.wall + wait * 1_000, retryAfter: wait)
    }
}

extension [Refusal] {
    /// The one that lasts longest.
    var longest: Refusal? { self.max { ($0.retryAt ?? .max) < ($1.retryAt ?? .max) } }
}
