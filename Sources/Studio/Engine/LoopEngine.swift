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
        /// The sections to plan, and so the scenes to draft; nil for all that the briefs have.
        var count: Int?
        var seed: UInt64?
        var take: Int
        var isFresh: Bool
        /// The only role whose steps are run; nil for all.
        var role: RoleName?
        /// The only artifacts of the workspace that are read; empty for all.
        var inputs: Set<String> = []
        /// The index of the step that an earlier session had come to in this run; nil when it begins.
        var resumedAt: Int?
        /// How many requests of a step are made at once.
        var jobs = 1
        /// Settings of every role for this run alone.
        var flags: RoleLayer
        /// Whether the run waits, however long, for a limit that refuses a request.
        var pausesAtLimits: Bool

        /// The take that a request asks for in a step that was begun afresh so often: one that no order names.
        func take(afterRedos redos: Int) -> Int { take + redos * 1_000_000 }
    }

    /// One of the requests that a step makes for itself.
    struct Part: Hashable, Sendable {
        var index: Int
        /// The section that the request is about; nil when it is about none.
        var section: StoryPlan.Section?
        /// The artifact that the request is about; nil when it is about none.
        var artifact: ReadableArtifact?
    }

    typealias Ask = @Sendable (GenerationRequest) async throws(GenerationError) -> Generated

    let loop: Loop
    let library: Library
    var assignment: Assignment
    let showrunner: Showrunner
    let desk: ArtifactDesk
    let time: any TimeSource
    /// Sends a request on its one way.
    let ask: Ask
    let emit: @Sendable (SessionEvent) -> Void
    /// The answer that is in the cache under a key; nil when it is not there any more.
    let remembered: @Sendable (String) -> Answer?
    /// Tells by another number that limits were changed.
    let limitsVersion: @Sendable () -> Int64
    /// What somebody tells the run while it is under way.
    let steering: Steering
    var shelf = RunShelf()
    /// What the run had before the step under way and before the one that was done last, by their indices.
    var marks: [Int: Mark] = [:]
    /// What was judged last, and how: the steps of a gatecheck judge the same.
    var judgement: (artifacts: [ReadableArtifact], gate: Gate)?
    /// What the step that is done again has written before, by id.
    var replaced: Set<String> = []
    /// The loop under way, one of those that the run is made of.
    var part: Loop.Part

    /// Whether a part's roles are at work in this project; what is left out is said.
    func isCalledFor(_ part: Loop.Part) -> Bool {
        guard let role = part.roles.first(where: { !showrunner.isActive($0) }) else { return true }
        emit(
            .notice(
                isError: false,
                text: "\(part.loop) is left out: \(role.rawValue) is dormant; name it under roles to call it in"))
        return false
    }

    func passGate() throws(RunError) {
        guard let report = shelf.seen(ofType: "gatecheck_report").last, report.data["decision"]?.string == "block"
        else { return }
        let findings = (report.data["bars"]?.array ?? []).filter { $0["status"]?.string == "red" }.flatMap {
            ($0["findings"]?.array ?? []).compactMap(\.string)
        }
        let first = findings.prefix(3).map { $0.visible() }.joined(separator: "; ")
        throw RunError(.gate, "the gate is shut, \(report.id): \(first)")
    }

    /// Does what a step is for.
    mutating func work(_ step: Loop.Step, at index: Int) async throws(RunError) {
        let reading = try reading(of: step)
        shelf.see(reading)
        for type in step.inputs { shelf.note(reading.filter { $0.type == type }, of: type) }
        if step.form != nil { try await write(step, at: index, reading: reading) }
        if let action = step.action { try await act(action, in: step, at: index, reading: reading) }
    }

    /// Makes a step's requests and keeps what they bring.
    private mutating func write(
        _ step: Loop.Step, at index: Int, reading: [ReadableArtifact]
    ) async throws(RunError) {
        let parts = try parts(of: step, reading: reading)
        let context = ContextChoice(
            reading: reading, notes: step.notes.flatMap { shelf.notes(of: $0) }, parts: parts)
        let form = try form(of: step)
        let redos = steering.redos(of: index)
        if index == assignment.resumedAt,
            let earlier = try kept(earlier: step, form: form, reading: reading, redos: redos)
        {
            for artifact in earlier { shelf.put(artifact) }
            return
        }
        var prompt = Prompt(
            system: library.roles[step.role] ?? "", task: library.task(of: step), brief: assignment.brief, form: form)
        let judged = form.isOfGatecheck ? judged() : []
        let gate = form.hasBars ? gate(of: judged) : nil
        let bars = gate.map { [computedBars(of: $0)] } ?? []
        prompt.words = try steering.notes(for: index)
        prompt.context = context.sharedPassages()
        prompt.notes = try await consult(for: step, prompt: prompt, redos: redos)
        var reader = reader(of: form, reading: reading)
        reader.gate = gate
        reader.mayAsk = form.mayAsk
        if form.artifact == "gatecheck_report" { reader.covers = judged.map(\.coverage) }
        let requests = parts.map { part in
            var prompt = prompt
            prompt.context = context.passages(for: part) + bars
            prompt.asks = asks(of: step, part: part)
            prompt.invitation = form.mayAsk ? library.question : nil
            let own = self.reader(reader, for: part, of: step, reading: reading)
            return Request(
                step: step, part: part, prompt: prompt, reader: own, reading: reading, redos: redos)
        }
        try await make(requests, at: index)
    }

    func form(of step: Loop.Step) throws(RunError) -> Form {
        guard let form = library.form(of: step) else {
            throw RunError(.order, "\(step.path) names no form that there is")
        }
        return form
    }

    private func asks(of step: Loop.Step, part: Part) -> [PromptLine] {
        var lines = step.asks.map { line in
            PromptLine(
                key: line.key, value: line.value == "$count" ? "\(assignment.count ?? Loop.defaultCount)" : line.value)
        }
        if let section = part.section {
            lines.append(PromptLine(key: "section", value: section.key.visible()))
            lines.append(PromptLine(key: "title", value: section.title.visible()))
            lines.append(PromptLine(key: "exits", value: section.exits.joined(separator: ", ").visible()))
        } else if let artifact = part.artifact {
            lines.append(PromptLine(key: "artifact", value: artifact.id))
        }
        return lines
    }
}
