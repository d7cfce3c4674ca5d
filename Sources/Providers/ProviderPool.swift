public import Configuration
public import Core
import Synchronization

/// The providers in use: one instance for each name of a kind in the configuration, shared by all roles.
public final class ProviderPool: Sendable {
    public typealias Resolver =
        @Sendable (
            _ name: String, _ kind: ProviderKind
        ) throws(ConfigurationError) -> ResolvedProvider

    private let resolve: Resolver
    private let http: HTTPTransport
    private let text = Mutex<[String: any TextProvider]>([:])
    private let image = Mutex<[String: any ImageProvider]>([:])
    private let speech = Mutex<[String: any SpeechProvider]>([:])

    /// Makes nothing yet: a provider is resolved and made when it is first asked for.
    public init(time: any TimeSource, resolve: @escaping Resolver) {
        self.resolve = resolve
        http = HTTPTransport(time: time)
    }

    /// Asks the provider of that name how it stands, which costs nothing; nil when it cannot be asked that.
    ///
    /// Throws ``Configuration/ConfigurationError`` as ``provider(named:)`` does, and ``ProviderError`` when the provider
    /// gave no answer. Cancelling the task ends the call at once.
    public func survey(_ name: String) async throws -> ProviderSurvey? {
        try await (provider(named: name) as? any Surveyable)?.survey()
    }

    /// The text provider of that name, always the same instance.
    ///
    /// Throws when the configuration has no such provider, when something that it needs is missing, or when its type
    /// makes no text; a later call tries again.
    public func provider(named name: String) throws(ConfigurationError) -> any TextProvider {
        try provider(name, .text, ProviderTable.text, kept: text)
    }

    /// The provider of pictures of that name, under the same terms.
    public func imageProvider(named name: String) throws(ConfigurationError) -> any ImageProvider {
        try provider(name, .image, ProviderTable.image, kept: image)
    }

    /// The provider of speech of that name, under the same terms.
    public func speechProvider(named name: String) throws(ConfigurationError) -> any SpeechProvider {
        try provider(name, .audio, ProviderTable.speech, kept: speech)
    }

    /// The call, ready to be made by the provider that it names. Throws what finding that provider throws.
    public func prepare(_ call: ModelCall) throws(ConfigurationError) -> PreparedCall {
        switch call {
        case .text(let call): PreparedCall(call, to: try provider(named: call.provider))
        case .image(let call): PreparedCall(call, to: try imageProvider(named: call.provider))
        case .speech(let call): PreparedCall(call, to: try speechProvider(named: call.provider))
        }
    }

    private func provider<Provider: Sendable>(
        _ name: String, _ kind: ProviderKind, _ table: [ProviderType: ProviderTable.Factory<Provider>],
        kept: borrowing Mutex<[String: Provider]>
    ) throws(ConfigurationError) -> Provider {
        if let provider = kept.withLock({ $0[name] }) { return provider }
        let resolved = try resolve(name, kind)
        guard let make = table[resolved.type] else {
            throw ConfigurationError(
                .unknownProvider,
                "\(kind.rawValue) provider \(name.visible()): \(resolved.type.rawValue) makes no \(kind.rawValue)")
        }
        let made = try make(resolved, http)
        return kept.withLock { providers in
            let provider = providers[name] ?? made
            providers[name] = provider
            return provider
        }
    }
}
