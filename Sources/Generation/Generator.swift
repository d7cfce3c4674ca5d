public import Configuration
public import Core
import Foundation
public import Logging
public import Metering
public import Providers
public import ResponseCache
import Synchronization

/// The one way of a request: cache, single flight, reservation, cache again, provider, settlement with its ledger
/// row, check, cache.
///
/// Nothing else in the program calls a provider. An instance serves any number of requests at once.
public final class Generator: Sendable {
    public typealias Events = @Sendable (SessionEvent) -> Void

    private struct FlightKey: Hashable {
        var key: CacheKey
        var isFresh: Bool
    }

    private let cache: ResponseCache
    let limiter: RateLimiter
    private let ledger: Ledger
    let prices: RateLimitSettings
    private let prepare: @Sendable (ModelCall, RoleName) throws(ConfigurationError) -> PreparedCall
    let time: any TimeSource
    let retry: RetryRule?
    private let logger: Logger
    private let flights = SingleFlight<FlightKey, Generated>()
    /// Why the last answer could not be cached, and the last hit not be counted, which is said once; nil when it was.
    private let cacheFault = Mutex<String?>(nil)
    private let ledgerFault = Mutex<String?>(nil)
    private let knownPrices = Mutex<[PriceKey: Price?]>([:])

    /// `prepare` joins a role's call to the provider that it names, the same instance each time. Without a rule for
    /// retries, each call is tried once. `logger` is told every stage of every request, in ids, names, counts, sizes, durations and
    /// amounts alone.
    public init(
        cache: ResponseCache, limiter: RateLimiter, ledger: Ledger, prices: RateLimitSettings, time: any TimeSource,
        retry: RetryRule? = nil,
        logger: Logger = Logger(label: "questfoundry", factory: { _ in SwiftLogNoOpLogHandler() }),
        prepare: @escaping @Sendable (ModelCall, RoleName) throws(ConfigurationError) -> PreparedCall
    ) {
        self.cache = cache
        self.limiter = limiter
        self.ledger = ledger
        self.prices = prices
        self.time = time
        self.retry = retry
        self.logger = logger
        self.prepare = prepare
    }

    /// Answers a request, telling `events` what happens on the way.
    ///
    /// Cancelling the task ends the wait or the provider call at once and leaves no reservation: a call that was
    /// already sent is charged at its worst case, marked estimated.
    public func generate(
        _ request: GenerationRequest, events: @escaping Events
    ) async throws(GenerationError) -> Generated {
        let call = request.call
        events(
            .requestStarted(
                request: request.id, role: request.origin.role, provider: call.provider, model: call.model,
                step: request.origin.step, isConsultation: request.isConsultation))
        log(request)?.started()
        var asked = call.provider
        do {
            let generated = try await answerInTurn(request, asked: &asked, since: time.now(), events: events)
            log(request)?.answered(generated.record)
            tell(ledger.fault.map { "hits are not counted: \($0)" }, once: ledgerFault, events)
            events(.requestAnswered(request: request.id, record: generated.record, text: generated.answer.text))
            return generated
        } catch {
            let failure = Self.described(error)
            log(request)?.failed(failure.error, charged: failure.charged)
            events(
                .requestFailed(
                    request: request.id, role: request.origin.role, provider: asked,
                    message: failure.error.description, charged: failure.charged))
            throw failure.error
        }
    }

    /// A bound on what a call may cost; nil when its model has no price.
    public func worstCase(of call: ModelCall) -> Money? { price(of: call)?.worstCase(of: call.usageBound) }

    /// What a use of a call's model costs; nil when it has no price.
    public func cost(of usage: Usage, for call: ModelCall) -> Money? { price(of: call)?.cost(of: usage) }

    private func price(of call: ModelCall) -> Price? {
        let key = PriceKey(call)
        if let known = knownPrices.withLock({ $0[key] }) { return known }
        let price = prices.price(
            provider: call.provider, model: call.model, variants: call.priceVariants, type: call.providerType,
            isLocal: call.isLocal)
        knownPrices.withLock { $0[key] = .some(price) }
        return price
    }

    /// All that decides on a price. There are few: roles name them, or the configuration does.
    private struct PriceKey: Hashable {
        var provider: String
        var type: String
        var endpoint: String
        var model: String
        var width: Int?
        var height: Int?
        var quality: String?

        init(_ call: ModelCall) {
            (provider, type, endpoint, model) = (call.provider, call.providerType, call.endpoint, call.model)
            if case .image(let call) = call { (width, height, quality) = (call.width, call.height, call.quality) }
        }
    }

    func log(_ request: GenerationRequest) -> RequestLog? { RequestLog(request, in: logger) }

    // MARK: - The stages, in order

    func answer(
        to request: GenerationRequest, course: inout Course, since start: Moment, events: @escaping Events
    ) async throws -> Generated {
        let key = CacheKey(for: request.call)
        let (lookup, missCause) = lookUp(request, key)
        log(request)?.lookedUp(request.isFresh && lookup.isCaching ? "bypassed" : lookup.word, because: missCause)
        if case .hit(let kept) = lookup {
            return hit(kept, .cache, for: request, key, course: course, since: start)
        }
        guard lookup.isCaching else {
            return try await ask(
                request, key, lookup: .none, missCause: nil, course: &course, since: start, events: events)
        }
        let counted: Lookup = request.isFresh ? .bypassed : .miss
        let flight = FlightKey(key: key, isFresh: request.isFresh)
        let (generated, isShared) = try await flights.run(flight, onJoin: { log(request)?.joined() }) {
            try await ask(
                request, key, lookup: counted, missCause: missCause, course: &course, since: start, events: events)
        }
        return isShared ? share(generated, with: request, course: course, since: start) : generated
    }

    private enum Found {
        case hit(CachedAnswer)
        case miss
        case off
        var word: String {
            switch self {
            case .hit: "hit"
            case .miss: "miss"
            case .off: "off"
            }
        }
        var isCaching: Bool { if case .off = self { false } else { true } }
    }

    private func lookUp(
        _ request: GenerationRequest, _ key: CacheKey, isAgain: Bool = false
    ) -> (Found, MissCause?) {
        guard !request.isFresh else {
            return (cache.isEnabled(for: request.call, role: request.origin.role) ? .miss : .off, nil)
        }
        switch cache.lookup(request.call, key: key, role: request.origin.role, tellsCause: !isAgain) {
        case .hit(let kept): return request.check(kept.answer) == nil ? (.hit(kept), nil) : (.miss, .rejected)
        case .miss(let cause): return (.miss, cause)
        case .off: return (.off, nil)
        }
    }

    private func ask(
        _ request: GenerationRequest, _ key: CacheKey, lookup: Lookup, missCause: MissCause?, course: inout Course,
        since start: Moment, events: @escaping Events
    ) async throws -> Generated {
        let prepared = try prepare(request.call, request.origin.role)
        let isCounted = course.isLookupCounted
        let demand = demand(
            for: request, lookup: isCounted ? .none : lookup, missCause: isCounted ? nil : missCause)
        var reservation = try await reserve(demand, for: request, events: events)
        if lookup == .miss, case (.hit(let kept), _) = lookUp(request, key, isAgain: true) {
            try await limiter.release(reservation)
            log(request)?.released(reservation)
            return hit(kept, .cache, for: request, key, course: course, since: start)
        }
        course.isLookupCounted = true
        let (answer, sent) = try await answer(
            of: prepared, to: request, under: &reservation, course: &course, events: events)
        let cost = price(of: request.call)?.cost(of: answer.usage)
        let settlement = Settlement(
            outcome: .answered, usage: answer.usage, cost: cost, isEstimated: answer.isUsageEstimated,
            latencyMilliseconds: milliseconds(since: sent), limits: answer.limits)
        try await limiter.settle(reservation, settlement)
        log(request)?.settled(reservation, settlement)
        let rejection = request.check(answer)
        log(request)?.checked(answer, isGood: rejection == nil)
        if rejection == nil {
            keep(answer, isStreamed: prepared.isStreamed, cost: cost, of: request, key, events: events)
        }
        let record = AnswerRecord(
            role: request.origin.role, provider: request.call.provider, model: request.call.model, source: .provider,
            usage: answer.usage, cost: cost, isEstimated: answer.isUsageEstimated,
            latencyMilliseconds: milliseconds(since: sent))
        return Generated(answer: answer, key: key, record: record, rejection: rejection)
    }

    func reserve(
        _ demand: Demand, again isAgain: Bool = false, for request: GenerationRequest, events: @escaping Events
    ) async throws -> Reservation {
        let start = time.now()
        let reservation = try await limiter.reserve(demand, again: isAgain) { refusal in
            log(request)?.waits(refusal)
            events(
                .requestWaiting(
                    request: request.id, limit: "\(refusal.scope) \(refusal.key)", until: refusal.retryAt))
        }
        log(request)?.reserved(reservation, milliseconds: milliseconds(since: start))
        return reservation
    }

    func call(
        _ prepared: PreparedCall, _ request: GenerationRequest, under reservation: Reservation, sent: Moment,
        events: @escaping Events
    ) async throws -> Answer {
        log(request)?.called(reservation)
        events(.requestSent(request: request.id))
        do {
            return try await prepared.generate(permit: reservation.permit) { [id = request.id] text in
                events(.textDelta(request: id, text: text))
            }
        } catch {
            let isBilled = error.billing == .worstCase
            let demand = reservation.demand
            let usage = request.call.usageBound
            let settlement = Settlement(
                outcome: Task.isCancelled ? .cancelled : .failed, usage: isBilled ? usage : .zero,
                cost: isBilled ? demand.worstCost : .zero, isEstimated: isBilled,
                latencyMilliseconds: milliseconds(since: sent), limits: error.limits)
            try await limiter.settle(reservation, settlement)
            log(request)?.settled(reservation, settlement)
            throw Charged(error: Task.isCancelled ? .cancelled : .provider(error), cost: settlement.cost)
        }
    }

    private func keep(
        _ answer: Answer, isStreamed: Bool, cost: Money?, of request: GenerationRequest, _ key: CacheKey,
        events: Events
    ) {
        do {
            try cache.store(
                answer, isStreamed: isStreamed, cost: cost, for: request.call, key: key, role: request.origin.role)
            log(request)?.offeredToCache(answer, isWritten: true)
            cacheFault.withLock { $0 = nil }
        } catch {
            log(request)?.offeredToCache(answer, isWritten: false)
            tell("answers are not cached: \(error)", once: cacheFault, events)
        }
    }

    private func tell(_ fault: String?, once known: borrowing Mutex<String?>, _ events: Events) {
        let isNew = known.withLock { known in
            defer { known = fault }
            return known != fault
        }
        if isNew, let fault { events(.notice(isError: true, text: fault)) }
    }

    // MARK: - Answers without a call

    private func hit(
        _ kept: CachedAnswer, _ source: AnswerSource, for request: GenerationRequest, _ key: CacheKey,
        course: Course, since start: Moment
    ) -> Generated {
        let counted: Lookup = source == .shared ? .shared : .hit
        let demand = demand(for: request, lookup: course.isLookupCounted ? .none : counted, missCause: nil)
        let usage = kept.answer.usage
        let latency = milliseconds(since: start)
        ledger.record(
            demand, source: source, usage: usage, savedCost: kept.cost ?? .zero, savedTokens: usage.totalTokens,
            latencyMilliseconds: latency)
        let record = AnswerRecord(
            role: request.origin.role, provider: request.call.provider, model: request.call.model, source: source,
            usage: usage, cost: .zero, isEstimated: false, savedCost: kept.cost ?? .zero,
            savedTokens: usage.totalTokens, latencyMilliseconds: latency)
        return Generated(
            answer: kept.answer, key: key, record: record,
            rejection: request.check(kept.answer))
    }

    private func share(
        _ generated: Generated, with request: GenerationRequest, course: Course, since start: Moment
    ) -> Generated {
        let kept = CachedAnswer(answer: generated.answer, cost: generated.record.cost, storedAt: time.now())
        return hit(kept, .shared, for: request, generated.key, course: course, since: start)
    }

    func demand(for request: GenerationRequest, lookup: Lookup, missCause: MissCause?) -> Demand {
        let bound = request.call.usageBound
        return Demand(
            request: request.id, origin: request.origin, provider: request.call.provider, model: request.call.model,
            lookup: lookup, missCause: missCause?.rawValue, worstInputTokens: bound.inputTokens,
            worstOutputTokens: bound.outputTokens, worstCost: worstCase(of: request.call))
    }

    private func milliseconds(since start: Moment) -> Int {
        Int(max(0, time.now().sinceBoot - start.sinceBoot) / 1_000)
    }

    // MARK: - Errors

    /// A failure after the reservation, with what the ledger took for it.
    struct Charged: Error {
        var error: GenerationError
        var cost: Money?
    }

    static func described(_ error: any Error) -> (error: GenerationError, charged: Money?) {
        switch error {
        case let charged as Charged: (charged.error, charged.cost)
        // Whoever made the call is charged for it.
        case let shared as SharedFailure: (described(shared.cause).error, .zero)
        case let refusal as Refusal: (.refused(refusal), .zero)
        case let error as ConfigurationError: (.configuration(error), .zero)
        case let error as LedgerError: (.ledger(error), .zero)
        case let error as GenerationError: (error, .zero)
        case is CancellationError: (.cancelled, .zero)
        default: (.ledger(LedgerError(code: .other, path: "ledger.db", cause: String(describing: error))), nil)
        }
    }
}

extension ModelCall {
    /// Whether the call stays on this machine, where nobody bills it.
    var isLocal: Bool { endpoint.isEmpty || URL(string: endpoint)?.isLoopback == true }

    /// Names under which what is asked for may have a price of its own, the closest first: the model's in AWS's region,
    /// or for pictures of a quality and a size.
    var priceVariants: [String] {
        switch self {
        case .text:
            let host = URL(string: endpoint)?.host()?.split(separator: ".") ?? []
            return host.count == 4 && host[0] == "bedrock-runtime" ? ["\(host[1])/\(model)"] : []
        case .image(let call):
            guard let width = call.width, let height = call.height else { return [] }
            let size = "\(width)-x-\(height)/\(model)"
            return (call.quality.map { ["\($0)/\(size)"] } ?? []) + [size]
        case .speech: return []
        }
    }
}
