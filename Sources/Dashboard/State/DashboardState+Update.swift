import Core
import Metering
import Studio
import Terminal
import Workspace

extension DashboardState {
    /// Takes in an event; what has to be done about it comes back.
    package mutating func update(_ event: DashboardEvent) -> [Effect] {
        switch event {
        case .key(let key): return press(key)
        case .mouse(let mouse, let isDouble): return point(mouse, isDouble: isDouble)
        case .paste(let text): return paste(text)
        case .resize(let size): self.size = size
        case .signal(let number): return [.quit(.signal(number))]
        case .time(let wall, let offset): return keepTime(wall, offset)
        case .session(let record):
            if case .runStarted = record.event { followed = nil }
            let haveFiguresChanged = fold(record)
            return (haveFiguresChanged ? [.refreshStatus] : []) + Self.call(for: record.event)
                + lookingAgain(after: record.event)
        case .elsewhere(let record): return takeElsewhere(record)
        case .status(let status):
            let before = self.status?.state
            take(status)
            let hasChanged =
                (before?.hotArtifacts, before?.coldArtifacts) != (status.state.hotArtifacts, status.state.coldArtifacts)
            return zoomEffects + (hasChanged && artifacts != nil ? [.listArtifacts] : [])
        case .entries(let entries): self.entries = entries
        case .artifacts(let page): artifacts = ListedArtifacts(page)
        case .artifactRead(let stop, let shown): reader?.show(shown, at: stop)
        case .artifactUnread(let stop, let problem): reader?.tell(problem, at: stop)
        case .artifactChanged(let text): return noteChange(text)
        case .editOpened(let edit): return [.edit(edit)]
        case .olderActivity(let records, let wall): takeOlder(records, upTo: wall)
        case .inspected(let card): if inspection?.line.request == card.request { inspection?.card = card }
        case .uninspected(let request, let problem):
            if inspection?.line.request == request { inspection?.problem = problem }
        case .roleRead(let card):
            roleCard = card
            roleCardCalls = status?.roles.first { $0.role == card.role && $0.kind == card.kind }?.calls
        case .costBars(let length, let bars):
            costBars[length] = CostBars(bars: bars, spent: status?.costs.all ?? .zero)
        case .shelves(let shelves): self.shelves = shelves
        case .migrationPlanned(let plan):
            migrationPlan = plan
            return tellDialog(event)
        case .loops(let loops): self.loops = loops
        case .month(let tallies): self.status?.tallies.month = tallies
        case .workspaceOpened(let status):
            take(status)
            dialog = nil
            say("The workspace \(status.project.name) is made. \(key(.generate)) starts its first loop.")
        case .stateReplaced(let text, let status):
            take(status)
            finishStateWork("\(text); \(key(.backUp)) brings the state before back.")
        case .backedUp(let backup):
            finishStateWork("The backup \(backup.name) is made: \(Figures.bytes(backup.bytes)).")
            return [.refreshStatus]
        case .runEnded(let report): return endRun(report)
        case .settings(let preferences, let news, let wantsReopening):
            return take(preferences, news: news, wantsReopening: wantsReopening)
        case .settingsRefused(let problem):
            note(ActivityLine(now, "config", problem, .bad))
            say(problem, isError: true)
        case .failed(let message): return fail(message)
        case .loopChosen:
            let effects = tellDialog(event)
            guard let dialog = dialog as? GenerateDialog, !dialog.order.loop.isEmpty else { return effects }
            return effects + [.price(dialog.order)]
        // The session's own notice keeps it in Activity.
        case .undone(let text):
            say(text)
            return [.refreshStatus]
        case .notice(let text): note(ActivityLine(now, "notice", text, .warning))
        case .choices(let choices):
            return tellDialog(event) + looking(at: choices)
        // The Roles pane tells who cannot be reached, too.
        case .offered: return tellDialog(event) + [.refreshStatus]
        case .quoted, .entryRead, .priced, .redoPriced, .prunePlanned, .placeChecked, .stateProgress, .themes, .offers:
            return tellDialog(event)
        }
        return []
    }

    /// What the first frame wants done.
    package mutating func start(suggestedPlace: String?) -> [Effect] {
        dialog = isReadOnly ? nil : status.flatMap { InForceDialog($0) }
        if let lines = status?.untrusted, !lines.isEmpty, !isReadOnly { dialog = TrustDialog(lines) }
        guard let suggestedPlace else { return status == nil ? [] : [.lookAround] }
        let dialog = FirstRunDialog(place: suggestedPlace)
        self.dialog = dialog
        return dialog.asking
    }

    /// What calls the writer, who may be looking elsewhere: the end of a run, a question, a budget that comes to its end.
    static func call(for event: SessionEvent) -> [Effect] {
        switch event {
        case .questionAsked(_, let question): [.call("\(question.role.rawValue) asks: \(question.text)")]
        case .runFinished(_, let loop, let state, _): [.call("\(loop): \(state.rawValue)")]
        case .budgetAlert(let alert): [.call(alert.description)]
        default: []
        }
    }

    /// Looks at the servers of the providers that a dialog shows.
    private func looking(at choices: ProviderChoices) -> [Effect] {
        guard dialog is ProviderDialog else { return [] }
        return choices.all.filter { $0.isReady && $0.host != nil }.map {
            .lookAt(provider: $0.name, choices.role, kind: choices.kind)
        }
    }

    /// Looks at a provider that failed, or that answers again.
    private func lookingAgain(after event: SessionEvent) -> [Effect] {
        switch event {
        case .requestFailed(_, let role, let provider, _, _): return [.lookAgain(provider: provider, role)]
        case .requestAnswered(_, let record, _) where record.source == .provider:
            let wasAbsent = status?.roles.contains { $0.provider == record.provider && $0.state == .notReachable }
            return wasAbsent == true ? [.lookAgain(provider: record.provider, record.role)] : []
        default: return []
        }
    }

    private mutating func keepTime(_ wall: Int64, _ offset: Int) -> [Effect] {
        let showedRefill = status?.limits.contains { $0.fullAt != nil } == true
        now = wall
        utcOffset = offset
        return showedRefill ? [.refreshStatus] : []
    }

    private mutating func endRun(_ report: RunReport) -> [Effect] {
        isRunOrdered = false
        isReportDue = false
        isCancelling = false
        if let error = report.error, !report.hasBegun {
            say(error.message, isError: true)
            note(ActivityLine(now, report.loop, error.message, .bad))
        }
        if quitsAfterRun { return [.quit(.quit)] }
        defer { reopensAfterRun = false }
        return reopensAfterRun ? [.reopen] : [.refreshStatus]
    }

    private mutating func finishStateWork(_ text: String) {
        if dialog is MigrateDialog || dialog is BackupDialog { dialog = nil }
        note(ActivityLine(now, "state", text, .good))
        say(text)
    }

    private mutating func fail(_ message: String) -> [Effect] {
        if activity.last?.text != message { note(ActivityLine(now, "dashboard", message, .bad)) }
        guard dialog == nil else { return tellDialog(.failed(message)) }
        say(message, isError: true)
        return []
    }

    private mutating func tellDialog(_ event: DashboardEvent) -> [Effect] {
        guard var dialog else { return [] }
        let goesOn = dialog.receive(event)
        self.dialog = dialog
        return goesOn ? acceptDialog() : []
    }

    mutating func acceptDialog() -> [Effect] {
        guard let dialog else { return [] }
        self.dialog = nil
        return dialog.accept(&self)
    }
}
