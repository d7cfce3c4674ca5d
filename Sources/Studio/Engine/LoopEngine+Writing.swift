import Core
import Generation
import Metering

/// The requests of a step, and what becomes of their answers.
extension LoopEngine {
    /// Asks the consulted roles, each in a request of its own, and returns their notes.
    func consult(for step: Loop.Step, prompt: Prompt) async throws(RunError) -> [Prompt.Passage] {
        var notes: [Prompt.Passage] = []
        for role in step.consulted {
            var consultation = prompt
            consultation.system = library.roles[role] ?? ""
            consultation.task = library.consultation + "\n\nThe task of the \(step.role.rawValue):\n" + prompt.task
            consultation.form = try form(named: "note")
            let generated = try await send(
                consultation, to: role, of: step, reader: AnswerReader(form: consultation.form), isConsultation: true)
            if let reason = generated.rejection {
                emit(.notice(isError: false, text: "\(role.rawValue)'s note on \(step.name) is left out: \(reason)"))
            } else {
                notes.append(Prompt.Passage(heading: role.rawValue, text: generated.answer.text.prefix(words: 150)))
            }
        }
        return notes
    }

    /// Makes one of a step's own requests and keeps what it brings.
    mutating func write(
        _ step: Loop.Step, part: Part, prompt: Prompt, reading: [ReadableArtifact]
    ) async throws(RunError) {
        let reader = reader(for: step, part: part, form: prompt.form, reading: reading)
        let generated = try await send(prompt, to: step.role, of: step, index: part.index, reader: reader)
        let artifacts: [JSONObject]
        do throws(UnreadableAnswer) {
            if let reason = generated.rejection { throw UnreadableAnswer(reason) }
            artifacts = try reader.artifacts(in: generated.answer.text)
        } catch {
            return try keepUnread(generated, because: error.reason, step: step, part: part)
        }
        for (offset, data) in artifacts.enumerated() {
            let id = id(of: step, index: part.index + offset)
            try keep(data, id: id, step: step, generated: generated)
        }
    }

    private func send(
        _ prompt: Prompt, to role: RoleName, of step: Loop.Step, index: Int = 0, reader: AnswerReader,
        isConsultation: Bool = false
    ) async throws(RunError) -> Generated {
        guard !Task.isCancelled else { throw .cancelled }
        let (messages, isCut) = prompt.messages(cap: step.promptCap)
        if isCut {
            emit(.notice(isError: false, text: "\(step.name): the prompt was cut to \(step.promptCap) bytes"))
        }
        var candidates = try showrunner.role(role).candidates(
            messages: messages, wantsJSON: prompt.form.shape != nil, flags: assignment.flags)
        candidates.change { call in
            call.seed = assignment.seed.map { $0 &+ UInt64(index) } ?? call.seed
            call.take = assignment.take
        }
        let origin = RequestOrigin(
            session: assignment.session, run: assignment.run, loop: loop.name, step: step.name, role: role)
        let request = GenerationRequest(
            id: ULID(at: time.now()), call: .text(candidates.call), passedOver: candidates.passedOver,
            fallbacks: candidates.fallbacks, origin: origin, isFresh: assignment.isFresh,
            isConsultation: isConsultation, check: { reader.problem(with: $0) })
        while true {
            do throws(GenerationError) {
                return try await ask(request)
            } catch {
                guard case .refused(let refusal) = error, let until = refusal.retryAt, assignment.pausesAtLimits else {
                    throw RunError(error)
                }
                try await pause(role, at: refusal, until: until)
            }
        }
    }

    /// Waits until a limit that refused a request lets it through, or limits were changed.
    private func pause(_ role: RoleName, at refusal: Refusal, until: Int64) async throws(RunError) {
        emit(
            .runPaused(
                run: assignment.run, role: role, limit: "\(refusal.scope) \(refusal.key)", until: until))
        let version = limitsVersion()
        while case let left = until - time.now().wall, left > 0, limitsVersion() == version {
            do { try await time.sleep(microseconds: min(left, 1_000_000)) } catch { throw .cancelled }
        }
        emit(.runResumed(run: assignment.run))
    }

    private func reader(
        for step: Loop.Step, part: Part, form: Form, reading: [ReadableArtifact]
    ) -> AnswerReader {
        var reader = AnswerReader(form: form, sectionLimit: assignment.count)
        if let section = part.section {
            let keys = plan(in: reading).sections.map(\.key)
            let ids = keys.enumerated().map { ($1, id(of: step, index: $0)) }
            reader.scene = SceneForm(
                id: id(of: step, index: part.index), section: section,
                sceneIDs: Dictionary(ids, uniquingKeysWith: { first, _ in first }))
        } else if form.artifact == "gatecheck_report" {
            reader.gate = Gate(artifacts: reading)
        }
        return reader
    }

    private mutating func keep(
        _ data: JSONObject, id: String, step: Loop.Step, generated: Generated
    ) throws(RunError) {
        let type = step.outputs.first ?? step.form
        try store(data, type: type, id: id, step: step, generated: generated)
        shelf.put(ReadableArtifact(id: id, type: type, data: .object(data)))
    }

    /// Keeps an answer that cannot be read word for word: it was paid for. No later step reads it, and it takes no
    /// other step's artifact's place.
    private func keepUnread(
        _ generated: Generated, because reason: String, step: Loop.Step, part: Part
    ) throws(RunError) {
        let id = ownID(of: step, index: part.index)
        try store(
            JSONObject([("answer", JSONValue(generated.answer.text))]), type: step.outputs.first ?? step.form, id: id,
            step: step, generated: generated, needsReview: reason)
        emit(.notice(isError: true, text: "\(id) needs review: \(reason)"))
    }

    private func store(
        _ data: JSONObject, type: String, id: String, step: Loop.Step, generated: Generated, needsReview: String? = nil
    ) throws(RunError) {
        let work = ArtifactDesk.Work(
            assignment: assignment, loop: loop.name, step: step.name, generated: generated, needsReview: needsReview)
        let (stored, isEditedOutside) = try desk.keep(data, type: type, id: id, work: work)
        emit(.artifactStored(run: assignment.run, artifact: stored))
        guard isEditedOutside else { return }
        let text = "\(id) was changed outside this program and stays as it is; \(step.name)'s text is in the cache"
        emit(.notice(isError: false, text: text))
    }
}
