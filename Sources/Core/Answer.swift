/// A model's whole answer.
public struct Answer: Hashable, Codable, Sendable {
    /// Why the model stopped.
    public enum Finish: String, Codable, Sendable {
        /// It was done.
        case stop
        /// It reached `max_tokens`.
        case length
        /// The provider withheld some or all of it.
        case filtered
        /// Anything else that a provider may report.
        case other
    }

    /// Empty for a picture or a sound.
    public var text: String
    /// The picture or the sound that was asked for.
    public var media: Media?
    /// What the model wrote to itself, where the provider tells.
    public var reasoning: String?
    public var usage: Usage
    /// Whether ``usage`` was estimated because the provider did not report it, or reported what cannot be.
    public var isUsageEstimated: Bool
    public var finish: Finish
    /// The provider's own name for the answer.
    public var responseID: String?
    /// The model that the provider says has answered.
    public var model: String
    /// What the provider said about its limits with this answer. It holds for the moment only: it is not kept with the
    /// answer, and says nothing about an answer that was.
    public var limits: ProviderLimits?

    private enum CodingKeys: String, CodingKey {
        case text, media, reasoning, usage, isUsageEstimated, finish, responseID, model
    }

    public init(
        text: String, reasoning: String? = nil, usage: Usage, isUsageEstimated: Bool = false, finish: Finish = .stop,
        responseID: String? = nil, model: String, limits: ProviderLimits? = nil, media: Media? = nil
    ) {
        self.text = text
        self.media = media
        self.reasoning = reasoning
        self.usage = usage
        self.isUsageEstimated = isUsageEstimated
        self.finish = finish
        self.responseID = responseID
        self.model = model
        self.limits = limits
    }
}
