import Core
import Generation
import Metering

extension LoopEngine.Reply {
    fileprivate init(_ generated: Generated, _ items: Result<[JSONObject], UnreadableAnswer>) {
        self.init(origin: .answer(generated), text: generated.answer.text, items: items)
    }
}

/// The requests of a step.
extension LoopEngine {
    /// One request that a step makes for itself, and how its answer will be read.
    struct Request: Sendable {
        var step: Loop.Step
        var part: Part
        var prompt: Prompt
        var reader: AnswerReader
        var reading: [ReadableArtifact]
        /// How often the step was begun afresh.
        var redos = 0
    }

    /// What a request brought: what was read from the answer, or why nothing was.
    struct Reply: Sendable {
        var origin: ArtifactDesk.Origin
        var text: String
        var items: Result<[JSONObject], UnreadableAnswer>
        /// The answer before it, when that could not be read either.
        var firstAnswer: String?
    }

    /// Makes the requests of a step, as many at once as was ordered, and keeps what each brings as soon as it is there.
    ///
    /// What they come to does not depend on which of them ends first.
    mutating func make(_ requests: [Request], at index: Int) async throws(RunError) {
        emit(.stepProgress(run: assignment.run, index: index, done: 0, of: requests.count))
        var kept = Array(repeating: [ReadableArtifact](), count: requests.count)
        var failure: RunError?
        var done = 0
        var open = Array(requests.indices)
        if index == assignment.resumedAt {
            open = []
            for (place, request) in requests.enumerated() {
                if let earlier = try self.kept(earlier: request) { kept[place] = earlier } else { open.append(place) }
            }
            done = requests.count - open.count
        }
        let engine = self
        await withTaskGroup(of: (Int, Result<[ReadableArtifact], RunError>).self) { group in
            var next = 0
            func begin() {
                let place = open[next]
                let request = requests[place]
                next += 1
                group.addTask { (place, await engine.result(of: request)) }
            }
            while next < min(max(1, assignment.jobs), open.count) { begin() }
            while let (place, result) = await group.next() {
                switch result {
                case .success(let artifacts):
                    kept[place] = artifacts
                    done += 1
                    emit(.stepProgress(run: assignment.run, index: index, done: done, of: requests.count))
                    if failure == nil, next < open.count { begin() }
                case .failure(let error):
                    failure = failure ?? error
                    group.cancelAll()
                }
            }
        }
        for artifact in kept.joined() { shelf.put(artifact) }
        if let failure { throw failure }
    }

    private func result(of request: Request) async -> Result<[ReadableArtifact], RunError> {
        do throws(RunError) {
            return .success(try keep(try await reply(to: request), for: request))
        } catch {
            return .failure(error)
        }
    }

    /// Asks, and once more when the answer cannot be read, with what was wrong with it.
    func reply(to request: Request) async throws(RunError) -> Reply {
        let reader = request.reader
        let messages = messages(request.prompt, of: request.step)
        let first = try await send(messages, to: request.step.role, request: request)
        let items = Self.items(in: first, reader: reader)
        guard case .failure(let error) = items else { return Reply(first, items) }
        if let asked = reader.question(in: first.answer.text) {
            return try await reply(to: try await answered(asked, request))
        }
        let text = first.answer.text
        emit(.notice(isError: false, text: "\(request.step.name) is asked once more: \(error.reason.visible())"))
        let repair = messages + request.prompt.repair(of: text, because: error.reason)
        let second = try await send(repair, to: request.step.role, request: request.withoutQuestions)
        var reply = Reply(second, Self.items(in: second, reader: reader))
        if reply.text != text { reply.firstAnswer = text }
        return reply
    }

    private static func items(
        in generated: Generated, reader: AnswerReader
    ) -> Result<[JSONObject], UnreadableAnswer> {
        do throws(UnreadableAnswer) {
            if let reason = generated.rejection { throw UnreadableAnswer(reason) }
            return .success(try reader.artifacts(in: generated.answer.text))
        } catch {
            return .failure(error)
        }
    }

    /// Asks the consulted roles, each in a request of its own, and returns their notes.
    func consult(for step: Loop.Step, prompt: Prompt, redos: Int) async throws(RunError) -> [Prompt.Passage] {
        var notes: [Prompt.Passage] = []
        for role in step.consulted {
            guard let form = library.forms["note"] else { return [] }
            var consultation = prompt
            consultation.system = library.roles[role] ?? ""
            consultation.task = library.consultation + "\n\nThe task of the \(step.role.rawValue):\n" + prompt.task
            consultation.form = form
            let request = Request(
                step: step, part: Part(index: 0), prompt: consultation, reader: AnswerReader(form: form), reading: [],
                redos: redos)
            let generated = try await send(
                messages(consultation, of: step), to: role, request: request, isConsultation: true)
            if let reason = generated.rejection {
                emit(.notice(isError: false, text: "\(role.rawValue)'s note on \(step.name) is left out: \(reason)"))
            } else {
                notes.append(Prompt.Passage(heading: role.rawValue, text: generated.answer.text.prefix(words: 150)))
            }
        }
        return notes
    }

    private func messages(_ prompt: Prompt, of step: Loop.Step) -> [Message] {
        let (messages, cut) = prompt.messages(cap: step.promptCap)
        if let cut { emit(.notice(isError: false, text: "\(step.name): \(cut)")) }
        return messages
    }

    private func send(
        _ messages: [Message], to role: RoleName, request: Request, isConsultation: Bool = false
    ) async throws(RunError) -> Generated {
        guard !Task.isCancelled else { throw .cancelled }
        let (step, reader) = (request.step, request.reader)
        var candidates = try showrunner.role(role).candidates(
            .text(messages, wantsJSON: request.prompt.form.shape != nil), flags: assignment.flags)
        candidates.set(
            seed: assignment.seed.map { $0 &+ UInt64(request.part.index) },
            take: assignment.take(afterRedos: request.redos))
        let order = GenerationRequest(
            id: ULID(at: time.now()), call: candidates.call, passedOver: candidates.passedOver,
            fallbacks: candidates.fallbacks, origin: origin(of: step, role: role),
            isFresh: assignment.isFresh || request.redos > 0,
            isConsultation: isConsultation, check: { reader.problem(with: $0) })
        return try await send(order)
    }

    func origin(of step: Loop.Step, role: RoleName) -> RequestOrigin {
        RequestOrigin(session: assignment.session, run: assignment.run, loop: step.loop, step: step.name, role: role)
    }

    /// Sends a request on its way, and again each time that a limit has let go of it.
    func send(_ request: GenerationRequest) async throws(RunError) -> Generated {
        while true {
            try await steering.passage()
            do throws(GenerationError) {
                return try await ask(request)
            } catch {
                guard case .refused(let refusal) = error, let until = refusal.retryAt, assignment.pausesAtLimits else {
                    throw RunError(error)
                }
                try await pause(request.origin.role, at: refusal, until: until)
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
}
