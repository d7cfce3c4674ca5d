import Configuration

/// Which types of provider this program has, and how each is made: a provider is one new file and one line here.
enum ProviderTable {
    typealias TextFactory = @Sendable (ResolvedProvider, HTTPTransport) throws(ConfigurationError) -> any TextProvider

    static let text: [ProviderType: TextFactory] = [
        .embedded: { provider, _ in EmbeddedTextProvider(name: provider.name) },
        .openai: { provider, http throws(ConfigurationError) in try OpenAITextProvider(provider, http: http) },
    ]
}
