public import Configuration
public import Core
import Synchronization

/// The text providers in use: one instance for each name in the configuration, shared by all roles.
public final class ProviderPool: Sendable {
    public typealias Resolver = @Sendable (_ name: String) throws(ConfigurationError) -> ResolvedProvider

    private let resolve: Resolver
    private let http: HTTPTransport
    private let providers = Mutex<[String: any TextProvider]>([:])

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

    /// The provider of that name, always the same instance.
    ///
    /// Throws when the configuration has no such provider, when something that it needs is missing, or when its type
    /// is not available yet; a later call tries again.
    public func provider(named name: String) throws(ConfigurationError) -> any TextProvider {
        if let provider = providers.withLock({ $0[name] }) { return provider }
        let resolved = try resolve(name)
        guard let make = ProviderTable.text[resolved.type] else {
            throw ConfigurationError(
                .notAvailable, "text provider \(name.visible()) (\(resolved.type.rawValue)): not available yet")
        }
        let made = try make(resolved, http)
        return providers.withLock { providers in
            let provider = providers[name] ?? made
            providers[name] = provider
            return provider
        }
    }
}
