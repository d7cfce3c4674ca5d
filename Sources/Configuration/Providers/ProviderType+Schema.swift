import Core

extension ProviderType {
    /// The keys of a provider of this type. Those of the types that are not available yet are only checked.
    var section: Section {
        Section([SchemaKey("type", .text), SchemaKey("cost_limits", Schema.costLimits)] + connection + requests)
    }

    /// How the provider is reached.
    private var connection: [SchemaKey] {
        let address = [SchemaKey("base_url", .scalar(.address))]
        let key = [SchemaKey("api_key", .secret)]
        let timing =
            ["timeout_seconds", "first_byte_timeout_seconds", "idle_timeout_seconds"]
            .map { SchemaKey($0, .seconds) } + [SchemaKey("allow_http", .flag)]
        return switch self {
        case .embedded: []
        case .ollama, .a1111: address + timing
        case .openai, .dalle, .openaiTTS: address + key + timing + [SchemaKey("organization", .text)]
        case .anthropic, .gemini, .imagen, .elevenlabs: address + key + timing
        case .bedrock:
            address + timing + [SchemaKey("region", .text)]
                + ["access_key_id", "secret_access_key", "session_token"].map { SchemaKey($0, .secret) }
        }
    }

    /// What is asked of it when a role says nothing.
    private var requests: [SchemaKey] {
        let pictures = ["width", "height"]
        let own: [SchemaKey]
        switch self {
        case .embedded: return fields(Self.text + pictures + ["voice"])
        case .openai, .anthropic, .gemini, .ollama, .bedrock:
            return fields(Self.text) + [SchemaKey("top_k", .whole(0...1_000_000), status: .later)]
        case .dalle: own = [SchemaKey("quality", .text), SchemaKey("style", .text)]
        case .a1111:
            own = [
                SchemaKey("steps", .whole(1...1_000)), SchemaKey("cfg_scale", .number(0...100)),
                SchemaKey("sampler", .text),
            ]
        case .imagen:
            own = ["project_id", "location", "aspect_ratio", "safety_filter_level"].map { SchemaKey($0, .text) }
        case .elevenlabs:
            own = ["stability", "similarity_boost"].map { SchemaKey($0, .number(0...1)) }
        case .openaiTTS: own = []
        }
        return fields(["model"] + (kinds == [.image] ? pictures + ["seed"] : ["voice"])) + own
    }

    private static let text = [
        "model", "temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop",
    ]

    private func fields(_ names: [String]) -> [SchemaKey] {
        RoleField.values.filter { names.contains($0.key) }.map(SchemaKey.init)
    }
}
