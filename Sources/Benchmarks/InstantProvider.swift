import Configuration
import Core
import Generation
import Metering
import Providers
import ResponseCache

/// Gives the same answer to every call, at once.
struct InstantProvider: TextProvider {
    let name = "openai"
    let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)
    private let answer = Sample.answer(1)

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        onDelta(answer.text)
        return answer
    }
}

extension RequestBenchmarks.Way {
    /// Stores in memory, and a provider that answers at once. The address is only a name.
    init(answeringAtOnceFrom url: String) throws {
        let time = Sample.time
        let provider = InstantProvider()
        var caching = CachingSettings()
        caching.backend = .memory
        let limits = try Sample.limits()
        let ledger = Ledger(inMemoryWith: time)
        generator = Generator(
            cache: ResponseCache(caching, workspaceRoot: "/", time: time),
            limiter: RateLimiter(ledger: ledger, settings: limits), ledger: ledger, prices: limits, time: time
        ) { call, _ throws(ConfigurationError) in
            guard case .text(let call) = call else { throw ConfigurationError(.unknownProvider, "only text is asked") }
            return PreparedCall(call, to: provider)
        }
        self.provider = provider
        self.url = url
    }
}
