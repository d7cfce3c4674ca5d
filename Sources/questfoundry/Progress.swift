import Core
import Studio

/// What a run says of itself on standard error, and at its end on standard output.
enum Progress {
    static func line(for event: SessionEvent) -> String? {
        switch event {
        case .runStarted(_, let loop, let steps, _, _, let most):
            "\(loop): \(steps.count) steps, may cost at most \(most.map { "$" + $0.dollars(decimals: 4) } ?? "? (no price)")"
        case .runEstimated(_, let likely, let basis): "  likely $\(likely.dollars(decimals: 4)) (\(basis.words))"
        case .stepStarted(_, let index, let step, let role): "  \(index + 1) \(step) (\(role.rawValue))"
        case .requestWaiting(_, let limit, _): "    waiting: \(limit)"
        case .requestRetrying(_, let message, _, _): "    trying again: \(message)"
        case .requestFellBack(_, let role, let provider, let reason, let message, let next, _, _):
            "    \(role.rawValue): \(provider) \(reason), \(next) asked instead (\(message))"
        case .runPaused(_, _, let limit, _): "    paused: \(limit)"
        case .runSteered(_, let order, let author): "  \(author): \(describe(order))"
        case .runHeld: "  paused; `questfoundry resume` lets it go on, `questfoundry cancel` ends it"
        case .runReleased: "  goes on"
        case .questionAsked(_, let question): "    \(question.role.rawValue) asks: \(question.text)"
        case .questionAnswered(_, _, let text, let author): "    answered (\(author)): \(text)"
        case .requestAnswered(_, let record, _): "    \(describe(record))"
        case .requestFailed(_, let role, let provider, let message, _): "    \(role.rawValue) · \(provider): \(message)"
        case .artifactStored(_, let artifact):
            "    → \(artifact.type) \(artifact.id) \(artifact.title)"
                + (artifact.needsReview.map { " — needs review: \($0)" } ?? "")
        case .budgetAlert(let alert): "  budget alert: \(alert)"
        case .notice(_, let text): "  \(text)"
        default: nil
        }
    }

    private static func describe(_ order: SteeringOrder) -> String {
        switch order {
        case .pause: "pause"
        case .pauseAfterStep: "pause after this step"
        case .goOn: "go on"
        case .stopStep: "stop the step"
        case .cancel: "cancel"
        case .note(let text): "note for the next step: \(text)"
        case .redo: "redo the last step"
        case .answer(_, let text): "answer: \(text)"
        }
    }

    static func describe(_ record: AnswerRecord) -> String {
        let usage = "\(record.usage.allInputTokens)→\(record.usage.outputTokens)"
        let who = "\(record.role.rawValue) \(record.model) \(usage)"
        return switch record.source {
        case .provider:
            "\(who) \(record.cost.map { "$" + $0.dollars(decimals: 6) } ?? "$?")\(record.isEstimated ? " estimated" : "")"
        case .cache: "\(who) hit, saved $\(record.savedCost.dollars(decimals: 6))"
        case .shared: "\(who) shared, saved $\(record.savedCost.dollars(decimals: 6))"
        }
    }

    static func summary(of report: RunReport) -> String {
        // What steps note for later steps is told as it comes, and lists are of what comes of a run.
        let rows = report.artifacts.filter { $0.type != "working_note" || $0.needsReview != nil }.map {
            [$0.type, $0.id, $0.title, $0.needsReview.map { "needs review: \($0)" } ?? ""]
        }
        let table = rows.isEmpty ? "" : Output.table(["type", "id", "title", ""], rows) + "\n\n"
        let cost = report.cost.map { "$" + $0.dollars(decimals: 6) } ?? "$?"
        return table
            + "\(report.loop) \(report.state.rawValue): \(report.requests) requests, \(report.hits) hits, "
            + "\(report.tokens) tokens, cost \(cost), saved $\(report.savedCost.dollars(decimals: 6))"
    }
}
