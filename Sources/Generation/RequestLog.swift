import Core
import Logging
import Metering
import Providers
import ResponseCache

/// Tells the log what becomes of one request, an event for each stage.
///
/// It says ids, names, counts, sizes, durations and amounts. What people and models wrote, messages of servers and
/// anything that could hold a key are never given to a log.
struct RequestLog {
    private let logger: Logger
    private let request: GenerationRequest

    /// nil where nobody listens: then no stage does anything for it.
    init?(_ request: GenerationRequest, in logger: Logger) {
        guard logger.logLevel <= .warning else { return nil }
        self.logger = logger
        self.request = request
    }

    func started() {
        let call = request.call
        tell(
            .info, "started",
            [
                "run": "\(request.origin.run)", "loop": "\(request.origin.loop)", "step": "\(request.origin.step)",
                "role": "\(request.origin.role.rawValue)", "provider": "\(call.provider)", "model": "\(call.model)",
                "kind": "\(call.kind.rawValue)", "consultation": .count(request.isConsultation),
                "messages": .unlessNil(call.text?.messages.count), "prompt_bytes": .count(call.promptBytes),
                "max_tokens": .unlessNil(call.text?.maxTokens),
            ])
    }

    /// `found` is `hit`, `miss`, `bypassed` or `off`.
    func lookedUp(_ found: String, because cause: MissCause?) {
        tell(.info, "cache looked up", ["found": "\(found)", "cause": .unlessNil(cause?.rawValue)])
    }

    /// The same request is under way already.
    func joined() { tell(.info, "joined flight", [:]) }

    func waits(_ refusal: Refusal) { tell(.info, "waiting", refusal.fields) }

    /// `milliseconds` is how long ago the request came.
    func reserved(_ reservation: Reservation, milliseconds: Int) {
        let demand = reservation.demand
        tell(
            .info, "reserved",
            [
                "attempt": "\(reservation.permit.attempt)", "after_ms": .count(milliseconds),
                "worst_input_tokens": .count(demand.worstInputTokens),
                "worst_output_tokens": .count(demand.worstOutputTokens), "worst_cost": .money(demand.worstCost),
            ])
    }

    /// The call failed and is made again after a wait.
    func retries(after error: GenerationError, charged: Money?, microseconds: Int64) {
        tell(
            .notice, "retrying",
            ["reason": "\(error.reason)", "charged": .money(charged), "wait_ms": .count(Int(microseconds / 1_000))])
    }

    /// A provider gave no answer for good, and another is asked.
    func fellBack(from provider: String, to next: ModelCall, because reason: String, charged: Money?) {
        tell(
            .notice, "fell back",
            [
                "from": "\(provider)", "provider": "\(next.provider)", "model": "\(next.model)",
                "reason": "\(reason)", "charged": .money(charged),
            ])
    }

    /// The cache had the answer after all.
    func released(_ reservation: Reservation) {
        tell(.info, "released", ["attempt": "\(reservation.permit.attempt)"])
    }

    func called(_ reservation: Reservation) {
        tell(.info, "provider called", ["attempt": "\(reservation.permit.attempt)"])
    }

    func settled(_ reservation: Reservation, _ settlement: Settlement) {
        let usage = settlement.usage
        tell(
            .info, "settled",
            [
                "attempt": "\(reservation.permit.attempt)", "outcome": "\(settlement.outcome.rawValue)",
                "input_tokens": .count(usage.inputTokens), "cached_input_tokens": .count(usage.cachedInputTokens),
                "output_tokens": .count(usage.outputTokens),
                "images": .unlessZero(usage.images), "characters": .unlessZero(usage.characters),
                "cost": .money(settlement.cost),
                "estimated": .count(settlement.isEstimated), "latency_ms": .count(settlement.latencyMilliseconds),
            ])
    }

    func checked(_ answer: Answer, isGood: Bool) {
        tell(
            .info, "checked",
            [
                "good": .count(isGood), "finish": "\(answer.finish.rawValue)",
                "answer_bytes": .count(answer.media?.bytes.count ?? answer.text.utf8.count),
            ])
    }

    func offeredToCache(_ answer: Answer, isWritten: Bool) {
        guard isWritten else { return tell(.warning, "not stored", [:]) }
        // What is cut off or withheld is not kept.
        tell(.info, "stored", ["whole": .count(answer.finish == .stop)])
    }

    func answered(_ record: AnswerRecord) {
        tell(
            .info, "answered",
            [
                "source": "\(record.source.rawValue)", "cost": .money(record.cost),
                "saved_cost": .money(record.savedCost), "latency_ms": .count(record.latencyMilliseconds),
            ])
    }

    /// `charged` is what the ledger took for it, nil when nothing could be priced.
    func failed(_ error: GenerationError, charged: Money?) {
        if case .refused(let refusal) = error { tell(.notice, "denied", refusal.fields) }
        var fields: Logger.Metadata = ["reason": "\(error.reason)", "charged": .money(charged)]
        if case .provider(let cause) = error {
            fields["kind"] = "\(cause.kind.rawValue)"
            fields["status"] = .unlessNil(cause.status)
        }
        tell(.warning, "failed", fields)
    }

    private func tell(_ level: Logger.Level, _ stage: Logger.Message, _ fields: @autoclosure () -> Logger.Metadata) {
        logger.log(
            level: level, stage,
            metadata: fields().filter { $0.value != .absent }.merging(["request": "\(request.id)"]) { $1 })
    }
}

extension Logger.MetadataValue {
    /// Stands for what is not known, and is left out.
    fileprivate static let absent = Logger.MetadataValue.array([])

    fileprivate static func count(_ value: Int) -> Self { .stringConvertible(value) }
    fileprivate static func count(_ value: Bool) -> Self { .stringConvertible(value) }
    fileprivate static func money(_ money: Money?) -> Self { money.map { .string($0.dollars) } ?? .absent }
    fileprivate static func unlessNil(_ text: String?) -> Self { text.map { .string($0) } ?? .absent }
    fileprivate static func unlessZero(_ number: Int) -> Self { unlessNil(number == 0 ? nil : number) }
    fileprivate static func unlessNil(_ number: Int?) -> Self { number.map { .stringConvertible($0) } ?? .absent }
}

extension ModelCall {
    fileprivate var text: TextCall? { if case .text(let call) = self { call } else { nil } }

    fileprivate var promptBytes: Int {
        switch self {
        case .text(let call): call.messages.reduce(0) { $0 + $1.content.utf8.count }
        case .image(let call): call.prompt.utf8.count
        case .speech(let call): call.text.utf8.count
        }
    }
}

extension Refusal {
    fileprivate var fields: Logger.Metadata {
        let reason =
            switch kind {
            case .rateLimit: "rate_limit"
            case .concurrency: "concurrency"
            case .budget: "budget"
            case .unpriced: "unpriced"
            }
        return [
            "scope": "\(scope.kind)", "name": "\(scope.name)", "limit": "\(key)", "reason": "\(reason)",
            "retry_after_ms": .unlessNil(retryAfter.map { Int($0) }),
        ]
    }
}

extension GenerationError {
    fileprivate var reason: String {
        switch self {
        case .refused: "refused"
        case .provider: "provider"
        case .configuration: "configuration"
        case .ledger: "ledger"
        case .cancelled: "cancelled"
        }
    }
}
