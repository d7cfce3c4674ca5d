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
        let words = Self.words(call.prompt, version: "questfoundry prompt 2")
        var encoding = CanonicalEncoding(version: "questfoundry image 2", of: .image(call), words: words)
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
        self.init(words: words, encoding)
    }

    public init(for call: SpeechCall) {
        let words = Self.words(call.text, version: "questfoundry spoken 2")
        var encoding = CanonicalEncoding(version: "questfoundry speech 2", of: .speech(call), words: words)
        encoding.add("voice", call.voice)
        encoding.add("language", call.language)
        encoding.add("stability", call.stability)
        encoding.add("similarity_boost", call.similarityBoost)
        encoding.add("seed", call.seed)
        encoding.add("take", call.take)
        self.init(words: words, encoding)
    }

    private static func words(_ text: String, version: String) -> [UInt8] {
        var encoding = CanonicalEncoding(version: version)
        encoding.add("words", text)
        return encoding.digest()
    }
}
