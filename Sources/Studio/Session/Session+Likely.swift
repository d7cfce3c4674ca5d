import Configuration
public import Core
import Generation
import Metering
import Providers

/// What a run may cost: the bound, and what it comes to if it goes as usual.
public struct CostEstimate: Hashable, Sendable {
    /// The most that it may cost, with nothing in the cache; nil when a model has no price.
    public var most: Money?
    /// What it likely costs, with nothing in the cache; nil when a model has no price.
    public var likely: Money?
    public var basis: CostBasis

    public init(most: Money?, likely: Money?, basis: CostBasis) {
        self.most = most
        self.likely = likely
        self.basis = basis
    }
}

extension Session {
    /// What a run of the order may cost. What its roles' calls came to before, for the same step where there are some,
    /// tells what is likely; where there are none, a part of each step's prompt cap and of the role's `max_tokens`.
    ///
    /// Throws when a role of the loop cannot be asked.
    public func costEstimate(_ order: RunOrder) throws -> CostEstimate {
        let (loop, assignment) = try check(order, run: ULID(at: environment.time.now()))
        return try costEstimate(loop, assignment)
    }

    func costEstimate(_ loop: Loop, _ assignment: LoopEngine.Assignment) throws -> CostEstimate {
        let most = try mostItMayCost(loop, assignment)
        var expectation = Expectation()
        let engine = engine(loop, assignment, try library(), Steering(loop, assignment, ledger: ledger))
        let tracker = CostTracker(ledger: ledger, settings: try live.current().rateLimiting)
        for (step, count) in try engine.mostRequests() {
            for (role, count) in step.consulted.map({ ($0, 1) }) + [(step.role, count)] {
                let call = try showrunner.role(role).candidates(
                    .text([], wantsJSON: false), flags: assignment.flags
                ).call
                let known = try tracker.typicalUsage(
                    of: role, model: call.model, loop: step.loop, step: step.name)
                let usage =
                    known.map { Usage(inputTokens: $0.inputTokens, outputTokens: $0.outputTokens) }
                    ?? step.guess(maxTokens: call.usageBound.outputTokens)
                expectation.add(generator.cost(of: usage, for: call), count: count, isKnown: known != nil)
            }
            if let question = step.action?.question {
                let call = try showrunner.role(step.role).candidates(question, flags: assignment.flags).call
                expectation.add(generator.worstCase(of: call), count: ActionName.mostMedia, isKnown: false)
            }
        }
        return CostEstimate(
            most: most, likely: expectation.sum.map { min($0, most ?? $0) }, basis: expectation.basis)
    }
}

/// What requests likely come to.
private struct Expectation {
    private(set) var sum: Money? = .zero
    private var known = 0
    private var all = 0

    mutating func add(_ cost: Money?, count: Int, isKnown: Bool) {
        sum = sum.flatMap { sum in cost.map { sum + $0 * count } }
        all += 1
        known += isKnown ? 1 : 0
    }

    var basis: CostBasis { known == 0 ? .guess : known == all ? .history : .mixed }
}

extension Loop.Step {
    /// What a request of the step takes as long as nobody knows: half of its prompt cap at four bytes a token, and a
    /// third of what may be answered.
    fileprivate func guess(maxTokens: Int) -> Usage {
        Usage(inputTokens: promptCap / 8, outputTokens: maxTokens / 3)
    }
}

extension CostEstimate {
    /// The members that `generate --json` has of it.
    var json: JSONValue {
        ["most": JSONValue(most?.dollars), "likely": JSONValue(likely?.dollars), "basis": JSONValue(basis.rawValue)]
    }
}
