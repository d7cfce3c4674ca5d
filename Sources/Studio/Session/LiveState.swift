import Core

/// What the events of a session add up to: where its run is, what its roles are doing, what the run came to.
struct LiveState: Hashable, Sendable {
    private(set) var loop: String?
    private(set) var step: String?
    private(set) var state: RunState?
    private(set) var roles: [RoleName: Status.RoleRow.Readiness] = [:]
    /// What the newest run came to so far.
    private(set) var tally = RunTally()
    /// How each provider's last request failed, when none was answered since.
    private(set) var failures: [String: String] = [:]
    private var requests: [ULID: RoleName] = [:]

    mutating func note(_ event: SessionEvent) {
        tally.note(event)
        switch event {
        case .runStarted(_, let loop, _, _, _, _):
            self.loop = loop
            step = nil
            state = .running
        case .stepStarted(_, _, let step, _): self.step = step
        case .requestStarted(let request, let role, _, _, _, _):
            requests[request] = role
            roles[role] = .writing
        case .requestWaiting(let request, _, _), .requestRetrying(let request, _, _, _):
            if let role = requests[request] { roles[role] = .waiting }
        case .requestFellBack(let request, let role, _, _, _, _, _, _):
            requests[request] = role
            roles[role] = .writing
        case .requestSent(let request): if let role = requests[request] { roles[role] = .writing }
        case .requestAnswered(let request, let record, _):
            if record.source == .provider { failures[record.provider] = nil }
            if let role = requests.removeValue(forKey: request) { roles[role] = .idle }
        case .requestFailed(let request, _, let provider, let message, _):
            failures[provider] = message
            if let role = requests.removeValue(forKey: request) { roles[role] = .failed }
        case .runPaused(_, let role, _, _): roles[role] = .waiting
        case .runFinished(_, _, let state, _): self.state = state
        case .roleSwitched(let role, _, _), .roleReset(let role): if roles[role] == .failed { roles[role] = nil }
        case .runEstimated, .stepProgress, .textDelta, .artifactStored, .stepFinished, .runResumed, .cachePruned,
            .budgetAlert,
            .runSteered, .runHeld, .runReleased, .questionAsked, .questionAnswered, .notice:
            break
        }
    }
}

/// What a run came to, from its events.
struct RunTally: Hashable, Sendable {
    private(set) var artifacts: [StoredArtifact] = []
    private(set) var requests = 0
    private(set) var hits = 0
    private(set) var shared = 0
    /// nil as soon as something was billed that has no price.
    private(set) var cost: Money? = .zero
    private(set) var savedCost = Money.zero
    private(set) var tokens = 0

    mutating func note(_ event: SessionEvent) {
        switch event {
        case .runStarted: self = RunTally()
        case .requestAnswered(_, let record, _): add(record)
        case .requestFailed(_, _, _, _, let charged), .requestRetrying(_, _, _, let charged),
            .requestFellBack(_, _, _, _, _, _, _, let charged):
            cost = cost.flatMap { sum in charged.map { sum + $0 } }
        case .artifactStored(_, let artifact):
            artifacts.removeAll { $0.id == artifact.id }
            artifacts.append(artifact)
        default: break
        }
    }

    private mutating func add(_ record: AnswerRecord) {
        requests += 1
        if record.source == .provider {
            tokens += record.usage.totalTokens
            cost = cost.flatMap { sum in record.cost.map { sum + $0 } }
        } else {
            hits += 1
            shared += record.source == .shared ? 1 : 0
            savedCost += record.savedCost
        }
    }
}
