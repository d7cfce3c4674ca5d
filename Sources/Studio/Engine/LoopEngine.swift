import Configuration
import Core
import Generation

/// Runs a loop, whichever: its steps in order, each asking its role and keeping what the role answers.
struct LoopEngine: Sendable {
    /// What was ordered, with every default filled in.
    struct Assignment: Hashable, Sendable {
        var session: ULID
        var run: ULID
        var brief: String
        var count: Int
        var seed: UInt64?
        var take: Int
        var isFresh: Bool
        /// The only role whose steps are run; nil for all.
        var role: RoleName?
        /// Settings of every role for this run alone.
        var flags: RoleLayer
        /// Whether the run waits, however long, for a limit that refuses a request.
        var pausesAtLimits: Bool
    }

    /// One of the requests that a step makes for itself.
    struct Part: Hashable, Sendable {
        var index: Int
        /// The section that the request is about; nil when the step makes one request for all.
        var section: StoryPlan.Section?
    }

    typealias Ask = @Sendable (GenerationRequest) async throws(GenerationError) -> Generated

    let loop: Loop
    let library: Library
    let assignment: Assignment
    let showrunner: Showrunner
    let desk: ArtifactDesk
    let time: any TimeSource
    /// Sends a request on its one way.
    let ask: Ask
    let emit: @Sendable (SessionEvent) -> Void
    /// Tells by another number that limits were changed.
    let limitsVersion: @Sendable () -> Int64
    var shelf = RunShelf()

    /// Runs every step. Throws why the run ended early; what was stored until then stays.
    mutating func run() async throws(RunError) {
        for (index, step) in loop.steps.enumerated() {
            guard !Task.isCancelled else { throw .cancelled }
            guard assignment.role == nil || assignment.role == step.role else {
                try recall(step)
                continue
            }
            emit(.stepStarted(run: assignment.run, index: index, step: step.name, role: step.role))
            try await perform(step, at: index)
            emit(.stepFinished(run: assignment.run, index: index, step: step.name))
        }
    }

    private mutating func perform(_ step: Loop.Step, at index: Int) async throws(RunError) {
        let reading = try reading(of: step)
        let parts = try parts(of: step, reading: reading)
        var prompt = Prompt(
            system: library.roles[step.role] ?? "", task: library.task(of: step, in: loop), brief: assignment.brief,
            form: try form(named: step.form))
        prompt.context = reading.map(\.passage)
        prompt.notes = try await consult(for: step, prompt: prompt)
        for (done, part) in parts.enumerated() {
            emit(.stepProgress(run: assignment.run, index: index, done: done, of: parts.count))
            prompt.asks = asks(of: step, part: part)
            try await write(step, part: part, prompt: prompt, reading: reading)
        }
        emit(.stepProgress(run: assignment.run, index: index, done: parts.count, of: parts.count))
    }

    func form(named name: String) throws(RunError) -> Form {
        guard let form = library.forms[name] else { throw RunError(.order, "the loop names no form called \(name)") }
        return form
    }

    /// The requests that a step makes for itself: one, or one for every section of the brief that it reads.
    private func parts(of step: Loop.Step, reading: [ReadableArtifact]) throws(RunError) -> [Part] {
        guard step.isPerSection else { return [Part(index: 0)] }
        let sections = plan(in: reading).sections
        guard !sections.isEmpty else { throw nothingToRead(step) }
        return sections.enumerated().map { Part(index: $0, section: $1) }
    }

    /// The sections of the newest brief, no more than were ordered.
    func plan(in reading: [ReadableArtifact]) -> StoryPlan {
        var plan = StoryPlan(brief: reading.last { $0.type == "tu_brief" }?.data ?? .null)
        plan.sections = Array(plan.sections.prefix(assignment.count))
        return plan
    }

    private func asks(of step: Loop.Step, part: Part) -> [PromptLine] {
        var lines = step.asks.map { line in
            PromptLine(key: line.key, value: line.value == "$count" ? "\(assignment.count)" : line.value)
        }
        if let section = part.section {
            lines.append(PromptLine(key: "section", value: section.key))
            lines.append(PromptLine(key: "title", value: section.title.visible()))
            lines.append(PromptLine(key: "exits", value: section.exits.joined(separator: ", ")))
        }
        return lines
    }
}
