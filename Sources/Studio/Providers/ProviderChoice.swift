public import Core
public import Metering

/// The providers that a role could use for a kind, as the dialog that switches providers lists them.
public struct ProviderChoices: Hashable, Sendable {
    public var role: RoleName
    public var kind: ProviderKind
    /// What ``ModelQuote/requestCost`` is the price of.
    public var request: SampleRequest
    public var all: [ProviderChoice]
}

/// A provider that a role could use.
public struct ProviderChoice: Hashable, Sendable {
    /// Its name in the configuration.
    public var name: String
    /// The protocol that it speaks: `embedded`, `openai` …
    public var type: String
    /// Where it is, with its port when that is unusual; nil for one in this process, or without an address.
    public var host: String?
    /// The model that the role would use, and what it costs; nil when none is configured.
    public var model: ModelQuote?
    /// The models that the configuration names for it, ``model`` first, each once.
    public var configuredModels: [ModelQuote]
    /// Where its API key comes from: `set (OPENAI_API_KEY)`; nil when it has none.
    public var key: String?
    /// Whether it could be asked now.
    public var isReady: Bool
    /// Why not, in words: `no key: set OPENAI_API_KEY`.
    public var problem: String?
    /// The median of the times that its last calls took, in milliseconds; nil when it was never called.
    public var latencyMilliseconds: Double?
    /// How its last request failed in this session, when none was answered since.
    public var lastError: String?
    /// Whether the role uses it now.
    public var isCurrent: Bool
}

/// The request that a role's providers are compared by.
public struct SampleRequest: Hashable, Sendable {
    public var inputTokens: Int
    public var outputTokens: Int
    /// How many of the role's calls these are the means of; 0 when there were none, and these are the most that one can
    /// have.
    public var calls: Int
}

/// What a model costs.
public struct ModelQuote: Hashable, Sendable {
    public var model: String
    /// nil when it has no price.
    public var price: Price?
    /// What the role's ``SampleRequest`` costs; nil when that cannot be known.
    public var requestCost: Money?
}

/// What a provider's server has, and what that costs.
public struct ProviderOffer: Hashable, Sendable {
    public var health: ProviderHealth
    /// Of the models that the server lists, in its order; empty when it lists none.
    public var quotes: [ModelQuote]
}
