public import Configuration
public import Core
import Synchronization

/// The providers in use: one instance for each name of a kind in the configuration, shared by all roles but those that
/// reach it in a way of their own.
public final class ProviderPool: Sendable {
    public typealias Resolver =
        @Sendable (
            _ name: String, _ kind: ProviderKind, _ role: RoleName?
        ) throws(ConfigurationError) -> ResolvedProvider
    /// Gives back a role that reaches the provider of a name in a way of its own; else nil.
    public typealias Ownership = @Sendable (_ name: String, _ kind: ProviderKind, _ role: RoleName) -> RoleName?

    private struct Key: Hashable {
        var name: String
        /// nil for the instance that roles share.
        var role: RoleName?
    }

    private let resolve: Resolver
    private let owner: Ownership
    private let http: HTTPTransport
    private let text = Mutex<[Key: any TextProvider]>([:])
    private let image = Mutex<[Key: any ImageProvider]>([:])
    private let speech = Mutex<[Key: any SpeechProvider]>([:])

    /// Makes nothing yet: a provider is resolved and made when it is first asked for, with the role where that reaches it
    /// in a way of its own.
    public init(
        time: any TimeSource, owner: @escaping Ownership = { _, _, _ in nil }, resolve: @escaping Resolver
    ) {
        self.resolve = resolve
        self.owner = owner
        http = HTTPTransport(time: time)
    }

    /// Asks the provider of that name how it stands, which costs nothing; nil when it cannot be asked that.
    ///
    /// Throws ``Configuration/ConfigurationError`` as ``provider(named:)`` does, and ``ProviderError`` when the provider
    /// gave no answer. Cancelling the task ends the call at once.
    public func survey(_ name: String, for role: RoleName? = nil) async throws -> ProviderSurvey? {
        try await (provider(named: name, for: role) as? any Surveyable)?.survey()
    }

    /// The text provider of that name, always the same instance for a role.
    ///
    /// Throws when the configuration has no such provider, when something that it needs is missing, or when its type
    /// makes no text; a later call tries again.
    public func provider(named name: String, for role: RoleName? = nil) throws(ConfigurationError) -> any TextProvider {
        try provider(name, .text, role, ProviderTable.text, kept: text)
    }

    /// The provider of pictures of that name, under the same terms.
    public func imageProvider(
        named name: String, for role: RoleName? = nil
    ) throws(ConfigurationError) -> any ImageProvider {
        try provider(name, .image, role, ProviderTable.image, kept: image)
    }

    /// The provider of speech of that name, under the same terms.
    public func speechProvider(
        named name: String, for role: RoleName? = nil
    ) throws(ConfigurationError) -> any SpeechProvider {
        try provider(name, .audio, role, ProviderTable.speech, kept: speech)
    }

    /// A role's call, ready to be made by the provider that it names. Throws what finding that provider throws.
    public func prepare(_ call: ModelCall, for role: RoleName? = nil) throws(ConfigurationError) -> PreparedCall {
        switch call {
        case .text(let call): PreparedCall(call, to: try provider(named: call.provider, for: role))
        case .image(let call): PreparedCall(call, to: try imageProvider(named: call.provider, for: role))
        case .speech(let call): PreparedCall(call, to: try speechProvider(named: call.provider, for: role))
        }
    }

    private func provider<Provider: Sendable>(
        _ name: String, _ kind: ProviderKind, _ role: RoleName?,
        _ table: [ProviderType: ProviderTable.Factory<Provider>], kept: borrowing Mutex<[Key: Provider]>
    ) throws(ConfigurationError) -> Provider {
        let key = Key(name: name, role: role.flatMap { owner(name, kind, $0) })
        if let provider = kept.withLock({ $0[key] }) { return provider }
        let resolved = try resolve(name, kind, key.role)
        guard let make = table[resolved.type] else {
            throw ConfigurationError(
                .unknownProvider,
                "\(kind.rawValue) provider \(name.visible()): \(resolved.type.rawValue) makes no \(kind.rawValue)")
        }
        let made = try make(resolved, http)
        return kept.withLock { providers in
            let provider = providers[key] ?? made
            providers[key] = provider
            return provider
        }
    }
}
