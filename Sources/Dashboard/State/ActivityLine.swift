import Core
import Terminal

/// One line of the Activity pane.
struct ActivityLine: Sendable {
    /// Wall time in microseconds.
    var moment: Int64
    /// Who it is about: a role, a provider, a loop.
    var subject: String
    var text: String
    /// What lies behind it, which the zoom tells.
    var cause: String?
    var tone: Tone?
    /// The request that it is about.
    var request: ULID?
    /// The artifact that it is about.
    var artifact: String?
    /// Whether it is an event of a run, all of which are in the journal.
    private(set) var isJournaled = false

    /// Tells it from the other lines.
    var id: String { "\(moment) \(subject) \(text)" }

    init(_ moment: Int64, _ subject: String, _ text: String, _ tone: Tone? = nil, cause: String? = nil) {
        self.moment = moment
        self.subject = subject
        self.text = text
        self.tone = tone
        self.cause = cause
    }

    private static func cost(_ charged: Money?) -> String {
        charged.map { $0 > .zero ? ", charged $\(Figures.dollars($0))" : "" } ?? ""
    }

    /// What an event says there; nil for events that only move figures or the text in Output.
    init?(_ record: SessionEventRecord, requests: [ULID: LiveRequest]) {
        self.init(words: record, requests: requests)
        request = record.event.request
        if case .artifactStored(_, let stored) = record.event { artifact = stored.id }
        switch record.event {
        case .notice, .roleSwitched, .roleReset, .cachePruned, .budgetAlert: isJournaled = false
        default: isJournaled = true
        }
    }

    private init?(words record: SessionEventRecord, requests: [ULID: LiveRequest]) {
        let moment = record.moment.wall
        switch record.event {
        case .runStarted(_, let loop, let steps, _, _, let most):
            let cost = most.map { "at most $" + Figures.dollars($0) } ?? "a model has no price"
            self.init(moment, loop, "started: \(steps.count) steps, \(cost)", .accent)
        case .runEstimated(_, let likely, let basis):
            self.init(moment, "cost", "likely $\(Figures.dollars(likely)), \(basis.words)", .muted)
        case .stepStarted(_, _, let step, let role):
            self.init(moment, role.rawValue, "begins \(step)", .muted)
        case .requestWaiting(let request, let limit, let until):
            let left = until.map { ", again in \(Figures.duration($0 - moment))" } ?? ""
            let subject = requests[request]?.provider ?? "request"
            self.init(moment, subject, "waits: \(limit)\(left)", .warning)
        case .requestRetrying(let request, let message, let until, let charged):
            let subject = requests[request]?.provider ?? "request"
            let left = Figures.duration(until - moment)
            self.init(moment, subject, "tries again in \(left): \(message)\(Self.cost(charged))", .warning)
        case .requestFellBack(_, let role, let provider, let reason, let message, let next, let model, let charged):
            self.init(
                moment, role.rawValue, "\(provider) \(reason), \(next) asked instead", .warning,
                cause: "\(message)\(Self.cost(charged)); now \(next) is asked, with its model \(model)")
        case .requestAnswered(_, let record, _):
            self.init(moment, record.role.rawValue, Self.text(of: record), record.source == .provider ? nil : .good)
        case .requestFailed(_, let role, let provider, let message, let charged):
            self.init(moment, role.rawValue, "\(provider): \(message)\(Self.cost(charged))", .bad)
        case .artifactStored(_, let artifact):
            let review = artifact.needsReview.map { ", needs review: \($0)" } ?? ""
            let tone: Tone = artifact.needsReview == nil ? .good : .warning
            self.init(moment, artifact.type, "stored \(artifact.id) \(artifact.title)\(review)", tone)
        case .runPaused(_, let role, let limit, let until):
            self.init(
                moment, role.rawValue, "pauses: \(limit), goes on in \(Figures.duration(until - moment))", .warning)
        case .runSteered(_, let order, let author): self.init(moment, author, Self.text(of: order), .accent)
        case .questionAsked(_, let question):
            let choices = question.suggestions.isEmpty ? "" : " (\(question.suggestions.joined(separator: " / ")))"
            self.init(moment, question.role.rawValue, "asks: \(question.text)\(choices)", .warning)
        case .questionAnswered(_, _, let text, let author): self.init(moment, author, "answers: \(text)", .accent)
        case .runHeld: self.init(moment, "run", "stands still", .warning)
        case .runReleased: self.init(moment, "run", "goes on", .accent)
        case .runResumed: self.init(moment, "run", "goes on", .accent)
        case .runFinished(_, let loop, let state, let message):
            let reason = message.map { ": \($0)" } ?? ""
            self.init(moment, loop, state.rawValue + reason, state == .done ? .good : .bad)
        case .roleSwitched(let role, let provider, let model):
            self.init(moment, role.rawValue, "now uses \(provider)\(model.map { " " + $0 } ?? "")", .accent)
        case .roleReset(let role):
            self.init(moment, role.rawValue, "uses what config.yml says again", .accent)
        case .cachePruned(let entries, let bytes):
            self.init(moment, "cache", "removed \(Figures.count(entries)) entries, \(Figures.bytes(bytes))", .accent)
        case .budgetAlert(let alert):
            let left = "resets in \(Figures.duration(alert.resetsAt - moment))"
            self.init(moment, "budget", "\(alert), \(left)", .warning)
        case .notice(let isError, let text):
            self.init(moment, "notice", text, isError ? .bad : .warning)
        case .stepProgress, .requestStarted, .requestSent, .textDelta, .stepFinished: return nil
        }
    }

    private static func text(of order: SteeringOrder) -> String {
        switch order {
        case .pause: "pauses the run"
        case .pauseAfterStep: "pauses the run after this step"
        case .goOn: "lets the run go on"
        case .stopStep: "stops the step"
        case .cancel: "cancels the run"
        case .note(let text): "notes for the next step: \(text)"
        case .redo: "has the last step done again"
        case .answer(_, let text): "answers: \(text)"
        }
    }

    private static func text(of record: AnswerRecord) -> String {
        switch record.source {
        case .provider:
            let usage = record.usage
            let tokens =
                "\(Figures.compact(usage.allInputTokens)) in, \(Figures.compact(usage.outputTokens)) out"
            return "\(record.model) \(tokens) \(Figures.price(record.cost))\(record.isEstimated ? " estimated" : "")"
        case .cache: return "hit, saved $\(Figures.dollars(record.savedCost))"
        case .shared: return "shared a request under way, saved $\(Figures.dollars(record.savedCost))"
        }
    }
}

extension SessionEvent {
    /// The request that it is about; nil for others.
    var request: ULID? {
        switch self {
        case .requestStarted(let request, _, _, _, _, _), .requestWaiting(let request, _, _), .requestSent(let request),
            .requestRetrying(let request, _, _, _), .requestFellBack(let request, _, _, _, _, _, _, _),
            .textDelta(let request, _), .requestAnswered(let request, _, _), .requestFailed(let request, _, _, _, _):
            request
        default: nil
        }
    }
}
