public import Core

extension CacheKey {
    /// The key of a call of any kind.
    public init(for call: ModelCall) {
        switch call {
        case .text(let call): self.init(for: call)
        case .image(let call): self.init(for: call)
        case .speech(let call): self.init(for: call)
        }
    }

    public init(for call: ImageCall) {
        var encoding = CanonicalEncoding(version: "questfoundry image 1", capacity: call.prompt.utf8.count + 512)
        encoding.add("provider", call.provider)
        encoding.add("type", call.providerType)
        encoding.add("endpoint", call.endpoint)
        encoding.add("model", call.model)
        encoding.add("prompt", call.prompt)
        encoding.add("width", call.width)
        encoding.add("height", call.height)
        encoding.add("aspect_ratio", call.aspectRatio)
        encoding.add("quality", call.quality)
        encoding.add("style", call.style)
        encoding.add("steps", call.steps)
        encoding.add("cfg_scale", call.cfgScale)
        encoding.add("sampler", call.sampler)
        encoding.add("seed", call.seed)
        encoding.add("take", call.take)
        self.init(encoding)
    }

    public init(for call: SpeechCall) {
        var encoding = CanonicalEncoding(version: "questfoundry speech 1", capacity: call.text.utf8.count + 512)
        encoding.add("provider", call.provider)
        encoding.add("type", call.providerType)
        encoding.add("endpoint", call.endpoint)
        encoding.add("model", call.model)
        encoding.add("text", call.text)
        encoding.add("voice", call.voice)
        encoding.add("language", call.language)
        encoding.add("stability", call.stability)
        encoding.add("similarity_boost", call.similarityBoost)
        encoding.add("seed", call.seed)
        encoding.add("take", call.take)
        self.init(encoding)
    }

    /// Names the words of a call alone.
    static func prompt(of call: ModelCall) -> String {
        var encoding = CanonicalEncoding(version: "questfoundry \(call.kind.rawValue) prompt 1", capacity: 512)
        switch call {
        case .text(let call): return prompt(ofText: call)
        case .image(let call): encoding.add("prompt", call.prompt)
        case .speech(let call): encoding.add("text", call.text)
        }
        return encoding.digest
    }
}
