import Core
import Metering
import Synchronization

/// What a run under way was told: to stand still, to go on, to do a step again, words for its prompts, answers.
///
/// The engine asks it between steps and before each request; whoever steers calls ``take(_:by:)`` from anywhere.
final class Steering: Sendable {
    /// Where the run is, as far as orders depend on it.
    private enum Standing: Hashable {
        /// A step is under way.
        case within(Int)
        /// A step was ended before its end, and begins again.
        case stopped(Int)
        /// Nothing is under way; the step comes next.
        case before(Int)

        /// The step that is under way, or comes next.
        var index: Int {
            switch self {
            case .within(let index), .stopped(let index), .before(let index): index
            }
        }
    }

    private struct State {
        var standing = Standing.before(0)
        /// The step that was done last.
        var last: Int?
        var isHeld = false
        var holdsAfterStep = false
        /// The step that shall be done again, fresh.
        var redo: Int?
        var words: [RunWord]
        /// The questions that wait for an answer.
        var open: [ULID: String] = [:]
        var version = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    let asksWriter: Bool
    private let run: ULID
    private let ledger: Ledger
    private let emit: @Sendable (SessionEvent) -> Void
    /// Whether each step of the run asks a model.
    private let asking: [Bool]
    private let state: Mutex<State>

    /// `words` is what the run was told before, in an earlier session. Without `asksWriter` nobody is there to be asked,
    /// and the first suggestion counts.
    init(
        run: ULID, asking: [Bool], words: [RunWord], asksWriter: Bool, ledger: Ledger,
        emit: @escaping @Sendable (SessionEvent) -> Void
    ) {
        self.run = run
        self.asking = asking
        self.asksWriter = asksWriter
        self.ledger = ledger
        self.emit = emit
        state = Mutex(State(words: words))
    }

    // MARK: - Who steers

    /// Does what is asked; returns why not, nil when it is done. Ending the run is up to whoever owns its task.
    func take(_ order: SteeringOrder, by author: String) -> String? {
        let steered = SessionEvent.runSteered(run: run, order: order, author: author)
        switch order {
        case .pause: return hold(steered)
        case .pauseAfterStep: return holdAfterStep(steered)
        case .goOn: return release(steered)
        case .stopStep: return stop(steered)
        case .note(let text): return note(text, steered)
        case .redo: return redo(steered)
        case .answer(let question, let text): return answer(question, text, by: author)
        case .cancel:
            emit(steered)
            return nil
        }
    }

    private func hold(_ steered: SessionEvent) -> String? {
        change { state in
            guard !state.isHeld else { return Self.isHeldAlready }
            state.isHeld = true
            state.holdsAfterStep = false
            tell(steered, .runHeld(run: run, next: state.standing.index))
            return nil
        }
    }

    private func holdAfterStep(_ steered: SessionEvent) -> String? {
        change { state in
            guard !state.isHeld else { return Self.isHeldAlready }
            state.holdsAfterStep = true
            tell(steered)
            return nil
        }
    }

    private func release(_ steered: SessionEvent) -> String? {
        change { state in
            guard state.isHeld || state.holdsAfterStep else { return "the run is not paused" }
            tell(steered)
            if state.isHeld { tell(.runReleased(run: run)) }
            state.isHeld = false
            state.holdsAfterStep = false
            return nil
        }
    }

    private func stop(_ steered: SessionEvent) -> String? {
        change { state in
            guard case .within(let index) = state.standing else { return "no step is under way" }
            state.standing = .stopped(index)
            state.isHeld = true
            state.holdsAfterStep = false
            tell(steered, .runHeld(run: run, next: index))
            return nil
        }
    }

    private func note(_ text: String, _ steered: SessionEvent) -> String? {
        let text = text.trimmingSpace
        guard !text.isEmpty else { return "the note is empty" }
        guard text.utf8.count <= SteeringOrder.mostBytes else {
            return "the note is longer than \(SteeringOrder.mostBytes) bytes"
        }
        return change { state in
            let isAgain = if case .within = state.standing { false } else { true }
            let from = state.redo ?? state.standing.index + (isAgain ? 0 : 1)
            guard asking.dropFirst(from).contains(true) else { return "no step follows that could read the note" }
            return keep(RunWord(.note, about: "\(from)", text: text), in: &state, telling: steered)
        }
    }

    private func redo(_ steered: SessionEvent) -> String? {
        change { state in
            var target = state.last
            if case .stopped(let index) = state.standing { target = index }
            guard let target else { return "no step is done yet" }
            let word = RunWord(.redo, position: target)
            if let refusal = keep(word, in: &state, telling: steered) { return refusal }
            state.redo = target
            // What was noted for the step after it is meant for this one now.
            for place in state.words.indices where state.words[place].isOpenNote {
                state.words[place].about = "\(target)"
            }
            if case .within(let index) = state.standing { state.standing = .stopped(index) }
            guard state.isHeld else { return nil }
            // Who has paused to look at a step wants to look at it again.
            state.isHeld = false
            state.holdsAfterStep = true
            tell(.runReleased(run: run))
            return nil
        }
    }

    private func answer(_ question: ULID, _ text: String, by author: String) -> String? {
        let text = text.trimmingSpace
        guard !text.isEmpty else { return "the answer is empty" }
        guard text.utf8.count <= SteeringOrder.mostBytes else {
            return "the answer is longer than \(SteeringOrder.mostBytes) bytes"
        }
        return change { state in
            guard let key = state.open[question] else { return "that question is answered already" }
            let told = SessionEvent.questionAnswered(run: run, question: question, text: text, author: author)
            if let refusal = keep(RunWord(.answer, about: key, text: text), in: &state, telling: told) {
                return refusal
            }
            state.open[question] = nil
            return nil
        }
    }

    private static let isHeldAlready = "the run stands still already"

    /// Keeps a word where a later session finds it; returns why it could not be kept.
    private func keep(_ word: RunWord, in state: inout State, telling event: SessionEvent) -> String? {
        do throws(LedgerError) {
            state.words.append(try ledger.add(word, toRun: run))
        } catch {
            return error.description
        }
        tell(event)
        return nil
    }

    private func tell(_ events: SessionEvent...) {
        for event in events {
            // Who reads the event finds the run so. A run that cannot be noted to stand still does all the same.
            switch event {
            case .runHeld: try? ledger.holdRun(run, true)
            case .runReleased: try? ledger.holdRun(run, false)
            default: break
            }
            emit(event)
        }
    }

    // MARK: - The engine

    func begin(_ index: Int) { change { $0.standing = .within(index) } }

    /// Notes that a step is passed over.
    func skip(_ index: Int) { change { $0.standing = .before(index + 1) } }

    /// Notes that a step is done; where somebody wants to look at it the run stands still now.
    func end(_ index: Int) {
        change { state in
            state.last = index
            state.standing = .before(index + 1)
            guard state.holdsAfterStep else { return }
            state.holdsAfterStep = false
            state.isHeld = true
            tell(.runHeld(run: run, next: index + 1))
        }
    }

    /// Returns when the step under way has to end before its end, or the task is cancelled.
    func stopped() async {
        _ = try? await value { state -> Bool? in
            if case .stopped = state.standing { true } else { nil }
        }
    }

    /// Returns as soon as a request may be made.
    func passage() async throws(RunError) {
        _ = try await value { $0.isHeld ? nil : true }
    }

    /// Waits where the run stands still; returns the index of the step that comes then, and whether it is to be done
    /// again.
    func turn() async throws(RunError) -> (index: Int, isRedo: Bool) {
        try await value { state -> (Int, Bool)? in
            if state.isHeld { return nil }
            guard let redo = state.redo else { return (state.standing.index, false) }
            state.redo = nil
            state.standing = .before(redo)
            return (redo, true)
        }
    }

    /// What the writer wants a step to keep in mind. Notes that no step has read yet are this one's from now on.
    func notes(for index: Int) throws(RunError) -> [String] {
        let (texts, failure) = state.withLock { state -> ([String], LedgerError?) in
            do throws(LedgerError) {
                for place in state.words.indices
                where state.words[place].isOpenNote && state.words[place].firstReader <= index {
                    try ledger.place(state.words[place], at: index)
                    state.words[place].position = index
                }
            } catch {
                return ([], error)
            }
            return (state.words.filter { $0.kind == .note && $0.position == index }.map(\.text), nil)
        }
        if let failure { throw RunError(.storage, failure.description) }
        return texts
    }

    /// Whether a note waits for the next step.
    var hasOpenNote: Bool { state.withLock { $0.words.contains(where: \.isOpenNote) } }

    /// How often a step was begun afresh.
    func redos(of index: Int) -> Int {
        state.withLock { state in state.words.count { $0.kind == .redo && $0.position == index } }
    }

    /// What was answered to a question in this run, known by `key`; nil when it was not asked yet.
    func answer(to key: String) -> String? {
        state.withLock { state in state.words.last { $0.kind == .answer && $0.about == key }?.text }
    }

    /// Asks the writer and waits for the answer; where nobody is there to be asked, the first suggestion counts.
    func ask(_ question: WriterQuestion, key: String) async throws(RunError) -> String {
        state.withLock { $0.open[question.id] = key }
        emit(.questionAsked(run: run, question: question))
        if !asksWriter {
            let first = question.suggestions.first ?? "Decide it yourself, as it fits best."
            if let refusal = answer(question.id, first, by: "first suggestion") { throw RunError(.storage, refusal) }
        }
        return try await value { state in
            state.words.last { $0.kind == .answer && $0.about == key }?.text
        }
    }

    // MARK: - Waiting

    @discardableResult
    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, waiters) = state.withLock { state in
            let value = body(&state)
            state.version += 1
            defer { state.waiters = [:] }
            return (value, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return value
    }

    /// Waits for what `look` finds. Throws as soon as the task is cancelled.
    private func value<Value: Sendable>(_ look: (inout State) -> Value?) async throws(RunError) -> Value {
        while !Task.isCancelled {
            let (found, version) = state.withLock { (look(&$0), $0.version) }
            if let found { return found }
            await changed(since: version)
        }
        throw .cancelled
    }

    private func changed(since version: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled || state.version != version { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}

extension RunWord {
    /// Whether it is a note that no step has read yet.
    fileprivate var isOpenNote: Bool { kind == .note && position == nil }

    /// The first step that may read a note: the one under way when it came has asked without it.
    fileprivate var firstReader: Int { Int(about) ?? 0 }
}
