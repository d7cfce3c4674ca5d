import Configuration
import Core

/// Where the levels of the limits and the calls under way are kept. Each function is one atomic step for everyone who
/// shares the store.
protocol LimitStore: Sendable {
    /// Takes room for a call at every level; or takes nothing and throws the ``Refusal`` that lasts longest, or a
    /// ``LedgerError``.
    func takeNow(for demand: Demand, at now: Moment) throws -> Ticket
    /// The same, without blocking the thread.
    func take(for demand: Demand, at now: Moment) async throws -> Ticket
    /// Why a call would not be admitted; nil when it would. Takes nothing.
    func refusal(of demand: Demand, at now: Moment) throws(LedgerError) -> Refusal?
    /// Ends a call and writes its ledger row, once.
    func settleNow(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) throws(LedgerError)
    func settle(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) async throws(LedgerError)
    /// Gives everything back that a call had taken, once.
    func releaseNow(_ reservation: Reservation, at now: Moment) throws(LedgerError)
    func release(_ reservation: Reservation, at now: Moment) async throws(LedgerError)
    /// Every limit and budget, without who waits at it.
    func standings(at now: Moment) throws(LedgerError) -> Standings
}

/// The room that was taken for a call: the name of its attempt, and what was taken from which token buckets.
struct Ticket: Sendable {
    var attempt: ULID
    var estimate: TokenEstimate
    var buckets: [BucketLevel.Name] = []
}

/// Names attempts, and estimates what their calls will use.
struct TicketDesk {
    private var estimator = TokenEstimator()
    private var lastAttempt: ULID

    init(at now: Moment) { lastAttempt = ULID(at: now) }

    mutating func ticket(for demand: Demand, at now: Moment) -> Ticket {
        lastAttempt = ULID(at: now, after: lastAttempt)
        return Ticket(attempt: lastAttempt, estimate: estimator.estimate(demand))
    }

    /// Forgets what was learned, as a new limiter does.
    mutating func forget() { estimator = TokenEstimator() }

    func estimate(_ demand: Demand) -> TokenEstimate { estimator.estimate(demand) }

    mutating func learn(_ demand: Demand, from settlement: Settlement) {
        guard settlement.outcome == .answered, !settlement.isEstimated else { return }
        estimator.learn(demand, settlement.usage)
    }
}

/// Every limit and budget as it stands: global first, then by provider, model and role.
public struct Standings: Hashable, Sendable {
    public var limits: [LimitStanding] = []
    public var budgets: [BudgetStanding] = []

    package init() {}
}

extension Settlement {
    /// The tokens that were used, as buckets count them.
    var tokens: TokenEstimate { TokenEstimate(input: usage.allInputTokens, output: usage.outputTokens) }
}

extension LimitStanding {
    init(_ bucket: TokenBucket, of level: BucketLevel, reserved: Int, now: Moment) {
        self.init(
            scope: level.scope, metric: level.metric.rawValue, period: level.period.rawValue, limit: level.limit,
            capacity: level.capacity, remaining: Int(bucket.remaining), reserved: reserved,
            refillPerSecond: level.refillPerSecond,
            fullAt: bucket.waitUntilFull.flatMap { $0 > 0 ? now.wall + $0 * 1_000 : nil }, waiting: 0)
    }

    init(open: Int, of level: ConcurrencyLevel) {
        self.init(
            scope: level.scope, metric: "concurrent", period: nil, limit: level.limit, capacity: level.limit,
            remaining: max(0, level.limit - open), reserved: open, refillPerSecond: 0, fullAt: nil, waiting: 0)
    }

    /// The limit's key in the configuration.
    var key: String { period.map { "\(metric)_per_\($0)" } ?? ConcurrencyLevel.key }
}

extension BudgetStanding {
    init(_ standing: BudgetLevel.Standing, of level: BudgetLevel) {
        self.init(
            scope: level.scope, period: level.period.rawValue, limit: level.limit, spent: standing.spent,
            reserved: standing.reserved, resetsAt: standing.bounds.upperBound)
    }
}
