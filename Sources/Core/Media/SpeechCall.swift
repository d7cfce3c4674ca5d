/// A request for a text read aloud as it will be sent: everything that can change the answer, and nothing else.
///
/// Every field is part of the cache key. What a provider has no use for, it is not sent.
public struct SpeechCall: Hashable, Sendable {
    /// The provider's name in the configuration.
    public var provider: String
    /// The protocol that the provider speaks: `embedded`, `elevenlabs` …
    public var providerType: String
    /// The address that the call goes to; empty for a provider in this process.
    public var endpoint: String
    public var model: String
    public var text: String
    /// The provider's name or id of who speaks; nil for the provider's usual one, where it has one.
    public var voice: String?
    /// `en`, `pt-BR`; nil when the model shall tell by itself.
    public var language: String?
    /// From 0 for lively to 1 for even.
    public var stability: Double?
    /// From 0 to 1: how near the voice stays to its original.
    public var similarityBoost: Double?
    public var seed: UInt64?
    /// Which of several answers to the same text this is, from 1.
    public var take: Int

    public init(
        provider: String, providerType: String, endpoint: String = "", model: String, text: String,
        voice: String? = nil, language: String? = nil, stability: Double? = nil, similarityBoost: Double? = nil,
        seed: UInt64? = nil, take: Int = 1
    ) {
        self.provider = provider
        self.providerType = providerType
        self.endpoint = endpoint
        self.model = model
        self.text = text
        self.voice = voice
        self.language = language
        self.stability = stability
        self.similarityBoost = similarityBoost
        self.seed = seed
        self.take = take
    }

    /// The seed that is sent: each further take of a seeded request moves on by one.
    public var takeSeed: UInt64? { seed.map { $0 &+ UInt64(max(take, 1) - 1) } }
    /// The characters that are spoken, as they are billed.
    public var characters: Int { text.unicodeScalars.count }
}
