import Configuration
import Core
import Providers
import Synchronization

/// A text provider in the test's own process: it answers as it is told, and keeps the calls that it got.
final class ScriptedProvider: TextProvider {
    /// Decides what becomes of a call. Calls are numbered from 1.
    typealias Script = @Sendable (_ number: Int) -> Result<Answer, ProviderError>
    /// What happens between a call and its answer.
    typealias Hook = @Sendable (_ number: Int) async -> Void

    private struct State {
        var calls: [TextCall] = []
        var permits: [Permit] = []
        var script: Script = { _ in .success(.saying("Hello there.")) }
        var hook: Hook = { _ in }
    }

    let name = "scripted"
    let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)
    private let state = Mutex(State())

    var calls: [TextCall] { state.withLock { $0.calls } }
    var permits: [Permit] { state.withLock { $0.permits } }

    func answers(_ script: @escaping Script) { state.withLock { $0.script = script } }
    func whileCalled(_ hook: @escaping Hook) { state.withLock { $0.hook = hook } }

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        let (number, script, hook) = state.withLock { state in
            state.calls.append(call)
            state.permits.append(permit)
            return (state.calls.count, state.script, state.hook)
        }
        await hook(number)
        guard !Task.isCancelled else { throw .scripted(.cancelled, billing: .worstCase) }
        switch script(number) {
        case .failure(let error): throw error
        case .success(let answer):
            var rest = Substring(answer.text)
            while !rest.isEmpty {
                onDelta(String(rest.prefix(5)))
                rest = rest.dropFirst(5)
            }
            return answer
        }
    }
}

extension ProviderError {
    static func scripted(_ kind: Kind, billing: Billing) -> ProviderError {
        ProviderError(kind: kind, provider: "scripted", message: "scripted: \(kind.rawValue)", billing: billing)
    }
}

extension Answer {
    /// A whole answer with the usage of every scripted answer: $0.000444 at the fixture's prices.
    static func saying(_ text: String) -> Answer { Answer(text: text, usage: .scripted, model: "model-1") }
}

extension Usage {
    static let scripted = Usage(inputTokens: 20, cachedInputTokens: 4, outputTokens: 50, reasoningTokens: 10)
}

extension PreparedCall {
    /// A call for text, joined to a provider whatever name it gives; throws for other kinds.
    init(_ call: ModelCall, to provider: any TextProvider) throws(ConfigurationError) {
        guard case .text(let call) = call else { throw ConfigurationError(.unknownProvider, "it writes text") }
        self.init(call, to: provider)
    }
}
