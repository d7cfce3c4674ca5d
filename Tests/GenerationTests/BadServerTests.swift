import Configuration
import Core
import Foundation
import GRDB
import Metering
import Providers
import ResponseCache
import TestKit
import Testing

@testable import Generation

/// Every text provider on the whole way, against servers that do everything wrong: each call ends in another try or in
/// one clear error, is charged once, and takes the key nowhere.
@Suite(.timeLimit(.minutes(10))) struct BadServerTests {
    static let types: [ProviderType] = [.openai, .anthropic, .gemini, .ollama]
    private static let key = "sk-test-92c1be07aa31"

    private static func form(_ type: ProviderType) -> any FakeForm {
        switch type {
        case .anthropic: FakeAnthropicForm()
        case .gemini: FakeGeminiForm()
        case .ollama: FakeOllamaForm()
        default: FakeOpenAIForm()
        }
    }

    /// The way of a request to a server of a type, whose calls may be made again once.
    private func generator(_ type: ProviderType, at address: URL, _ books: Books, isSlow: Bool = false) -> Generator {
        let pool = ProviderPool(time: books.time) { name, _, _ in
            var provider = ResolvedProvider(name: name, type: type, baseURL: address, apiKey: Secret(Self.key))
            if isSlow {
                provider.firstByteTimeoutSeconds = 0.5
                provider.idleTimeoutSeconds = 0.5
                provider.timeoutSeconds = 1
            }
            return provider
        }
        var retry = RetrySettings()
        retry.maxRetries = 1
        retry.initialDelayMilliseconds = 0
        return Generator(
            cache: books.cache, limiter: books.limiter, ledger: books.ledger, prices: books.limits, time: books.time,
            retry: RetryRule(retry, patienceSeconds: 60) { 0 }
        ) { call, role throws(ConfigurationError) in try pool.prepare(call, for: role) }
    }

    private struct Books {
        let time = SystemTime()
        let ledger: Ledger
        let cache: ResponseCache
        let limiter: RateLimiter
        let limits: RateLimitSettings
        let events = Recorder<SessionEvent>()

        init() throws {
            var limits = RateLimitSettings()
            limits.modelPrices["m"] = PriceOverride(
                inputToken: try Money(dollars: "0.000001"), outputToken: try Money(dollars: "0.000002"))
            self.limits = limits
            var caching = CachingSettings()
            caching.backend = .memory
            ledger = Ledger(inMemoryWith: time)
            cache = ResponseCache(caching, workspaceRoot: "/", time: time)
            limiter = RateLimiter(ledger: ledger, settings: limits)
        }

        func rows() throws -> [LedgerRow] {
            try ledger.read { try Row.fetchAll($0, sql: "SELECT * FROM ledger ORDER BY id").map { LedgerRow($0) } }
                ?? []
        }
    }

    private func request(_ type: ProviderType, at address: URL) -> GenerationRequest {
        let now = SystemTime().now()
        let call = TextCall(
            provider: "mine", providerType: type.rawValue, endpoint: address.absoluteString, model: "m",
            messages: [Message(.user, "Say hello.")], maxTokens: 100)
        let origin = RequestOrigin(
            session: ULID(at: now), run: ULID(at: now), loop: "l", step: "s", role: .sceneSmith)
        return GenerationRequest(id: ULID(at: now), call: .text(call), origin: origin)
    }

    @Test(arguments: types, BadServer.all)
    func badServerEndsInOneClearErrorAndOneCharge(type: ProviderType, bad: BadServer) async throws {
        let calls = Recorder<String>()
        let seen = Signal()
        let server = try RawServer { connection in
            calls.append(connection.request)
            bad.script(connection, Self.form(type), seen)
        }
        let books = try Books()
        let generator = generator(type, at: server.baseURL, books, isSlow: bad.isSlow)
        let request = request(type, at: server.baseURL)
        let worst = generator.worstCase(of: request.call)
        do {
            let generated = try await generator.generate(request) { event in
                books.events.append(event)
                if case .textDelta = event { seen.fire() }
            }
            #expect(bad.end == .answered)
            #expect(generated.record.isEstimated && generated.record.cost == worst)
        } catch {
            #expect(error.providerError.map { .failed($0.kind) } == bad.end, "\(error)")
            #expect(!error.description.contains("\n") && error.description.count < 700)
        }
        let rows = try books.rows()
        #expect(calls.count == bad.tries && rows.count == bad.tries)
        #expect(rows.allSatisfy { $0.cost == (bad.isBilled ? worst : .zero) && $0.isEstimated == bad.isBilled })
        #expect(try books.ledger.openAttempts().isEmpty)
        let key = Self.key
        #expect(!String(reflecting: books.events.elements).contains(key))
    }

    @Test(arguments: types) func redirectTakesNothingElsewhere(type: ProviderType) async throws {
        let other = try await FakeTextServer.start(Self.form(type))
        for status in [301, 307, 308] {
            let server = try await FakeTextServer.start(Self.form(type)) { _ in
                .raw(status: status, headers: ["Location": other.baseURL.absoluteString], body: [])
            }
            let books = try Books()
            let error = await #expect(throws: GenerationError.self) {
                try await generator(type, at: server.baseURL, books).generate(
                    request(type, at: server.baseURL)
                ) { _ in }
            }
            #expect(error?.providerError?.kind == .redirected && server.served == 1)
            #expect(try books.rows().map(\.cost) == [.zero])
        }
        #expect(other.served == 0)
    }
}
