import Core

/// The newest run: where it is and what each of its steps came to.
struct RunProgress: Sendable, Hashable {
    struct Step: Sendable, Hashable {
        var name: String
        var role: RoleName?
        var startedAt: Int64?
        var finishedAt: Int64?
        /// Parts done, of `parts`.
        var done = 0
        var parts = 0
        var requests = 0
        var hits = 0
        /// nil as soon as something without a price was used.
        var cost: Money? = .zero
    }

    /// A limit that the run waits for.
    struct Pause: Sendable, Hashable {
        var limit: String
        /// The wall time at which the run goes on.
        var until: Int64
    }

    /// Why the run stands still, or will.
    enum Hold: Sendable, Hashable {
        /// It will when the step under way is done.
        case afterStep
        /// Its step is being stopped.
        case stopping
        /// It does; the step of that index comes next, or goes on.
        case held(next: Int, isStopped: Bool)
    }

    var run: ULID
    var loop: String
    private(set) var pause: Pause?
    /// nil while nobody wants the run to stand still.
    private(set) var hold: Hold?
    var steps: [Step]
    var startedAt: Int64
    var finishedAt: Int64?
    var state = RunState.running
    var message: String?
    /// The step under way, or the last one.
    private(set) var current = 0
    private var stepOfRequest: [ULID: Int] = [:]

    init(run: ULID, loop: String, steps: [String], startedAt: Int64) {
        self.run = run
        self.loop = loop
        self.steps = steps.map { Step(name: $0) }
        self.startedAt = startedAt
    }

    var isRunning: Bool { state == .running }

    var currentStep: Step? { steps.indices.contains(current) ? steps[current] : nil }

    /// How much of the run is done, from 0 to 1, each step counting the same.
    var fraction: Double {
        guard !steps.isEmpty else { return isRunning ? 0 : 1 }
        let parts = steps.map { step in
            if step.finishedAt != nil { return 1.0 }
            return step.parts > 0 ? min(1, Double(step.done) / Double(step.parts)) : 0
        }
        return parts.reduce(0, +) / Double(steps.count)
    }

    func elapsed(at now: Int64) -> Int64 { (finishedAt ?? max(now, startedAt)) - startedAt }

    /// How long the run may still take in microseconds, were the rest as fast as what is done; nil as long as little is
    /// done, and when nothing is left.
    func timeLeft(at now: Int64) -> Int64? {
        let done = fraction
        guard isRunning, pause == nil, !isHeld, done >= 0.05, done < 1 else { return nil }
        return Int64(Double(elapsed(at: now)) * (1 - done) / done)
    }

    mutating func note(_ event: SessionEvent, at wall: Int64) {
        switch event {
        case .stepStarted(_, let index, let step, let role): start(index, step, role, at: wall)
        case .stepProgress(_, let index, let done, let parts): change(index) { ($0.done, $0.parts) = (done, parts) }
        case .stepFinished(_, let index, _): change(index) { $0.finishedAt = wall }
        case .requestStarted(let request, _, _, _, let step, _):
            stepOfRequest[request] = steps.firstIndex { $0.name == step } ?? current
        case .requestAnswered(let request, let record, _):
            change(stepOfRequest.removeValue(forKey: request) ?? current) { $0.add(record) }
        case .requestFailed(let request, _, _, _, let charged):
            change(stepOfRequest.removeValue(forKey: request) ?? current) { $0.add(charged) }
        case .requestRetrying(let request, _, _, let charged),
            .requestFellBack(let request, _, _, _, _, _, _, let charged):
            change(stepOfRequest[request] ?? current) { $0.add(charged) }
        case .runPaused(_, _, let limit, let until): pause = Pause(limit: limit, until: until)
        case .runResumed: pause = nil
        case .runSteered(_, let order, _): steer(order)
        case .runHeld(_, let next): hold = .held(next: next, isStopped: hold == .stopping)
        case .runReleased: hold = nil
        case .runFinished(_, _, let state, let message):
            (pause, hold) = (nil, nil)
            self.state = state
            self.message = message
            finishedAt = wall
        default: break
        }
    }

    private mutating func start(_ index: Int, _ name: String, _ role: RoleName, at wall: Int64) {
        while (0..<100).contains(index), steps.count <= index { steps.append(Step(name: name)) }
        current = index
        change(index) { step in
            step.role = role
            step.startedAt = wall
            (step.finishedAt, step.done, step.parts) = (nil, 0, 0)
        }
        // A step that is done again comes before one that was stopped for it.
        for later in steps.indices.dropFirst(index + 1) {
            (steps[later].startedAt, steps[later].finishedAt) = (nil, nil)
            (steps[later].done, steps[later].parts) = (0, 0)
        }
    }

    private mutating func steer(_ order: SteeringOrder) {
        switch order {
        case .pauseAfterStep: hold = .afterStep
        case .stopStep: hold = .stopping
        case .goOn: hold = nil
        case .pause, .cancel, .note, .redo, .answer: break
        }
    }

    /// Whether no request is made until somebody lets the run go on.
    var isHeld: Bool { if case .held = hold { true } else { false } }

    /// The step that `redo` is about: the one that was stopped, else the one that was done last; nil when there is none.
    var redoTarget: Int? {
        if case .held(let next, true) = hold { return next }
        let known = steps.indices.filter { steps[$0].finishedAt != nil }
        return known.max { (steps[$0].finishedAt ?? 0, $0) < (steps[$1].finishedAt ?? 0, $1) }
    }

    private mutating func change(_ index: Int, _ body: (inout Step) -> Void) {
        if steps.indices.contains(index) { body(&steps[index]) }
    }
}

extension RunProgress.Step {
    fileprivate mutating func add(_ record: AnswerRecord) {
        requests += 1
        if record.source == .provider { add(record.cost) } else { hits += 1 }
    }

    fileprivate mutating func add(_ charged: Money?) {
        cost = cost.flatMap { sum in charged.map { sum + $0 } }
    }
}
