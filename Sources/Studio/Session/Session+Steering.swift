public import Core
import Foundation
import Metering
import Workspace

extension Session {
    /// Steers the run under way in this session. `author` says from where, for whoever reads it in Activity.
    ///
    /// Throws why it is not done: nothing runs, or what is asked makes no sense where the run is.
    public func steer(_ order: SteeringOrder, by author: String) throws {
        guard let steering else { throw RunError.nothingRuns }
        if let refusal = steering.take(order, by: author) { throw RunError(.order, refusal) }
        if order == .cancel { work?.cancel() }
    }

    /// Steers the run under way in another process of the workspace on this machine, the one that began last. Returns when
    /// that process does what is asked.
    ///
    /// Throws why it does not, and when none of them runs anything.
    public nonisolated func steerElsewhere(_ order: SteeringOrder, by author: String) async throws {
        guard let other = try sessionElsewhere() else { throw RunError.nothingRuns }
        try await steer(order, in: other, by: author)
    }

    /// The session of another process of this machine that runs something, the one that began last; nil when none does.
    public nonisolated func sessionElsewhere() throws -> ULID? {
        try ledger.openSessions().first { try $0 != id && isRunning($0) }
    }

    private nonisolated func isRunning(_ other: ULID) throws -> Bool {
        try SessionLock.isHeld(by: other, folder: workspace.paths.run) && ledger.session(other)?.state == .running
    }

    /// How long a session may take to say whether it does what another process asks.
    private static let patience = Duration.seconds(5)

    /// The same for the run of a session that is known.
    package nonisolated func steer(_ order: SteeringOrder, in other: ULID, by author: String) async throws {
        let control = try ledger.ask(order, of: other, by: author)
        defer { try? ledger.forgetControl(control) }
        // Another process lives in the machine's own time.
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            switch try ledger.outcome(ofControl: control) {
            case .done: return
            case .refused(let reason): throw RunError(.order, reason)
            case nil:
                guard try isRunning(other) else { throw RunError.nothingRuns }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        throw RunError(.storage, "the running session \(other) does not answer; stop its process if it hangs")
    }

    /// Does what other processes ask of the run, until the task is cancelled.
    nonisolated func takeControls(_ steering: Steering) async {
        while !Task.isCancelled {
            // What cannot be read now is the next time.
            for control in (try? ledger.openControls(of: id)) ?? [] {
                let refusal = steering.take(control.order, by: control.author)
                try? ledger.settleControl(control.id, refusal: refusal)
                if refusal == nil, control.order == .cancel { await cancel() }
            }
            try? await Task.sleep(for: Self.cadence)
        }
    }

    /// How often a session looks what others ask while its run is under way.
    private static let cadence = Duration.milliseconds(250)

    /// What steers a run; of one that goes on, with what it was told before.
    func steering(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, asksWriter: Bool, isResumed: Bool
    ) throws(RunError) -> Steering {
        do throws(LedgerError) {
            let words = isResumed ? try ledger.words(ofRun: assignment.run) : []
            return Steering(
                loop, assignment, words: words, asksWriter: asksWriter, ledger: ledger, emit: emitter)
        } catch {
            throw RunError(.storage, error.description)
        }
    }
}

extension Steering {
    convenience init(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, words: [RunWord] = [], asksWriter: Bool = false,
        ledger: Ledger, emit: @escaping @Sendable (SessionEvent) -> Void = { _ in }
    ) {
        let asking = loop.steps.map { step in
            step.form != nil && (assignment.role == nil || assignment.role == step.role)
        }
        self.init(
            run: assignment.run, asking: asking, words: words, asksWriter: asksWriter, ledger: ledger, emit: emit)
    }
}

extension RunError {
    static let nothingRuns = RunError(.nothingRuns, "nothing is running here; `questfoundry generate` starts a loop")
}
