/// One message of a conversation with a model.
public struct Message: Hashable, Codable, Sendable {
    public enum Author: String, Codable, Sendable { case system, user, assistant }

    public var author: Author
    public var content: String

    public init(_ author: Author, _ content: String) {
        self.author = author
        self.content = content
    }
}

/// A request for text as it will be sent: everything that can change the answer, and nothing else.
///
/// Every field is part of the cache key. What cannot change an answer (keys, time-outs, streaming) lives elsewhere.
public struct TextCall: Hashable, Sendable {
    /// The provider's name in the configuration.
    public var provider: String
    /// The protocol that the provider speaks: `embedded`, `openai` …
    public var providerType: String
    /// The address that the call goes to; empty for a provider in this process.
    public var endpoint: String
    public var model: String
    public var messages: [Message]
    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    /// The most tokens that the answer may have, reasoning included.
    public var maxTokens: Int
    public var seed: UInt64?
    public var stop: [String]
    /// Whether the answer shall be one JSON object.
    public var wantsJSON: Bool
    /// Which of several answers to the same question this is, from 1.
    public var take: Int

    public init(
        provider: String, providerType: String, endpoint: String = "", model: String, messages: [Message],
        temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil, frequencyPenalty: Double? = nil,
        presencePenalty: Double? = nil, maxTokens: Int = 2048, seed: UInt64? = nil, stop: [String] = [],
        wantsJSON: Bool = false, take: Int = 1
    ) {
        self.provider = provider
        self.providerType = providerType
        self.endpoint = endpoint
        self.model = model
        self.messages = messages
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.maxTokens = maxTokens
        self.seed = seed
        self.stop = stop
        self.wantsJSON = wantsJSON
        self.take = take
    }

    /// The seed that is sent: each further take of a seeded request moves on by one.
    public var takeSeed: UInt64? { seed.map { $0 &+ UInt64(max(take, 1) - 1) } }

    /// A bound on the input's tokens that no tokenizer passes: one per byte of text, and 16 for each message's frame.
    public var inputTokenBound: Int {
        messages.reduce(0) { $0 + $1.content.utf8.count + 16 }
    }
}
