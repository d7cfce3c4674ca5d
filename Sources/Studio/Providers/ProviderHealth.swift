public import Core
import Synchronization

/// How a provider stands, as far as that can be seen without spending anything.
public struct ProviderHealth: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        /// It answered, and took the key where there is one.
        case good
        /// It can be used; a provider of its kind cannot be asked more without spending.
        case unknown
        case noKey = "no_key"
        /// The key was not accepted, or may not do this.
        case keyRefused = "key_refused"
        case notReachable = "not_reachable"
        /// Something answered, and not as a provider does.
        case failed
        /// The configuration holds something that cannot be used.
        case misconfigured
    }

    /// Its name in the configuration.
    public var provider: String
    public var kind: ProviderKind
    public var state: State
    /// What is wrong and what to do, in words; nil when nothing is.
    public var problem: String?
    /// The models that the server lists, in its order; nil when it lists none.
    public var models: [String]?
    /// Whether the server answers under whatever name a model is asked for.
    public var takesAnyModel = false
    /// The server's own version, where it tells one.
    public var version: String?
    /// From asking until the answer began, in microseconds; nil when nothing was asked, or nobody answered.
    public var latencyMicroseconds: Int64?
    /// Names that the server takes for some of ``models``.
    var aliases: Set<String> = []

    /// Whether the server has a model; nil when that cannot be known.
    public func has(_ model: String) -> Bool? {
        models.map { takesAnyModel || $0.contains(model) || aliases.contains(model) }
    }
}

/// What is known of the providers' health, kept from one look to the next.
final class HealthBook: Sendable {
    private struct Key: Hashable {
        var provider: String
        var kind: ProviderKind
        var owner: RoleName?
    }

    private let known = Mutex<[Key: ProviderHealth]>([:])

    /// `owner` is the role that reaches the provider in a way of its own.
    func note(_ health: ProviderHealth, owner: RoleName?) {
        known.withLock { $0[Key(provider: health.provider, kind: health.kind, owner: owner)] = health }
    }

    /// Why a provider could not be reached at the last look; nil when it could, or nobody looked.
    func whyUnreachable(_ provider: String, kind: ProviderKind, owner: RoleName?) -> String? {
        let health = known.withLock { $0[Key(provider: provider, kind: kind, owner: owner)] }
        return health?.state == .notReachable ? health?.problem : nil
    }
}
