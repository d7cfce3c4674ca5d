import Configuration

/// Which types of provider this program has, and how each is made: a provider is one new file and one line here.
enum ProviderTable {
    typealias TextFactory = @Sendable (ResolvedProvider, HTTPTransport) throws(ConfigurationError) -> any TextProvider

    static let text: [ProviderType: TextFactory] = [
        .embedded: { provider, _ in EmbeddedTextProvider(name: provider.name) },
        .openai: overHTTP(OpenAIDialect.self),
        .anthropic: overHTTP(AnthropicDialect.self),
        .gemini: overHTTP(GeminiDialect.self),
        .ollama: overHTTP(OllamaDialect.self),
        .bedrock: overHTTP(BedrockDialect.self),
    ]

    private static func overHTTP<Dialect: TextDialect>(_: Dialect.Type) -> TextFactory {
        { provider, http throws(ConfigurationError) in try HTTPTextProvider<Dialect>(provider, http: http) }
    }
}
