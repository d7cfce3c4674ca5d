import Core
import Metering
import Studio

extension DashboardState {
    /// Takes in what happened in the session; returns whether figures have changed by it.
    mutating func fold(_ record: SessionEventRecord) -> Bool {
        if let line = ActivityLine(record, requests: requests) { note(line) }
        run?.note(record.event, at: record.moment.wall)
        switch record.event {
        case .runStarted(let run, let loop, let steps, _, _, _):
            questions = []
            self.run = RunProgress(run: run, loop: loop, steps: steps, startedAt: record.moment.wall)
            message = nil
        case .requestStarted(let request, let role, let provider, _, let step, let isConsultation):
            requests[request] = LiveRequest(role: role, provider: provider)
            begin(OutputEntry(request: request, role: role, step: step, isConsultation: isConsultation))
        case .requestWaiting(let request, let limit, let until):
            requests[request]?.waitsFor = limit
            requests[request]?.waitsUntil = until
        case .requestRetrying(let request, _, let until, _):
            requests[request]?.waitsFor = "its next try"
            requests[request]?.waitsUntil = until
        case .requestFellBack(let request, _, _, _, _, let next, _, _):
            requests[request]?.provider = next
            requests[request]?.waitsFor = nil
            requests[request]?.waitsUntil = nil
        case .requestSent(let request):
            requests[request]?.waitsFor = nil
            requests[request]?.waitsUntil = nil
        case .textDelta(let request, let text):
            changeOutput(of: request) { $0.grow(by: text) }
            return false
        case .requestAnswered(let request, let answer, let text):
            requests[request] = nil
            countAnswer(isHit: answer.source != .provider)
            changeOutput(of: request) { $0.finish(.confirmed(answer.source), text: text) }
        case .requestFailed(let request, _, _, let message, _):
            requests[request] = nil
            changeOutput(of: request) { $0.finish(.failed(message)) }
        case .artifactStored(_, let artifact):
            if let index = output.lastIndex(where: { !$0.isConsultation }) { output[index].stored.append(artifact) }
        case .runFinished(_, _, let state, let message):
            requests = [:]
            finishRun(state, message)
        // Who waits for a limit is told how to go on, and that stays.
        case .budgetAlert(let alert): if run?.pause == nil { say("\(alert).") }
        case .notice(let isError, let text): say(text, isError: isError)
        case .cachePruned(let entries, let bytes):
            say("Removed \(Figures.entries(entries)), \(Figures.bytes(bytes)).")
        case .roleSwitched(let role, let provider, let model):
            say("\(role.rawValue) uses \(provider)\(model.map { " " + $0 } ?? "") from its next request on.")
        case .roleReset(let role): say("\(role.rawValue) uses what config.yml says again.")
        case .runPaused(_, _, let limit, let until):
            say(
                "Paused: \(limit). It goes on in \(Figures.duration(until - record.moment.wall)); + raises it, c cancels."
            )
        case .runResumed: message = nil
        case .runSteered, .runHeld, .runReleased, .questionAsked, .questionAnswered: foldSteering(record.event)
        case .runEstimated, .stepStarted, .stepProgress, .stepFinished: return false
        }
        return true
    }

    private mutating func begin(_ entry: OutputEntry) {
        output.append(entry)
        if output.count > Self.mostOutput { output.removeFirst() }
    }

    private mutating func changeOutput(of request: ULID, _ body: (inout OutputEntry) -> Void) {
        if let index = output.lastIndex(where: { $0.request == request }) { body(&output[index]) }
    }

    private mutating func finishRun(_ state: RunState, _ text: String?) {
        isCancelling = false
        isReportDue = isRunOrdered && followed == nil
        questions = []
        if dialog is QuestionDialog || dialog is NoteDialog || dialog is RedoDialog { dialog = nil }
        for index in output.indices where output[index].standing == .streaming {
            output[index].finish(.failed(state == .cancelled ? "cancelled" : "the run ended before its answer"))
        }
        switch state {
        case .done: say("\(run?.loop ?? "The run") is done.")
        case .cancelled: say("The run was cancelled; what it stored stays.")
        default: say(text ?? "The run ended: \(state.rawValue).", isError: true)
        }
    }

    /// Takes in freshly read figures.
    mutating func take(_ status: Status) {
        if let burn = status.costs.burnPerHour, burn != self.status?.costs.burnPerHour {
            burnRates.append(Double(burn.picodollars))
            if burnRates.count > Self.longestHistory { burnRates.removeFirst() }
        }
        levels.note(status)
        let month = self.status?.tallies.month
        self.status = status
        self.status?.tallies.month = month ?? []
    }
}
