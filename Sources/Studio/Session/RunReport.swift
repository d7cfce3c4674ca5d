public import Core

/// What a run came to.
public struct RunReport: Hashable, Sendable {
    public var run: ULID
    public var loop: String
    public var state: RunState
    public var seed: UInt64?
    /// What the run left in the workspace, each durable, in the order of writing; also what it found unchanged.
    public var artifacts: [StoredArtifact]
    /// Answers that the run got, hits included.
    public var requests: Int
    public var hits: Int
    /// How many of ``hits`` were shared with an identical request under way.
    public var shared: Int
    /// What the run cost; nil when a model without a price was used.
    public var cost: Money?
    /// What the hits cost when they were made.
    public var savedCost: Money
    /// Tokens that providers billed.
    public var tokens: Int
    public var durationSeconds: Double
    /// Why the run ended before its last step.
    public var error: RunError?
    /// Whether the run came as far as its first step.
    public var hasBegun: Bool
    /// What it was expected to cost; nil when it did not begin.
    public var estimate: CostEstimate?

    /// The report of an order that did not come to be a run.
    static func refused(_ order: RunOrder, run: ULID, because error: RunError) -> RunReport {
        RunReport(
            run: run, loop: order.loop, state: .failed, seed: order.seed, artifacts: [], requests: 0, hits: 0,
            shared: 0,
            cost: .zero, savedCost: .zero, tokens: 0, durationSeconds: 0, error: error, hasBegun: false)
    }
}

/// Why a run could not begin, or ended before its last step.
public struct RunError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A limit refused a request.
        case rateLimit = "rate_limit"
        /// A budget refused a request.
        case budget
        /// A budget applies and the model has no price.
        case unpriced
        /// A provider could not be reached or answered with an error.
        case provider
        /// A role's provider cannot be used as it is configured: no key, no model, not available.
        case configuration
        /// The workspace or the ledger could not be read or written.
        case storage
        /// A file of the workspace is damaged, or is no file of its own.
        case damaged
        /// A step has nothing to read.
        case nothingToRead = "nothing_to_read"
        /// The gate is shut: a red bar keeps the run from going on.
        case gate
        /// What was ordered does not exist or makes no sense.
        case order
        /// What was asked needs a run under way, and there is none.
        case nothingRuns = "nothing_running"
        case cancelled
    }

    /// An amount of what a limit counts: requests, or money.
    public enum Amount: Hashable, Sendable {
        case count(Int64)
        case money(Money)
    }

    public var kind: Kind
    /// What happened and what to do about it, in one sentence.
    public var message: String
    /// `global`, `provider`, `model` or `role`, for a refusal.
    public var scope: String?
    /// The provider, model or role that the limit is about; nil for the global scope.
    public var name: String?
    public var asked: Amount?
    public var left: Amount?
    /// The wall time in microseconds at which a refused request would fit; nil when it never will.
    public var retryAt: Int64?

    public init(
        _ kind: Kind, _ message: String, scope: String? = nil, name: String? = nil, asked: Amount? = nil,
        left: Amount? = nil, retryAt: Int64? = nil
    ) {
        self.kind = kind
        self.message = message
        self.scope = scope
        self.name = name
        self.asked = asked
        self.left = left
        self.retryAt = retryAt
    }

    /// Whether waiting helps: a limit refused what will fit later.
    public var isWorthRetrying: Bool { (kind == .rateLimit || kind == .budget) && retryAt != nil }
}
