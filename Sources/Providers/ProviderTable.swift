import Configuration
import Core

/// Which types of provider this program has, and how each is made: a provider is one new file and one line here.
enum ProviderTable {
    typealias Factory<Provider> = @Sendable (ResolvedProvider, HTTPTransport) throws(ConfigurationError) -> Provider

    static let text: [ProviderType: Factory<any TextProvider>] = [
        .embedded: { provider, _ in EmbeddedTextProvider(name: provider.name) },
        .openai: overHTTP(OpenAIDialect.self),
        .anthropic: overHTTP(AnthropicDialect.self),
        .gemini: overHTTP(GeminiDialect.self),
        .ollama: overHTTP(OllamaDialect.self),
        .bedrock: overHTTP(BedrockDialect.self),
    ]

    static let image: [ProviderType: Factory<any ImageProvider>] = [
        .embedded: { provider, _ in EmbeddedImageProvider(name: provider.name) },
        .dalle: pictures(DalleDialect.self),
        .a1111: pictures(A1111Dialect.self),
        .imagen: pictures(ImagenDialect.self),
    ]

    static let speech: [ProviderType: Factory<any SpeechProvider>] = [
        .embedded: { provider, _ in EmbeddedSpeechProvider(name: provider.name) },
        .openaiTTS: sounds(OpenAITTSDialect.self),
        .elevenlabs: sounds(ElevenLabsDialect.self),
    ]

    private static func overHTTP<Dialect: TextDialect>(_: Dialect.Type) -> Factory<any TextProvider> {
        { provider, http throws(ConfigurationError) in try HTTPTextProvider<Dialect>(provider, http: http) }
    }

    private static func pictures<Dialect: MediaDialect>(_: Dialect.Type) -> Factory<any ImageProvider>
    where Dialect.Call == ImageCall {
        { provider, http throws(ConfigurationError) in try HTTPMediaProvider<Dialect>(provider, http: http) }
    }

    private static func sounds<Dialect: MediaDialect>(_: Dialect.Type) -> Factory<any SpeechProvider>
    where Dialect.Call == SpeechCall {
        { provider, http throws(ConfigurationError) in try HTTPMediaProvider<Dialect>(provider, http: http) }
    }
}
