import Core

/// What the program knows about the providers of one type.
struct ProviderTraits {
    /// What they can make.
    var kinds: [ProviderKind]
    /// Where the provider itself listens.
    var address: String?
    /// Where it listens in a region, which takes the place of `REGION`; requests to such a provider are signed.
    var regionalAddress: String?
    /// The variables that usually hold its key.
    var keyVariables: [String] = []
    /// The model that is asked when none is configured.
    var model: String?
    var priceLists: [String] = []
    /// Keys that are accepted, and that the endpoint in use takes no notice of.
    var idleKeys: [String] = []
    /// The keys that say how it is reached.
    var connection: [SchemaKey] = ProviderKeys.address
    /// The keys that say what is asked of it when a role says nothing.
    var requests: [SchemaKey]
}

extension ProviderType {
    var traits: ProviderTraits {
        switch self {
        case .embedded:
            ProviderTraits(
                kinds: ProviderKind.allCases, model: "embedded", connection: [],
                requests: ProviderKeys.embedded)
        case .openai:
            // xAI's servers speak OpenAI's protocol.
            ProviderTraits(
                kinds: [.text], address: "https://api.openai.com/v1",
                keyVariables: ["OPENAI_API_KEY"], model: "gpt-4o", priceLists: ["openai", "xai"],
                connection: ProviderKeys.openAI, requests: ProviderKeys.text)
        case .anthropic:
            ProviderTraits(
                kinds: [.text], address: "https://api.anthropic.com",
                keyVariables: ["ANTHROPIC_API_KEY"], model: "claude-sonnet-4-5", priceLists: ["anthropic"],
                connection: ProviderKeys.keyed, requests: ProviderKeys.text)
        case .gemini:
            ProviderTraits(
                kinds: [.text], address: ProviderKeys.google,
                keyVariables: ProviderKeys.googleVariables, model: "gemini-2.5-flash", priceLists: ["gemini"],
                connection: ProviderKeys.keyed, requests: ProviderKeys.text)
        case .ollama:
            ProviderTraits(
                kinds: [.text], address: "http://localhost:11434", model: "llama3",
                requests: ProviderKeys.text)
        case .bedrock:
            ProviderTraits(
                kinds: [.text],
                regionalAddress: "https://bedrock-runtime.REGION.amazonaws.com",
                keyVariables: SigningKeyName.all.map(\.variable),
                priceLists: ["bedrock"], connection: ProviderKeys.bedrock, requests: ProviderKeys.text)
        case .dalle:
            ProviderTraits(
                kinds: [.image], address: "https://api.openai.com/v1",
                keyVariables: ["OPENAI_API_KEY"],
                model: "dall-e-3", priceLists: ["openai"], connection: ProviderKeys.openAI,
                requests: ProviderKeys.fields(ProviderKeys.picture + ["quality", "style"]))
        case .a1111:
            ProviderTraits(
                kinds: [.image], address: "http://127.0.0.1:7860", model: "loaded",
                requests: ProviderKeys.fields(ProviderKeys.picture + ["steps", "cfg_scale", "sampler"]))
        case .imagen:
            ProviderTraits(
                kinds: [.image], address: ProviderKeys.google,
                keyVariables: ProviderKeys.googleVariables, model: "imagen-3.0-generate-001",
                priceLists: ["gemini"], idleKeys: ["project_id", "location", "safety_filter_level"],
                connection: ProviderKeys.keyed,
                requests: ProviderKeys.fields(ProviderKeys.picture + ["aspect_ratio"]) + ProviderKeys.vertex)
        case .elevenlabs:
            ProviderTraits(
                kinds: [.audio], address: "https://api.elevenlabs.io",
                keyVariables: ["ELEVENLABS_API_KEY"], model: "eleven_multilingual_v2",
                priceLists: ["elevenlabs"], connection: ProviderKeys.keyed,
                requests: ProviderKeys.fields(
                    ProviderKeys.speech + ["language", "stability", "similarity_boost", "seed"]))
        case .openaiTTS:
            ProviderTraits(
                kinds: [.audio], address: "https://api.openai.com/v1",
                keyVariables: ["OPENAI_API_KEY"], model: "tts-1", priceLists: ["openai"],
                connection: ProviderKeys.openAI, requests: ProviderKeys.fields(ProviderKeys.speech))
        }
    }

    /// The keys of a provider of this type.
    var section: Section {
        let traits = traits
        return Section(
            [SchemaKey("type", .text), SchemaKey("cost_limits", Schema.costLimits)] + traits.connection
                + traits.requests)
    }
}

/// Keys that several types of provider have.
private enum ProviderKeys {
    static let google = "https://generativelanguage.googleapis.com"
    static let googleVariables = ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_AI_API_KEY"]

    // MARK: - How it is reached

    static let address = [SchemaKey("base_url", .scalar(.address))] + timing
    static let keyed = address + [SchemaKey("api_key", .secret)]
    static let openAI = keyed + [SchemaKey("organization", .text)]
    static let bedrock =
        address + [SchemaKey("region", .text)] + SigningKeyName.all.map { SchemaKey($0.key, .secret) }

    private static let timing =
        ["timeout_seconds", "first_byte_timeout_seconds", "idle_timeout_seconds"].map { SchemaKey($0, .seconds) }
        + [SchemaKey("allow_http", .flag)]

    // MARK: - What is asked of it

    static let text = fields(words)
    static let picture = ["model", "width", "height", "seed"]
    static let speech = ["model", "voice"]
    static let embedded = fields(words + ["width", "height", "voice"])
    /// What Google's other interface to Imagen takes.
    static let vertex = ["project_id", "location", "safety_filter_level"].map {
        SchemaKey($0, .text, status: .unused("accepted, but not used by Gemini's interface to Imagen"))
    }

    private static let words = [
        "model", "temperature", "max_tokens", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed",
        "stop", "fallback",
    ]

    static func fields(_ names: [String]) -> [SchemaKey] {
        RoleField.values.filter { names.contains($0.key) }.map(SchemaKey.init)
    }
}
