/// A request for one picture as it will be sent: everything that can change the answer, and nothing else.
///
/// Every field is part of the cache key. What a provider has no use for, it is not sent.
public struct ImageCall: Hashable, Sendable {
    /// The provider's name in the configuration.
    public var provider: String
    /// The protocol that the provider speaks: `embedded`, `dalle` …
    public var providerType: String
    /// The address that the call goes to; empty for a provider in this process.
    public var endpoint: String
    public var model: String
    public var prompt: String
    /// In pixels; nil for what the model makes by itself.
    public var width: Int?
    public var height: Int?
    /// `16:9`; nil for the one that the width and the height are nearest to.
    public var aspectRatio: String?
    /// The provider's own word for it: `hd`, `high`.
    public var quality: String?
    /// The provider's own word for it: `vivid`, `natural`.
    public var style: String?
    /// How often the picture is worked over.
    public var steps: Int?
    /// How closely the picture follows the prompt.
    public var cfgScale: Double?
    public var sampler: String?
    public var seed: UInt64?
    /// Which of several answers to the same prompt this is, from 1.
    public var take: Int

    public init(
        provider: String, providerType: String, endpoint: String = "", model: String, prompt: String,
        width: Int? = nil, height: Int? = nil, aspectRatio: String? = nil, quality: String? = nil,
        style: String? = nil, steps: Int? = nil, cfgScale: Double? = nil, sampler: String? = nil,
        seed: UInt64? = nil, take: Int = 1
    ) {
        self.provider = provider
        self.providerType = providerType
        self.endpoint = endpoint
        self.model = model
        self.prompt = prompt
        self.width = width
        self.height = height
        self.aspectRatio = aspectRatio
        self.quality = quality
        self.style = style
        self.steps = steps
        self.cfgScale = cfgScale
        self.sampler = sampler
        self.seed = seed
        self.take = take
    }

    /// The seed that is sent: each further take of a seeded request moves on by one.
    public var takeSeed: UInt64? { seed.map { $0 &+ UInt64(max(take, 1) - 1) } }
}
