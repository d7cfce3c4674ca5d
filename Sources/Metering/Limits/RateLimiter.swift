public import Configuration
public import Core
import Foundation
import GRDB
import Synchronization

/// Admits provider calls: buckets of requests and tokens, budgets and calls under way, at the levels of everything, the
/// provider, the model and the role, all or none.
///
/// Levels live in the ledger's database, so that they survive a restart and all processes of a workspace share them.
/// A call is admitted only when its worst case fits every budget: no concurrency, kill or restart takes a budget past
/// its limit.
public final class RateLimiter: Sendable {
    let ledger: Ledger
    let settings: RateLimitSettings
    let line = WaitingLine()
    private let estimator = TokenEstimator()
    private let random: @Sendable () -> ULID
    private let isAlive: @Sendable (ULID) -> Bool
    /// How often a request looks again when what holds it up is a call under way, which may be another process's.
    private static let pollMilliseconds: Int64 = 250

    /// `isAlive` tells whether the process of a session still runs: what one that is gone has left open is settled when
    /// somebody waits for it.
    public init(
        ledger: Ledger, settings: RateLimitSettings, isAlive: @escaping @Sendable (ULID) -> Bool = { _ in true }
    ) {
        self.ledger = ledger
        self.settings = settings
        self.isAlive = isAlive
        let time = ledger.time
        random = { ULID(at: time.now()) }
    }

    /// What became of a try.
    enum Verdict {
        case granted(Reservation)
        case refused(Refusal)
    }

    /// Takes room for a call at every level, or throws the ``Refusal`` of the level that binds; never waits.
    public func tryReserve(_ demand: Demand) throws -> Reservation {
        switch try attempt(demand) {
        case .granted(let reservation): return reservation
        case .refused(let refusal): throw refusal
        }
    }

    /// Whether a call would be admitted now: nil, or why not. Takes nothing.
    public func canProceed(_ demand: Demand) throws -> Refusal? {
        let now = ledger.time.now()
        let estimate = estimator.estimate(demand)
        return try ledger.read { database in
            try self.refusal(
                of: demand, estimate, at: self.levels(in: database, now: now), now: now, in: database)
        } ?? refusal(of: demand, estimate, at: levels(in: nil, now: now), now: now, in: nil)
    }

    /// Takes room for a call at every level, waiting in order of arrival until it is there.
    ///
    /// Throws a ``Refusal`` at once when enough can never be there, comes only after `max_wait_seconds`, or when
    /// `on_limit` is `fail`; a ``LedgerError`` when the books cannot be written; `CancellationError` when the task is
    /// cancelled, which leaves nothing reserved. `onWait` is told when the request is held up, and again when
    /// another limit binds it or the time at which it may go on has moved.
    public func reserve(
        _ demand: Demand, onWait: @Sendable (Refusal) -> Void = { _ in }
    ) async throws -> Reservation {
        let place = line.join(scopes: Set(LevelTable(settings: settings).scopes(of: demand)))
        defer { line.leave(place) }
        let deadline = ledger.time.now().sinceBoot / 1_000 + Int64(settings.maxWaitSeconds) * 1_000
        var told: Refusal?
        while true {
            try Task.checkCancellation()
            guard line.isFirst(place) else {
                await line.waitForBell(place)
                continue
            }
            switch try attempt(demand) {
            case .granted(let reservation): return reservation
            case .refused(let refusal):
                let now = ledger.time.now().sinceBoot / 1_000
                guard settings.onLimit == .wait, let wait = refusal.retryAfter, now + wait <= deadline else {
                    throw refusal
                }
                if told.map({ refusal.isNews(since: $0) }) ?? true {
                    onWait(refusal)
                    told = refusal
                }
                line.holdUp(place, at: refusal.scope, key: refusal.key)
                // Whoever makes the calls that this waits for may be gone.
                if wait == Self.pollMilliseconds, try ledger.settleAbandoned(isAlive: isAlive) > 0 { continue }
                // Another process may raise the limit meanwhile.
                try await pause(place, milliseconds: min(wait, 1_000))
            }
        }
    }

    /// Ends a call: its real usage and cost replace what was reserved, in the transaction that writes its ledger row.
    /// What was reserved and not used is there for others at once. Settling twice changes nothing the second time.
    public func settle(_ reservation: Reservation, _ settlement: Settlement) throws(LedgerError) {
        let (now, bootID) = (ledger.time.now(), ledger.time.bootID)
        let demand = reservation.demand
        let usage = settlement.usage
        let used = TokenEstimate(input: usage.totalTokens - usage.outputTokens, output: usage.outputTokens)
        try ledger.write { database in
            guard try Ledger.settle(reservation, settlement, now: now.wall, in: database) else { return }
            for level in try self.levels(in: database, now: now).buckets(of: demand) where level.metric != .requests {
                let unused = reservation.estimate.units(level.metric) - used.units(level.metric)
                try level.change(in: database, now: now, bootID: bootID) { bucket in
                    if unused > 0 { bucket.giveBack(unused) } else { bucket.charge(-unused) }
                }
            }
        }
        if settlement.outcome == .answered, !settlement.isEstimated { estimator.learn(demand, usage) }
        line.ring()
    }

    /// Gives back a reservation whose call was not made after all.
    public func release(_ reservation: Reservation) throws(LedgerError) {
        let (now, bootID) = (ledger.time.now(), ledger.time.bootID)
        try ledger.write { database in
            try database.execute(
                sql: "DELETE FROM attempts WHERE id = ?", arguments: [reservation.permit.attempt.description])
            guard database.changesCount == 1 else { return }
            for level in try self.levels(in: database, now: now).buckets(of: reservation.demand) {
                try level.change(in: database, now: now, bootID: bootID) {
                    $0.giveBack(reservation.estimate.units(level.metric))
                }
            }
        }
        line.ring()
    }

    private func pause(_ place: WaitingLine.Place, milliseconds: Int64) async throws {
        let time = ledger.time
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time.sleep(microseconds: milliseconds * 1_000) }
            group.addTask { await self.line.waitForBell(place) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func attempt(_ demand: Demand) throws -> Verdict {
        let (now, bootID) = (ledger.time.now(), ledger.time.bootID)
        let estimate = estimator.estimate(demand)
        return try ledger.write { database in
            let levels = try self.levels(in: database, now: now)
            if let refusal = try self.refusal(of: demand, estimate, at: levels, now: now, in: database) {
                try BucketLevel.forgetTimesToCome(in: database, now: now, bootID: bootID)
                return .refused(refusal)
            }
            for level in levels.buckets(of: demand) {
                try level.change(in: database, now: now, bootID: bootID) { _ = $0.take(estimate.units(level.metric)) }
            }
            let permit = Permit(attempt: self.random(), idempotencyKey: demand.request)
            let reservation = Reservation(permit: permit, demand: demand, estimate: estimate, reservedAt: now.wall)
            try Self.insert(reservation, in: database)
            return .granted(reservation)
        }
    }

    /// The refusal that lasts longest of all levels, or nil when the call fits them all.
    private func refusal(
        of demand: Demand, _ estimate: TokenEstimate, at levels: LevelTable, now: Moment, in database: Database?
    ) throws -> Refusal? {
        var refusals: [Refusal] = []
        for level in levels.buckets(of: demand) {
            let bucket = try level.bucket(in: database, now: now, bootID: ledger.time.bootID)
            let asked = estimate.units(level.metric)
            let wait = bucket.wait(for: asked)
            guard wait != 0 else { continue }
            refusals.append(
                Refusal(
                    kind: .rateLimit(asked: asked, left: bucket.remaining), scope: level.scope, key: level.key,
                    retryAt: wait.map { now.wall + $0 * 1_000 }, retryAfter: wait))
        }
        for level in levels.concurrency(of: demand) where try level.open(in: database) >= level.limit {
            refusals.append(
                Refusal(
                    kind: .concurrency(limit: level.limit), scope: level.scope, key: ConcurrencyLevel.key,
                    retryAt: now.wall + Self.pollMilliseconds * 1_000, retryAfter: Self.pollMilliseconds))
        }
        for level in levels.budgets(of: demand) {
            if let refusal = try refusal(of: demand, at: level, now: now, in: database) { refusals.append(refusal) }
        }
        return refusals.max { ($0.retryAt ?? .max) < ($1.retryAt ?? .max) }
    }

    private func refusal(
        of demand: Demand, at level: BudgetLevel, now: Moment, in database: Database?
    ) throws -> Refusal? {
        guard let asked = demand.worstCost else {
            guard !settings.allowUnpriced else { return nil }
            return Refusal(kind: .unpriced(model: demand.model), scope: level.scope, key: level.key)
        }
        let bounds = bounds(of: level.period, at: now.wall)
        let (spent, reserved) = try level.standing(in: database, bounds: bounds)
        guard spent + reserved + asked > level.limit else { return nil }
        let left = max(.zero, level.limit - spent - reserved)
        let kind = Refusal.Kind.budget(asked: asked, left: left, limit: level.limit)
        guard asked <= level.limit else { return Refusal(kind: kind, scope: level.scope, key: level.key) }
        let isOnlyReserved = spent + asked <= level.limit
        let wait = isOnlyReserved ? Self.pollMilliseconds : (bounds.upperBound - now.wall + 999) / 1_000
        return Refusal(
            kind: kind, scope: level.scope, key: level.key, retryAt: now.wall + wait * 1_000, retryAfter: wait)
    }

    private static func insert(_ reservation: Reservation, in database: Database) throws {
        let demand = reservation.demand
        let origin = demand.origin
        try database.cachedStatement(
            sql: "INSERT INTO attempts VALUES (\(repeatElement("?", count: 17).joined(separator: ", ")))"
        ).execute(arguments: [
            reservation.permit.attempt.description, demand.request.description, origin.session.description,
            origin.run.description, origin.loop, origin.step, origin.role.rawValue, demand.provider, demand.model,
            demand.lookup.rawValue, demand.missCause, reservation.reservedAt, demand.worstInputTokens,
            demand.worstOutputTokens, demand.worstCost?.column, reservation.estimate.input,
            reservation.estimate.output,
        ])
    }
}
