public import Core

/// A provider that a role could use, as the dialog that switches providers lists it.
public struct ProviderChoice: Hashable, Sendable {
    /// Its name in the configuration.
    public var name: String
    /// The protocol that it speaks: `embedded`, `openai` …
    public var type: String
    /// The model that the role would use; nil when none is configured.
    public var model: String?
    /// Whether it could be asked now.
    public var isReady: Bool
    /// Why not, in words: `no key: set OPENAI_API_KEY`.
    public var problem: String?
    /// Dollars for one input token; nil when the model has no price.
    public var inputPrice: Money?
    /// Dollars for one output token; nil when the model has no price.
    public var outputPrice: Money?
    /// Whether the role uses it now.
    public var isCurrent: Bool
}
