/// Where an answer came from.
public enum AnswerSource: String, Codable, Hashable, Sendable {
    /// A provider was called.
    case provider
    /// The response cache had it.
    case cache
    /// An identical request was under way, and its answer was shared.
    case shared
}

/// What a request came to: one line of the ledger.
public struct AnswerRecord: Hashable, Codable, Sendable {
    public var role: RoleName
    public var provider: String
    public var model: String
    public var source: AnswerSource
    public var usage: Usage
    /// nil when the model has no price.
    public var cost: Money?
    public var isEstimated: Bool
    /// What the first answer cost, when this one was a hit.
    public var savedCost: Money
    public var savedTokens: Int
    public var latencyMilliseconds: Int

    public init(
        role: RoleName, provider: String, model: String, source: AnswerSource, usage: Usage, cost: Money?,
        isEstimated: Bool, savedCost: Money = .zero, savedTokens: Int = 0, latencyMilliseconds: Int
    ) {
        self.role = role
        self.provider = provider
        self.model = model
        self.source = source
        self.usage = usage
        self.cost = cost
        self.isEstimated = isEstimated
        self.savedCost = savedCost
        self.savedTokens = savedTokens
        self.latencyMilliseconds = latencyMilliseconds
    }
}

/// An artifact that is durably in the workspace.
public struct StoredArtifact: Hashable, Codable, Sendable {
    public var id: String
    public var type: String
    public var revision: Int
    /// Relative to the workspace.
    public var path: String
    public var title: String
    /// What is wrong with it, when the model's answer could not be read and is kept verbatim.
    public var needsReview: String?

    public init(id: String, type: String, revision: Int, path: String, title: String, needsReview: String? = nil) {
        self.id = id
        self.type = type
        self.revision = revision
        self.path = path
        self.title = title
        self.needsReview = needsReview
    }
}

/// What an expected cost is known from.
public enum CostBasis: String, Codable, Hashable, Sendable {
    /// The ledger's calls of the same roles with the same models.
    case history
    /// A part of what each request may take at most: there are no such calls yet.
    case guess
    /// Some from the one, some from the other.
    case mixed

    /// In words: `from the ledger`.
    public var words: String {
        switch self {
        case .history: "from the ledger"
        case .guess: "a guess: no calls yet"
        case .mixed: "partly from the ledger"
        }
    }
}

/// How a run ended.
public enum RunState: String, Codable, Hashable, Sendable {
    case running, done, failed, cancelled
    /// A limit or a budget refused a request.
    case refused
    /// Its process ended in the middle of it.
    case interrupted
}

/// Everything that happens in a session. What shows a session folds over these.
public enum SessionEvent: Hashable, Codable, Sendable {
    /// `mostItMayCost` is nil when a model has no price.
    case runStarted(run: ULID, loop: String, steps: [String], brief: String, seed: UInt64?, mostItMayCost: Money?)
    /// What the run likely costs, with nothing in the cache, and what that is known from.
    case runEstimated(run: ULID, likely: Money, basis: CostBasis)
    /// `index` counts from 0.
    case stepStarted(run: ULID, index: Int, step: String, role: RoleName)
    /// The step's progress in parts (scenes to draft), from 0 to `of`.
    case stepProgress(run: ULID, index: Int, done: Int, of: Int)
    case requestStarted(
        request: ULID, role: RoleName, provider: String, model: String, step: String, isConsultation: Bool)
    /// A limit makes the request wait; `until` is the wall time in microseconds at which it may go on, if known.
    case requestWaiting(request: ULID, limit: String, until: Int64?)
    case requestSent(request: ULID)
    /// A try failed, and `charged` was taken for it, nil when it could not be priced. The next one follows at the wall
    /// time `until`.
    case requestRetrying(request: ULID, message: String, until: Int64, charged: Money?)
    /// A provider gave no answer for good, and `next` is asked in its place with `model`. `reason` says in few words what
    /// happened to it (`failed (503)`), `message` says all; `charged` was taken for its last try.
    case requestFellBack(
        request: ULID, role: RoleName, provider: String, reason: String, message: String, next: String, model: String,
        charged: Money?)
    /// A piece of the answer as it streams; not confirmed until `requestAnswered`.
    case textDelta(request: ULID, text: String)
    /// The whole answer, its ledger row durable.
    case requestAnswered(request: ULID, record: AnswerRecord, text: String)
    /// `charged` is what the ledger took for it, nil when nothing could be priced.
    case requestFailed(request: ULID, role: RoleName, provider: String, message: String, charged: Money?)
    case artifactStored(run: ULID, artifact: StoredArtifact)
    case stepFinished(run: ULID, index: Int, step: String)
    /// A limit or a budget refused a role's request for longer than one waits; the run goes on by itself at the wall
    /// time `until`.
    case runPaused(run: ULID, role: RoleName, limit: String, until: Int64)
    case runResumed(run: ULID)
    /// Somebody asked something of the run, and it does so. `author` says from where: `dashboard`, `command line`.
    case runSteered(run: ULID, order: SteeringOrder, author: String)
    /// The run stands still until somebody lets it go on; `next` is the index of the step that it then comes to or goes
    /// on with, the number of steps at its end.
    case runHeld(run: ULID, next: Int)
    /// The run that stood still goes on.
    case runReleased(run: ULID)
    /// A role asks the writer, and its request waits for the answer.
    case questionAsked(run: ULID, question: WriterQuestion)
    /// `author` says who answered, `first suggestion` where nobody was there to be asked.
    case questionAnswered(run: ULID, question: ULID, text: String, author: String)
    case runFinished(run: ULID, loop: String, state: RunState, message: String?)
    case roleSwitched(role: RoleName, provider: String, model: String?)
    case roleReset(role: RoleName)
    case cachePruned(entries: Int, bytes: Int)
    /// A budget has come to a share at which `rate_limiting.alerts` warns: once in its period, in whatever process.
    case budgetAlert(BudgetAlert)
    /// Something the writer should know.
    case notice(isError: Bool, text: String)
}

/// An event with its time and the session that it happened in.
public struct SessionEventRecord: Hashable, Codable, Sendable {
    public var session: ULID
    public var moment: Moment
    public var event: SessionEvent

    public init(session: ULID, moment: Moment, event: SessionEvent) {
        self.session = session
        self.moment = moment
        self.event = event
    }
}
