/// One setting of a role, as data: merging, reading, writing and showing walk over ``RoleField/all``.
struct RoleField: Sendable {
    /// The key in the configuration.
    let key: String
    let shape: Shape
    let status: SchemaKey.Status
    /// Whether a layer that names another provider ends the setting's inheritance from the layers under it.
    let isBoundToProvider: Bool
    /// Copies the setting when the first layer says it; tells whether it does.
    let copy: @Sendable (RoleLayer, inout RoleLayer) -> Bool
    /// Takes a value that was read from a file.
    let read: @Sendable (Value, inout RoleLayer) -> Void
    /// The setting as YAML; nil when the layer does not say it.
    let yaml: @Sendable (RoleLayer) -> String?

    private init<Field: SettingValue>(
        _ key: String, _ shape: Shape, _ path: any WritableKeyPath<RoleLayer, Field?> & Sendable,
        isBound: Bool = false, status: SchemaKey.Status = .inForce
    ) {
        self.key = key
        self.shape = shape
        self.status = status
        isBoundToProvider = isBound
        copy = { source, target in
            guard let value = source[keyPath: path] else { return false }
            target[keyPath: path] = value
            return true
        }
        read = { value, layer in layer[keyPath: path] = Field.reading(value) }
        yaml = { layer in layer[keyPath: path]?.yaml }
    }

    /// The settings themselves.
    static let values = [
        RoleField("model", .text, \.model, isBound: true),
        RoleField("temperature", .number(0...2), \.temperature),
        RoleField("max_tokens", .whole(1...10_000_000), \.maxTokens),
        RoleField("top_p", .number(0...1), \.topP),
        RoleField("top_k", .whole(0...1_000_000), \.topK),
        RoleField("frequency_penalty", .number(-2...2), \.frequencyPenalty),
        RoleField("presence_penalty", .number(-2...2), \.presencePenalty),
        RoleField("seed", .whole(0...Int.max), \.seed),
        RoleField("stop", .list(.text), \.stop),
        RoleField("voice", .text, \.voice, isBound: true),
        RoleField("language", .text, \.language),
        RoleField("stability", .number(0...1), \.stability, isBound: true),
        RoleField("similarity_boost", .number(0...1), \.similarityBoost, isBound: true),
        RoleField("width", .whole(1...65_536), \.width, isBound: true),
        RoleField("height", .whole(1...65_536), \.height, isBound: true),
        RoleField("aspect_ratio", .text, \.aspectRatio, isBound: true),
        RoleField("quality", .text, \.quality, isBound: true),
        RoleField("style", .text, \.style, isBound: true),
        RoleField("steps", .whole(1...1_000), \.steps, isBound: true),
        RoleField("cfg_scale", .number(0...100), \.cfgScale, isBound: true),
        RoleField("sampler", .text, \.sampler, isBound: true),
        RoleField("fallback", .list(.text), \.fallback, isBound: true),
    ]

    /// The fields that name providers.
    static let providers = [
        RoleField("provider", .text, \.provider),
        RoleField("text_provider", .text, \.textProvider),
        RoleField("image_provider", .text, \.imageProvider),
        RoleField("audio_provider", .text, \.audioProvider),
    ]

    static let all = providers + values
}
