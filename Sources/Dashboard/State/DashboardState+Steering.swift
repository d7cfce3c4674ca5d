import Core

/// Steering the run that is shown: this session's own, or that of another process.
extension DashboardState {
    mutating func steer(_ action: Action) -> [Effect] {
        switch action {
        case .pause:
            let order: SteeringOrder = run?.hold == nil ? .pauseAfterStep : .goOn
            return [.steer(order, in: followed)]
        case .note: return open(NoteDialog(run: run)) { _ in [] }
        case .redo:
            guard let run, let target = run.redoTarget else { return [] }
            return open(RedoDialog(run: run, target: target)) { _ in [.priceRedo(run: run.run, index: target)] }
        case .answer:
            guard let question = questions.first else { return [] }
            return open(QuestionDialog(question)) { _ in [] }
        default: return cancel()
        }
    }

    /// Stops the step under way; where that is done already, or none is, ends the run.
    private mutating func cancel() -> [Effect] {
        let isStopped = run?.isHeld == true || run?.hold == .stopping
        guard let run, run.isRunning, run.currentStep?.startedAt != nil, !isStopped else {
            isCancelling = true
            say("Ending the run.")
            return [followed == nil ? .cancelRun : .steer(.cancel, in: followed)]
        }
        return [.steer(.stopStep, in: followed)]
    }

    /// Takes in what happened in a session of another process or machine: the run of one of them is shown like an own one.
    mutating func takeElsewhere(_ record: SessionEventRecord) -> [Effect] {
        guard isFollowing(record) else {
            guard var line = ActivityLine(record, requests: [:]) else { return [] }
            line.subject += " elsewhere"
            note(line)
            return [.refreshStatus]
        }
        let haveFiguresChanged = fold(record)
        if case .runStarted(_, let loop, _, _, _, _) = record.event {
            say("\(loop) runs in another process; Space, n, r and c steer it.")
        }
        // What is told again to who comes later calls nobody.
        let isNew = now - record.moment.wall < 10_000_000
        return (haveFiguresChanged ? [.refreshStatus] : []) + (isNew ? Self.call(for: record.event) : [])
    }

    private mutating func isFollowing(_ record: SessionEventRecord) -> Bool {
        if followed == record.session { return true }
        guard case .runStarted = record.event, !isRunUnderWay else { return false }
        followed = record.session
        return true
    }

    mutating func foldSteering(_ event: SessionEvent) {
        switch event {
        case .runSteered(_, .pauseAfterStep, _): say("The run pauses after this step; Space lets it go on at once.")
        case .runSteered(_, .stopStep, _):
            say("The step is stopped. Space goes on, r begins it afresh, c ends the run.")
        case .runSteered(_, .note, _): say("The note goes into the next step's prompts.")
        case .runSteered(_, .redo, _): say("The step is done again.")
        case .runHeld:
            if case .held(_, true) = run?.hold { break }
            say("The run stands still. Space goes on, n notes, r redoes the last step.")
        case .runReleased: message = nil
        case .questionAsked(_, let question):
            questions.append(question)
            if dialog == nil { dialog = QuestionDialog(question) }
        case .questionAnswered(_, let id, _, _):
            questions.removeAll { $0.id == id }
            if (dialog as? QuestionDialog)?.question.id == id { dialog = nil }
        default: break
        }
    }
}
