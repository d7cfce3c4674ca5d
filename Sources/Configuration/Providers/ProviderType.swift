public import Core

/// A protocol that a provider speaks.
public enum ProviderType: String, CaseIterable, Hashable, Sendable {
    case embedded, openai, anthropic, gemini, ollama, bedrock
    case dalle, a1111, imagen
    case elevenlabs
    case openaiTTS = "openai_tts"

    /// What providers of this type can make.
    public var kinds: [ProviderKind] {
        switch self {
        case .embedded: ProviderKind.allCases
        case .openai, .anthropic, .gemini, .ollama, .bedrock: [.text]
        case .dalle, .a1111, .imagen: [.image]
        case .elevenlabs, .openaiTTS: [.audio]
        }
    }

    /// Whether this program can use such a provider for a kind; others are configured but not available yet.
    public func isAvailable(for kind: ProviderKind) -> Bool {
        kind == .text && (self == .embedded || self == .openai)
    }

    /// Where the provider itself listens; nil when it has no address of its own.
    public var defaultBaseURL: String? {
        switch self {
        case .embedded, .bedrock: nil
        case .openai, .dalle, .openaiTTS: "https://api.openai.com/v1"
        case .anthropic: "https://api.anthropic.com"
        case .gemini, .imagen: "https://generativelanguage.googleapis.com"
        case .ollama: "http://localhost:11434"
        case .a1111: "http://127.0.0.1:7860"
        case .elevenlabs: "https://api.elevenlabs.io"
        }
    }

    /// The environment variables that usually hold the provider's key, the first one that is set counts.
    public var keyVariables: [String] {
        switch self {
        case .embedded, .ollama, .a1111: []
        case .openai, .dalle, .openaiTTS: ["OPENAI_API_KEY"]
        case .anthropic: ["ANTHROPIC_API_KEY"]
        case .gemini, .imagen: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_AI_API_KEY"]
        case .bedrock: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        case .elevenlabs: ["ELEVENLABS_API_KEY"]
        }
    }

    /// The model asked at the provider's own address when none is configured; nil when one must be named.
    public var defaultModel: String? {
        switch self {
        case .embedded: "embedded"
        case .openai: "gpt-4o"
        case .anthropic: "claude-sonnet-4-5"
        case .gemini: "gemini-2.5-flash"
        case .ollama: "llama3"
        case .dalle: "dall-e-3"
        case .bedrock, .a1111, .imagen, .elevenlabs, .openaiTTS: nil
        }
    }
}
