import Configuration
import Core
import Foundation
import GRDB
import Generation
import InMemoryLogging
import Logging
import Metering
import Providers
import ResponseCache
import TestKit

/// A generator with books and cache of its own in memory, a clock that the test moves, and one scripted provider.
struct GenerationFixture: Sendable {
    static let remote = "https://api.example.com/v1"

    let time = ManualTime()
    let provider = ScriptedProvider()
    /// Who is asked when a call names `second` as its provider.
    let second = ScriptedProvider()
    /// Every event of the requests that go through ``generate(_:)``.
    let events = Recorder<SessionEvent>()
    /// What the log was told.
    let log = InMemoryLogHandler()
    let session: ULID
    let settings: RateLimitSettings
    let ledger: Ledger
    let cache: ResponseCache
    let limiter: RateLimiter
    let generator: Generator

    /// `store` and `levels` take the place of those in memory.
    init(
        store: (any CacheStore)? = nil, levels: (any SharedLevels)? = nil,
        caching changeCaching: (inout CachingSettings) -> Void = { _ in },
        limits changeLimits: (inout RateLimitSettings) throws -> Void = { _ in }, retry: RetryRule? = nil
    ) throws {
        var caching = CachingSettings()
        caching.backend = .memory
        changeCaching(&caching)
        var limits = RateLimitSettings()
        limits.timeZone = .gmt
        limits.modelPrices["model-1"] = PriceOverride(
            inputToken: try Money(dollars: "0.000002"), cachedInputToken: try Money(dollars: "0.000001"),
            outputToken: try Money(dollars: "0.000008"))
        limits.modelPrices["model-2"] = PriceOverride(
            inputToken: try Money(dollars: "0.00001"), outputToken: try Money(dollars: "0.00001"))
        try changeLimits(&limits)
        settings = limits
        session = ULID(at: time.now())
        ledger = Ledger(inMemoryWith: time)
        cache =
            store.map { [time] in ResponseCache(caching, store: $0, time: time) }
            ?? ResponseCache(caching, workspaceRoot: "/", time: time)
        limiter = RateLimiter(ledger: ledger, settings: limits, shared: levels)
        let logger = Logger(label: "test") { [log] _ in log }
        generator = Generator(
            cache: cache, limiter: limiter, ledger: ledger, prices: limits, time: time, retry: retry, logger: logger
        ) { [provider, second] call, _ throws(ConfigurationError) in
            if call.provider == "keyless" { throw ConfigurationError(.missingKey, "api_key is missing") }
            return try PreparedCall(call, to: call.provider == "second" ? second : provider)
        }
    }

    /// A request that another provider answers, with a model of its own, when the first one fails.
    func requestWithFallback(
        _ text: String = "Say hello.", isFresh: Bool = false, fallbacks: [Fallback]? = nil
    ) -> GenerationRequest {
        var request = request(text, isFresh: isFresh)
        request.fallbacks = fallbacks ?? [.call(fallbackCall(text))]
        return request
    }

    func fallbackCall(_ text: String = "Say hello.", provider: String = "second") -> ModelCall {
        var call = call(text, model: "model-2")
        call.provider = provider
        return .text(call)
    }

    func call(
        _ text: String = "Say hello.", model: String = "model-1", endpoint: String = Self.remote, maxTokens: Int = 100
    ) -> TextCall {
        TextCall(
            provider: "scripted", providerType: "openai", endpoint: endpoint, model: model,
            messages: [Message(.user, text)], maxTokens: maxTokens)
    }

    func request(
        _ text: String = "Say hello.", model: String = "model-1", role: RoleName = .sceneSmith, isFresh: Bool = false,
        check: @escaping GenerationRequest.Check = { _ in nil }
    ) -> GenerationRequest {
        let now = time.now()
        let origin = RequestOrigin(
            session: session, run: ULID(at: now), loop: "story_spark", step: "draft_scenes", role: role)
        return GenerationRequest(
            id: ULID(at: now), call: .text(call(text, model: model)), origin: origin, isFresh: isFresh, check: check)
    }

    @discardableResult
    func generate(_ request: GenerationRequest) async throws(GenerationError) -> Generated {
        try await generator.generate(request) { [events] in events.append($0) }
    }

    /// The error of a request that must fail; nil when it does not.
    func failure(of request: GenerationRequest) async -> GenerationError? {
        do {
            try await generate(request)
            return nil
        } catch {
            return error
        }
    }

    // MARK: - The books

    func rows() throws -> [LedgerRow] {
        try ledger.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM ledger ORDER BY id").map { LedgerRow($0) }
        } ?? []
    }

    /// The ids of the attempts that are reserved and not yet settled.
    func openAttempts() throws -> [ULID] { try ledger.openAttempts() }

    func lookups() throws -> LookupTotals {
        try CostTracker(ledger: ledger, settings: settings).tallies(of: session).session.lookups
    }

    func isCached(_ request: GenerationRequest) -> Bool {
        if case .hit = cache.lookup(request.call, role: request.origin.role) { true } else { false }
    }

    /// What the events were, in words.
    var stages: [String] { events.elements.map(\.stage) }
}

/// A line of the ledger; by default that of a scripted answer after a miss.
struct LedgerRow: Hashable {
    var source = "provider"
    var lookup = "miss"
    var missCause: String? = "new"
    var outcome = "answered"
    var usage = Usage.scripted
    var cost: Money? = Money(picodollars: 444_000_000)
    var isEstimated = false
    var savedCost = Money.zero
    var savedTokens = 0
}

extension LedgerRow {
    init(_ row: Row) {
        source = row["source"]
        lookup = row["lookup"]
        missCause = row["miss_cause"]
        outcome = row["outcome"]
        usage = Usage(
            inputTokens: row["input_tokens"], cachedInputTokens: row["cached_input_tokens"],
            outputTokens: row["output_tokens"], reasoningTokens: row["reasoning_tokens"])
        cost = (row["cost"] as Int64?).map { Money(picodollars: $0) }
        isEstimated = row["is_estimated"]
        savedCost = Money(picodollars: row["saved_cost"] as Int64)
        savedTokens = row["saved_tokens"]
    }
}

extension SessionEvent {
    fileprivate var stage: String {
        switch self {
        case .requestStarted: "started"
        case .requestWaiting(_, let limit, _): "waiting at \(limit)"
        case .requestSent: "sent"
        case .textDelta(_, let text): "delta \(text)"
        case .requestAnswered: "answered"
        case .requestFailed: "failed"
        case .requestRetrying: "retrying"
        case .requestFellBack(_, _, let provider, let reason, _, let next, _, _):
            "\(provider) \(reason), \(next) asked instead"
        default: "another event"
        }
    }

    /// What the event says was charged for a failure; nil for other events, and where nothing could be priced.
    var charged: Money? { if case .requestFailed(_, _, _, _, let charged) = self { charged } else { nil } }
}
