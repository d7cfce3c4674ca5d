public import Configuration
public import Core

/// Admits provider calls: buckets of requests and tokens, budgets and calls under way, at the levels of everything, the
/// provider, the model and the role, all or none.
///
/// Levels live where the ledger lives: in its file, so that they survive a restart and all processes of a workspace
/// share them, or in memory. A call is admitted only when its worst case fits every budget: no concurrency, kill or
/// restart takes a budget past its limit.
public final class RateLimiter: Sendable {
    let store: any LimitStore
    let settings: RateLimitSettings
    let time: any TimeSource
    let line = WaitingLine()
    let ledger: Ledger
    private let isAlive: @Sendable (ULID) -> Bool

    /// `isAlive` tells whether the process of a session still runs: what one that is gone has left open is settled when
    /// somebody waits for it.
    public convenience init(
        ledger: Ledger, settings: RateLimitSettings, isAlive: @escaping @Sendable (ULID) -> Bool = { _ in true }
    ) {
        self.init(ledger: ledger, settings: settings, shared: nil, isAlive: isAlive)
    }

    /// The same, over levels that machines share, where there are such.
    package init(
        ledger: Ledger, settings: RateLimitSettings, shared: (any SharedLevels)?,
        isAlive: @escaping @Sendable (ULID) -> Bool = { _ in true }
    ) {
        if let shared {
            store = SharedLimitStore(ledger: ledger, settings: settings, levels: shared)
        } else if ledger.isInMemory {
            store = MemoryLimitStore(ledger: ledger, settings: settings)
        } else {
            store = SQLiteLimitStore(ledger: ledger, settings: settings)
        }
        self.ledger = ledger
        self.settings = settings
        self.isAlive = isAlive
        time = ledger.time
    }

    /// Takes room for a call at every level, or throws the ``Refusal`` of the level that binds; never waits for room.
    /// Throws a ``LedgerError`` when the books cannot be written.
    public func tryReserve(_ demand: Demand) throws -> Reservation {
        let now = time.now()
        return Reservation(try store.takeNow(for: demand, at: now), for: demand, reservedAt: now.wall)
    }

    /// Whether a call would be admitted now: nil, or why not. Takes nothing.
    public func canProceed(_ demand: Demand) throws(LedgerError) -> Refusal? {
        try store.refusal(of: demand, at: time.now())
    }

    /// Takes room for a call at every level, waiting in order of arrival until it is there. A call that is made again
    /// after a failure comes before those that are made for the first time.
    ///
    /// Throws a ``Refusal`` at once when enough can never be there, comes only after `max_wait_seconds`, or when
    /// `on_limit` is `fail`; a ``LedgerError`` when the books cannot be written, or the server of shared limits stays
    /// away that long; `CancellationError` when the task is
    /// cancelled, which leaves nothing reserved. `onWait` is told when the request is held up, and again when
    /// another limit binds it or the time at which it may go on has moved.
    public func reserve(
        _ demand: Demand, again isAgain: Bool = false, onWait: @Sendable (Refusal) -> Void = { _ in }
    ) async throws -> Reservation {
        let deadline = time.now().sinceBoot / 1_000 + Int64(settings.maxWaitSeconds) * 1_000
        var told: Refusal?
        var place = isAgain ? line.join(scopes: LevelTable.scopes(of: demand), again: true) : nil
        defer { place.map(line.leave) }
        while true {
            try Task.checkCancellation()
            guard line.isFree(for: LevelTable.scopes(of: demand), before: place) else {
                let own = place ?? line.join(scopes: LevelTable.scopes(of: demand))
                place = own
                await line.waitForBell(own)
                continue
            }
            let now = time.now()
            let refusal: Refusal
            do {
                return Reservation(try await store.take(for: demand, at: now), for: demand, reservedAt: now.wall)
            } catch let error as Refusal {
                refusal = error
            } catch let error as LedgerError where error.code == .away {
                // Nothing is paid for while nobody knows what the others spend.
                guard settings.onLimit == .wait, now.sinceBoot / 1_000 + Refusal.poll <= deadline else { throw error }
                try await time.sleep(microseconds: Refusal.poll * 1_000)
                continue
            }
            guard settings.onLimit == .wait, let wait = refusal.retryAfter, now.sinceBoot / 1_000 + wait <= deadline
            else { throw refusal }
            guard let place else {
                // Once more: what was given back meanwhile rang for nobody.
                place = line.join(scopes: LevelTable.scopes(of: demand))
                continue
            }
            if told.map({ refusal.isNews(since: $0) }) ?? true {
                onWait(refusal)
                told = refusal
            }
            line.holdUp(place, at: refusal.scope, key: refusal.key)
            // Whoever makes the calls that this waits for may be gone.
            if wait == Refusal.poll, try ledger.settleAbandoned(isAlive: isAlive) > 0 { continue }
            // Another process may raise the limit meanwhile.
            try await pause(place, milliseconds: min(wait, 1_000))
        }
    }

    /// Ends a call: its real usage and cost replace what was reserved, in the transaction that writes its ledger row.
    /// What was reserved and not used is there for others at once. Settling twice changes nothing the second time.
    /// Returns when that is durable. Cancelling the task does not stop it.
    public func settle(_ reservation: Reservation, _ settlement: Settlement) async throws(LedgerError) {
        try await store.settle(reservation, settlement, at: time.now())
        line.ring()
    }

    /// The same, for callers that are not asynchronous: blocks the thread until it is durable.
    public func settle(_ reservation: Reservation, _ settlement: Settlement) throws(LedgerError) {
        try store.settleNow(reservation, settlement, at: time.now())
        line.ring()
    }

    /// Gives back a reservation whose call was not made after all. Cancelling the task does not stop it.
    public func release(_ reservation: Reservation) async throws(LedgerError) {
        try await store.release(reservation, at: time.now())
        line.ring()
    }

    /// The same, for callers that are not asynchronous: blocks the thread until it is durable.
    public func release(_ reservation: Reservation) throws(LedgerError) {
        try store.releaseNow(reservation, at: time.now())
        line.ring()
    }

    private func pause(_ place: WaitingLine.Place, milliseconds: Int64) async throws {
        let time = time
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time.sleep(microseconds: milliseconds * 1_000) }
            group.addTask { await self.line.waitForBell(place) }
            try await group.next()
            group.cancelAll()
        }
    }
}

extension Reservation {
    init(_ ticket: Ticket, for demand: Demand, reservedAt: Int64) {
        self.init(
            permit: Permit(attempt: ticket.attempt, idempotencyKey: demand.request), demand: demand,
            estimate: ticket.estimate, reservedAt: reservedAt, buckets: ticket.buckets)
    }
}
