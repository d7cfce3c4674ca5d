public import Core

/// What one layer (flags, live override, the file's role) says about a role. What it does not say is nil.
public struct RoleLayer: Hashable, Sendable {
    /// The provider of the kind that this name belongs to.
    public var provider: String?
    /// The provider of one kind; wins over ``provider``.
    public var textProvider: String?
    public var imageProvider: String?
    public var audioProvider: String?
    public var model: String?
    public var temperature: Double?
    public var maxTokens: Int?
    public var topP: Double?
    public var topK: Int?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    public var seed: UInt64?
    public var stop: [String]?
    public var voice: String?
    public var language: String?
    public var stability: Double?
    public var similarityBoost: Double?
    public var width: Int?
    public var height: Int?
    public var aspectRatio: String?
    public var quality: String?
    public var style: String?
    public var steps: Int?
    public var cfgScale: Double?
    public var sampler: String?
    /// Providers to ask in order when the role's own fails.
    public var fallback: [String]?

    public init(
        provider: String? = nil, textProvider: String? = nil, imageProvider: String? = nil,
        audioProvider: String? = nil, model: String? = nil, temperature: Double? = nil, maxTokens: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.provider = provider
        self.textProvider = textProvider
        self.imageProvider = imageProvider
        self.audioProvider = audioProvider
        self.model = model
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.seed = seed
    }

    /// The provider that is named for one kind, or with nil, ``provider``.
    public func provider(of kind: ProviderKind?) -> String? {
        switch kind {
        case nil: provider
        case .text: textProvider
        case .image: imageProvider
        case .audio: audioProvider
        }
    }

    /// Names the provider for one kind, or with nil, ``provider``.
    public mutating func setProvider(_ name: String?, of kind: ProviderKind?) {
        switch kind {
        case nil: provider = name
        case .text: textProvider = name
        case .image: imageProvider = name
        case .audio: audioProvider = name
        }
    }
}
