import Configuration
import Core
import Metering
import Providers

/// What a request has behind it, whichever of its providers were asked.
struct Course {
    /// How many tries were made again: providers share them, so that a list does not multiply them.
    var retries = 0
    /// Whether a row of the ledger tells of the request's look-up.
    var isLookupCounted = false
}

extension Generator {
    /// Asks a request's provider, and when that has failed for good, those of its fallback list in order.
    ///
    /// Each is asked on the whole way, with its own cache key, reservation and rows. `asked` becomes the name of the last
    /// one. Throws the failure of that one when there is no other.
    func answerInTurn(
        _ request: GenerationRequest, asked: inout String, since start: Moment, events: @escaping Events
    ) async throws -> Generated {
        for unusable in request.passedOver { tell(unusable, next: request, events) }
        var request = request
        var course = Course()
        var before: [String] = []
        while true {
            asked = request.call.provider
            do {
                return try await answer(to: request, course: &course, since: start, events: events)
            } catch {
                let failure = Self.described(error)
                guard passesOn(failure.error) else { throw error }
                guard let next = request.next() else { throw request.lastWord(failure, before: before) }
                before.append("\(request.call.provider) \(failure.error.inFewWords)")
                tell(request.call.provider, failure.error, charged: failure.charged, next: next, events)
                for unusable in next.passedOver { tell(unusable, next: next, events) }
                request = next
            }
        }
    }

    /// Whether another provider is asked after this.
    ///
    /// Not when the writer cancelled or the ledger cannot be written, nor after text that has been shown: it is not silently
    /// written again. A limit of the workspace stands for itself: it is waited for, or ends the run; only where no
    /// waiting lets this very provider or model through, or the configuration says not to wait, the next one is asked.
    private func passesOn(_ error: GenerationError) -> Bool {
        switch error {
        case .provider(let cause): cause.kind != .cancelled && cause.partialText == nil
        case .configuration: true
        case .refused(let refusal): refusal.isOfOneModel && (refusal.isNever || prices.onLimit == .fail)
        case .ledger, .cancelled: false
        }
    }

    private func tell(_ unusable: UnusableProvider, next: GenerationRequest, _ events: Events) {
        tell(unusable.name, "cannot be asked", unusable.message, charged: .zero, next: next, events)
    }

    private func tell(
        _ provider: String, _ error: GenerationError, charged: Money?, next: GenerationRequest, _ events: Events
    ) {
        tell(provider, error.inFewWords, error.description, charged: charged, next: next, events)
    }

    private func tell(
        _ provider: String, _ reason: String, _ message: String, charged: Money?, next: GenerationRequest,
        _ events: Events
    ) {
        log(next)?.fellBack(from: provider, to: next.call, because: reason, charged: charged)
        events(
            .requestFellBack(
                request: next.id, role: next.origin.role, provider: provider, reason: reason, message: message,
                next: next.call.provider, model: next.call.model, charged: charged))
    }
}

extension GenerationRequest {
    /// The request as it goes to the next provider that can be asked; nil when there is none.
    fileprivate func next() -> GenerationRequest? {
        var next = self
        next.passedOver = []
        while !next.fallbacks.isEmpty {
            switch next.fallbacks.removeFirst() {
            case .unusable(let unusable): next.passedOver.append(unusable)
            case .call(let call):
                next.call = call
                return next
            }
        }
        return nil
    }

    /// The failure of the last provider, with what became of the others.
    fileprivate func lastWord(
        _ failure: (error: GenerationError, charged: Money?), before: [String]
    ) -> Generator.Charged {
        guard case .provider(var error) = failure.error else {
            return Generator.Charged(error: failure.error, cost: failure.charged)
        }
        if !before.isEmpty { error.message += "; before it, \(before.joined(separator: " and "))" }
        for case .unusable(let unusable) in fallbacks {
            error.message += "; \(unusable.name) cannot be asked: \(unusable.message)"
        }
        return Generator.Charged(error: .provider(error), cost: failure.charged)
    }
}

extension Refusal {
    /// Whether the limit is a provider's or a model's own, or the model has no price: another one may be let through.
    fileprivate var isOfOneModel: Bool {
        if case .unpriced = kind { return true }
        return ["provider", "model"].contains(scope.kind)
    }
}

extension GenerationError {
    /// What became of the provider: it follows its name.
    fileprivate var inFewWords: String {
        switch self {
        case .refused: "is at its limit"
        case .configuration: "cannot be asked"
        case .ledger: "could not be recorded"
        case .cancelled: "was cancelled"
        case .provider(let error):
            switch error.kind {
            case .unreachable: "cannot be reached"
            case .timedOut: "took too long"
            case .interrupted: "broke off"
            case .unreadable: "sent no answer"
            case .empty: "sent no text"
            case .tooLarge: "sent too much"
            case .redirected: "points elsewhere"
            case .misconfigured: "cannot be asked"
            case .outOfCredit: "has no credit left"
            case .unauthorized, .forbidden, .notFound, .rateLimited, .rejected, .serverFailed, .cancelled:
                "failed\(error.status.map { " (\($0))" } ?? "")"
            }
        }
    }
}
