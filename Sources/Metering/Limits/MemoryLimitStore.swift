import Configuration
import Core
import Synchronization

/// Levels in this process, for as long as the ledger in memory that they belong to lives. A call is admitted without
/// allocating: the levels that it has to pass are found once and kept as indices.
final class MemoryLimitStore: LimitStore {
    private let ledger: Ledger
    private let settings: RateLimitSettings
    private let owner = MemoryLevels.Owner()

    init(ledger: Ledger, settings: RateLimitSettings) {
        self.ledger = ledger
        self.settings = settings
    }

    func takeNow(for demand: Demand, at now: Moment) throws -> Ticket {
        try withLevels(at: now) { levels throws(Refusal) in try levels.take(for: demand) }
    }

    func take(for demand: Demand, at now: Moment) async throws -> Ticket { try takeNow(for: demand, at: now) }

    func refusal(of demand: Demand, at now: Moment) -> Refusal? { withLevels(at: now) { $0.refusal(of: demand) } }

    func settleNow(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) {
        let isFirst = withLevels(at: now) { $0.settle(reservation, settlement) }
        if isFirst { ledger.record(reservation, settlement, now: now.wall) }
    }

    func settle(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) async {
        settleNow(reservation, settlement, at: now)
    }

    func releaseNow(_ reservation: Reservation, at now: Moment) { withLevels(at: now) { $0.release(reservation) } }

    func release(_ reservation: Reservation, at now: Moment) async { releaseNow(reservation, at: now) }

    func standings(at now: Moment) -> Standings { withLevels(at: now) { $0.standings() } }

    private func withLevels<Value, Failure>(
        at now: Moment, _ body: (inout MemoryLevels) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try ledger.levels.withLock { levels throws(Failure) in
            levels.begin(at: now, for: owner, settings)
            return try body(&levels)
        }
    }
}
