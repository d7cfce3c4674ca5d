import Core

/// One setting of a role, as data: merging, reading, writing and showing walk over ``RoleField/all``.
struct RoleField: Sendable {
    /// The key in the configuration.
    let key: String
    /// Whether a layer that names another provider ends the setting's inheritance from the layers under it.
    let isBoundToProvider: Bool
    /// Copies the setting when the first layer says it; tells whether it does.
    let copy: @Sendable (RoleLayer, inout RoleLayer) -> Bool
    /// Takes a value that was read from a file.
    let read: @Sendable (Value, inout RoleLayer) -> Void
    /// The setting as YAML; nil when the layer does not say it.
    let yaml: @Sendable (RoleLayer) -> String?

    private init<Field: RoleFieldValue>(
        _ key: String, _ path: any WritableKeyPath<RoleLayer, Field?> & Sendable, isBound: Bool = false
    ) {
        self.key = key
        isBoundToProvider = isBound
        copy = { source, target in
            guard let value = source[keyPath: path] else { return false }
            target[keyPath: path] = value
            return true
        }
        read = { value, layer in layer[keyPath: path] = Field(value) }
        yaml = { layer in layer[keyPath: path]?.yaml }
    }

    /// The settings themselves.
    static let values = [
        RoleField("model", \.model, isBound: true),
        RoleField("temperature", \.temperature),
        RoleField("max_tokens", \.maxTokens),
        RoleField("top_p", \.topP),
        RoleField("frequency_penalty", \.frequencyPenalty),
        RoleField("presence_penalty", \.presencePenalty),
        RoleField("seed", \.seed),
        RoleField("stop", \.stop),
        RoleField("voice", \.voice, isBound: true),
        RoleField("width", \.width, isBound: true),
        RoleField("height", \.height, isBound: true),
        RoleField("fallback", \.fallback, isBound: true),
    ]

    /// The fields that name providers.
    static let providers = [
        RoleField("provider", \.provider),
        RoleField("text_provider", \.textProvider),
        RoleField("image_provider", \.imageProvider),
        RoleField("audio_provider", \.audioProvider),
    ]

    static let all = providers + values
}

/// A type that a role's setting can have.
protocol RoleFieldValue: Sendable {
    init?(_ value: Value)
    var yaml: String { get }
}

extension String: RoleFieldValue {
    init?(_ value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
    var yaml: String { YAMLText.quoted(self) }
}

extension Int: RoleFieldValue {
    init?(_ value: Value) {
        guard case .whole(let number) = value else { return nil }
        self = number
    }
    var yaml: String { description }
}

extension UInt64: RoleFieldValue {
    init?(_ value: Value) {
        guard case .whole(let number) = value else { return nil }
        self.init(exactly: number)
    }
    var yaml: String { description }
}

extension Double: RoleFieldValue {
    init?(_ value: Value) {
        guard case .number(let number) = value else { return nil }
        self = number
    }
    var yaml: String { description }
}

extension [String]: RoleFieldValue {
    init?(_ value: Value) {
        guard case .texts(let texts) = value else { return nil }
        self = texts
    }
    var yaml: String { "[" + map(YAMLText.quoted).joined(separator: ", ") + "]" }
}
