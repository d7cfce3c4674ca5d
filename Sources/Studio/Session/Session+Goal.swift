public import Configuration
import Core
import Generation

/// The loop that serves a goal.
public struct LoopChoice: Hashable, Sendable {
    public var loop: String
    /// Why, in the showrunner's words: a model wrote them.
    public var reason: String
}

extension Session {
    /// Has the showrunner pick the loop that serves a goal, and runs it as ordered; its first step reads the goal as the
    /// writer's note. Never throws: what went wrong is in the report.
    public func run(_ order: RunOrder, for goal: String) async -> RunReport {
        var order = order
        order.goal = goal
        do throws(RunError) {
            let choice = try await chooseLoop(for: goal, flags: order.flags)
            order.loop = choice.loop
        } catch {
            return .refused(order, run: ULID(at: environment.time.now()), because: error)
        }
        return await run(order)
    }

    /// Asks the showrunner which loop serves a goal: one request, and a second where the answer names none.
    ///
    /// Throws when the showrunner cannot be asked, when a run is under way, and when the second answer names no loop either.
    public func chooseLoop(for goal: String, flags: RoleLayer = RoleLayer()) async throws(RunError) -> LoopChoice {
        let goal = goal.trimmingSpace
        guard !goal.isEmpty, goal.utf8.count <= SteeringOrder.mostBytes else {
            throw RunError(.order, "a goal is a text of 1 to \(SteeringOrder.mostBytes) bytes")
        }
        guard work == nil else { throw RunError.busy }
        let library = try library()
        let run = ULID(at: environment.time.now())
        let assignment = LoopEngine.Assignment(
            session: id, run: run, brief: goal, count: nil, seed: nil, take: 1, isFresh: false, role: nil, flags: flags,
            pausesAtLimits: false)
        let loop = Loop.choosing
        let steering = Steering(loop, assignment, ledger: ledger)
        let engine = engine(loop, assignment, library, steering)
        _ = try showrunner.role(.showrunner).candidates(.text([], wantsJSON: true), flags: flags)
        try begin()
        let result = await alone { () -> Result<LoopChoice, RunError> in
            do throws(RunError) { return .success(try await engine.choice(for: goal)) } catch { return .failure(error) }
        }
        let choice = try result.get()
        emitter(
            .notice(
                isError: false,
                text: "the showrunner chose \(choice.loop)\(choice.reason.isEmpty ? "" : ": \(choice.reason)")"))
        return choice
    }

    /// Does work that nothing else may be done beside, and that ``cancel()`` ends.
    func alone<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await body() }
        work = Work(cancel: { task.cancel() }, end: { _ = await task.value })
        defer { work = nil }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

extension RunError {
    static let busy = RunError(.order, "a run is under way; cancel it, or wait for its end")
}

extension Loop {
    /// What the showrunner does for a goal: no loop that can be ordered.
    fileprivate static let choosing = Loop(
        name: "goal", title: "Goal", about: "",
        steps: [
            Step(
                name: "choose_loop", loop: "goal", role: .showrunner, consulted: [], inputs: [], outputs: [], notes: [],
                form: "loop_choice", asks: [], promptCap: 24_576)
        ], parts: [])
}

extension LoopEngine {
    fileprivate func choice(for goal: String) async throws(RunError) -> LoopChoice {
        let step = loop.steps[0]
        let form = try form(of: step)
        var prompt = Prompt(
            system: library.roles[step.role] ?? "", task: library.choosing, brief: goal, form: form)
        prompt.context = library.loops.map { Prompt.Passage(heading: "loop \($0.name)", text: $0.about) }
        var reader = AnswerReader(form: form)
        reader.loops = library.loops.map(\.name)
        let request = Request(step: step, part: Part(index: 0), prompt: prompt, reader: reader, reading: [])
        switch try await reply(to: request).items {
        case .success(let items):
            let choice = items.first ?? JSONObject()
            return LoopChoice(loop: choice["loop"]?.string ?? "", reason: choice["reason"]?.string ?? "")
        case .failure(let error):
            throw RunError(
                .provider,
                "the showrunner chose no loop, \(error.reason); name one: \(reader.loops.joined(separator: ", "))")
        }
    }
}

extension AnswerReader {
    /// The loop that an answer names: in its JSON, else as the only one that its text has.
    func choice(in text: String) throws(UnreadableAnswer) -> JSONObject {
        let answer = try? JSONValue.answer(in: text)
        let named = answer?["loop"]?.string.map(Self.spelled)
        let mentioned = loops.filter { Self.spelled(text).contains($0) }
        guard let loop = loops.first(where: { $0 == named }) ?? (mentioned.count == 1 ? mentioned[0] : nil) else {
            throw UnreadableAnswer("it names none of the loops under Context, or several")
        }
        let reason = answer?["reason"]?.string ?? ""
        return JSONObject([("loop", JSONValue(loop)), ("reason", JSONValue(reason.prefix(utf8Bytes: 400)))])
    }

    private static func spelled(_ text: String) -> String {
        String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}
