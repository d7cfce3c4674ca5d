public import Core

extension ImageCall: MediaCall {
    static var kind: ProviderKind { .image }

    /// Whether the model is billed by tokens: all of OpenAI's are but the older DALL·E.
    private var isBilledByTokens: Bool { providerType == "dalle" && !model.hasPrefix("dall-e") }

    /// The most that the call can use: one picture, or as many tokens as it may have. OpenAI's models take up to 4,160
    /// for a million pixels, and pictures of 1536 x 1024 unless they are told otherwise; twice that is never reached.
    public var usageBound: Usage {
        guard isBilledByTokens else { return Usage(inputTokens: 0, outputTokens: 0, images: 1) }
        let pixels = min(max(width ?? 1_536, 1_024), 65_536) * min(max(height ?? 1_536, 1_024), 65_536)
        return Usage(
            inputTokens: min(prompt.utf8.count + 16, Usage.limit), outputTokens: min(pixels / 128 + 1, Usage.limit))
    }
}

extension SpeechCall: MediaCall {
    static var kind: ProviderKind { .audio }

    /// Whether the model is billed by tokens: OpenAI's are but the older `tts-1` and `tts-1-hd`.
    private var isBilledByTokens: Bool { providerType == "openai_tts" && !model.hasPrefix("tts-") }

    /// The most that the call can use: its characters, or as many tokens as it may have. A second of sound has about 20
    /// tokens and at least five characters.
    public var usageBound: Usage {
        guard isBilledByTokens else {
            return Usage(inputTokens: 0, outputTokens: 0, characters: min(characters, Usage.limit))
        }
        return Usage(
            inputTokens: min(text.utf8.count + 16, Usage.limit), outputTokens: min(4 * characters, Usage.limit))
    }
}
