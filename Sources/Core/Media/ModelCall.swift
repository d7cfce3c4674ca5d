/// What is asked of a provider, of whatever kind it is.
public enum ModelCall: Hashable, Sendable {
    case text(TextCall)
    case image(ImageCall)
    case speech(SpeechCall)

    public var kind: ProviderKind {
        switch self {
        case .text: .text
        case .image: .image
        case .speech: .audio
        }
    }

    /// The provider's name in the configuration.
    public var provider: String {
        get { self[\.provider, \.provider, \.provider] }
        set { self[\.provider, \.provider, \.provider] = newValue }
    }

    /// The protocol that the provider speaks: `embedded`, `openai` …
    public var providerType: String {
        get { self[\.providerType, \.providerType, \.providerType] }
        set { self[\.providerType, \.providerType, \.providerType] = newValue }
    }

    /// The address that the call goes to; empty for a provider in this process.
    public var endpoint: String {
        get { self[\.endpoint, \.endpoint, \.endpoint] }
        set { self[\.endpoint, \.endpoint, \.endpoint] = newValue }
    }

    public var model: String {
        get { self[\.model, \.model, \.model] }
        set { self[\.model, \.model, \.model] = newValue }
    }

    /// Which of several answers to the same question this is, from 1.
    public var take: Int {
        get { self[\.take, \.take, \.take] }
        set { self[\.take, \.take, \.take] = newValue }
    }

    /// What all calls have. Inlined, the paths become plain fields; looked up, they would take longer than a key.
    @inline(__always)
    private subscript<Value>(
        text: WritableKeyPath<TextCall, Value>, image: WritableKeyPath<ImageCall, Value>,
        speech: WritableKeyPath<SpeechCall, Value>
    ) -> Value {
        get {
            switch self {
            case .text(let call): call[keyPath: text]
            case .image(let call): call[keyPath: image]
            case .speech(let call): call[keyPath: speech]
            }
        }
        set {
            switch self {
            case .text(var call):
                call[keyPath: text] = newValue
                self = .text(call)
            case .image(var call):
                call[keyPath: image] = newValue
                self = .image(call)
            case .speech(var call):
                call[keyPath: speech] = newValue
                self = .speech(call)
            }
        }
    }
}
