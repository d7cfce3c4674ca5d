public import Core

/// A protocol that a provider speaks.
///
/// What the program knows about each is its ``traits``; nothing else lists the types.
public enum ProviderType: String, CaseIterable, Hashable, Sendable {
    case embedded, openai, anthropic, gemini, ollama, bedrock
    case dalle, a1111, imagen
    case elevenlabs
    case openaiTTS = "openai_tts"

    /// What providers of this type can make.
    public var kinds: [ProviderKind] { traits.kinds }
    /// Where the provider itself listens; nil when it has no address of its own.
    public var defaultBaseURL: String? { traits.address }
    /// The environment variables that usually hold the provider's key, the first one that is set counts.
    public var keyVariables: [String] { traits.keyVariables }
    /// The model asked at the provider's own address when none is configured; nil when one must be named.
    public var defaultModel: String? { traits.model }
    /// Settings that are accepted, and that the endpoint in use takes no notice of.
    package var idleKeys: [String] { traits.idleKeys }
    /// The lists of the price table that have its models.
    package var priceLists: [String] { traits.priceLists }
}
