public import Core

/// Which layer a role's setting comes from.
public enum SettingSource: String, Hashable, Sendable {
    case flag, override, role, provider
    case `default`
}

/// What is in force for a role and one kind of provider, all layers merged.
public struct RoleSettings: Hashable, Sendable {
    public var role: RoleName
    public var kind: ProviderKind
    /// The provider's name in the configuration.
    public var provider: String
    /// nil when no provider has that name.
    public var type: ProviderType?
    /// The merged values; the fields that name providers are nil.
    public var values: RoleLayer
    /// Where `provider` and each value that is set come from, by the configuration's key.
    public var sources: [String: SettingSource]

    /// The most tokens of an answer when nothing says otherwise.
    public static let defaultMaxTokens = 2048

    public var model: String? { values.model }
    public var temperature: Double? { values.temperature }
    public var maxTokens: Int { values.maxTokens ?? Self.defaultMaxTokens }
    public var topP: Double? { values.topP }
    public var topK: Int? { values.topK }
    public var frequencyPenalty: Double? { values.frequencyPenalty }
    public var presencePenalty: Double? { values.presencePenalty }
    public var seed: UInt64? { values.seed }
    public var stop: [String] { values.stop ?? [] }
    public var fallback: [String] { values.fallback ?? [] }
    /// Whether a live override decides any of it.
    public var isOverridden: Bool { sources.values.contains(.override) }
}
