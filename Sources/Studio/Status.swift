public import Configuration
public import Core
public import Metering
public import Workspace

/// Every figure that the dashboard, `status` and its JSON show: one definition for all of them.
///
/// What is not known is nil. Times are wall times in microseconds since 1970.
public struct Status: Hashable, Sendable {
    public struct Project: Hashable, Sendable {
        public var name: String
        public var path: String
        public var schemaVersion: Int
        public var pendingMigrations: Int
    }

    public struct SessionState: Hashable, Sendable {
        public var id: ULID
        public var isRunning: Bool
        /// Whether its run stands still until somebody lets it go on.
        public var isPaused: Bool
        public var loop: String?
        public var step: String?
        public var state: RunState?
        public var startedAt: Int64
        public var cost: Money
        /// Answers of the session, hits included.
        public var requests: Int
    }

    /// One row per role and kind.
    public struct RoleRow: Hashable, Sendable {
        /// Whether the role could be asked now, and if not, why.
        public enum Readiness: String, Hashable, Sendable {
            case idle, waiting, writing, failed
            case noKey = "no_key"
            case noModel = "no_model"
            case notReachable = "not_reachable"
            case notTrusted = "not_trusted"
        }

        public var role: RoleName
        public var kind: ProviderKind
        public var provider: String
        public var model: String?
        public var temperature: Double?
        /// Where the provider comes from: `flag`, `override`, `role`, `default`.
        public var source: String
        public var isOverridden: Bool
        public var state: Readiness
        /// What is wrong, in words, when the role cannot be asked.
        public var problem: String?
        /// Hits, misses and bypassed look-ups of the session.
        public var calls: Int
        public var hitRate: Double?
        /// The session's cost; nil when a model without a price was used.
        public var cost: Money?
    }

    public struct CacheState: Hashable, Sendable {
        public var isEnabled: Bool
        public var backend: String
        public var entries: Int
        public var bytes: Int
        public var capBytes: Int
        public var session: LookupTotals
        public var today: LookupTotals
        public var all: LookupTotals
    }

    public enum Scope: String, Hashable, Sendable { case global, provider, model, role }

    public struct Limit: Hashable, Sendable {
        public var scope: Scope
        /// The provider, model or role; nil for the global scope.
        public var name: String?
        /// `requests`, `tokens`, `input_tokens`, `output_tokens` or `concurrent`.
        public var metric: String
        /// `second` … `month`; nil for calls under way.
        public var period: String?
        public var limit: Int
        public var capacity: Int
        /// What is left in the bucket.
        public var remaining: Int
        /// What calls under way have taken by estimate.
        public var reserved: Int
        /// The limit's key in the configuration: `tokens_per_hour`, `max_concurrent`.
        public var key: String { period.map { "\(metric)_per_\($0)" } ?? "max_concurrent" }
        public var refillPerSecond: Double
        /// When the bucket will be full; nil when it is.
        public var fullAt: Int64?
        public var waiting: Int
    }

    public struct Budget: Hashable, Sendable {
        public var scope: Scope
        public var name: String?
        public var period: String
        public var limit: Money
        public var spent: Money
        public var reserved: Money
        public var resetsAt: Int64
        /// The highest share of `rate_limiting.alerts` that is spent; nil when none is.
        public var alert: Double?
        /// How much is spent, as a fraction of the limit; 1 for a budget of nothing.
        public var share: Double {
            limit > .zero ? Double(spent.picodollars) / Double(limit.picodollars) : 1
        }
        /// When the budget runs out at the rates of the last ten minutes and of the whole session, the reset at the
        /// latest; nil when it lasts until its reset.
        public var exhaustedAt: (earliest: Int64, latest: Int64)? {
            guard let exhaustedEarliest, let exhaustedLatest else { return nil }
            return (exhaustedEarliest, exhaustedLatest)
        }
        public var exhaustedEarliest: Int64?
        public var exhaustedLatest: Int64?
        public var remaining: Money { max(.zero, limit - spent - reserved) }
    }

    /// How the project's state is kept, and how it stands.
    public struct State: Hashable, Sendable {
        /// `file`, `sqlite`, `memory` or `redis`.
        public var backend: String
        public var schemaVersion: Int
        /// The newest version that this program knows.
        public var newestVersion: Int
        public var hotArtifacts = 0
        public var coldArtifacts = 0
        public var snapshots = 0
        public var units = 0
        /// Whole backups, the newest first.
        public var backups: [Backup] = []
        /// How long it took to read all this, in microseconds.
        public var latency: Int64 = 0
        /// What is wrong with it; nil when it can be read and written.
        public var problem: String?

        public var pendingMigrations: Int { max(0, newestVersion - schemaVersion) }
    }

    public struct Costs: Hashable, Sendable {
        public var session: Money
        public var today: Money
        public var month: Money
        public var all: Money
        public var saved: Money
        /// How much of `all` is estimated.
        public var estimatedPart: Money
        /// Dollars an hour over the last ten minutes; nil when nothing was spent in them.
        public var burnPerHour: Money?
    }

    public var project: Project
    public var session: SessionState?
    public var roles: [RoleRow]
    public var cache: CacheState
    public var state: State
    public var limits: [Limit]
    public var budgets: [Budget]
    public var costs: Costs
    /// What calls and look-ups add up to, told apart by provider, model, role and loop; but for the month, which is
    /// ``Session/monthTallies()``.
    public var tallies: Tallies
    /// How fast the models answered lately.
    public var paces: [Pace]
    /// What the configuration would send where, if the writer had agreed to it.
    public var untrusted: [TrustLine] = []
    /// When the figures were read.
    public var takenAt: Int64
}
