import Core

/// A provider in this process that needs no network and no key: it puts sentences together by a grammar.
///
/// The same messages and seed give the same bytes on every machine. It is no language model and says so.
struct EmbeddedTextProvider: TextProvider, Surveyable {
    static let model = "embedded"
    private static let tokensPerDelta = 6

    let name: String
    let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        var writer = StoryWriter(call)
        let whole = Self.cut(writer.write(asJSON: call.wantsJSON), at: call.stop)
        let all = EmbeddedTokens(whole)
        let tokens = all.prefix(max(call.maxTokens, 0))
        var text = ""
        for delta in tokens.chunks(of: Self.tokensPerDelta) {
            guard !Task.isCancelled else { throw cancelled(after: text) }
            onDelta(delta)
            text += delta
            await Task.yield()
        }
        guard !Task.isCancelled else { throw cancelled(after: text) }
        let input = call.messages.reduce(0) { $0 + EmbeddedTokens($1.content).count + 4 }
        return Answer(
            text: text, reasoning: StoryWriter.disclaimer,
            usage: Usage(inputTokens: input, outputTokens: tokens.count),
            finish: tokens.count < all.count ? .length : .stop, model: Self.model)
    }

    func survey() -> ProviderSurvey {
        ProviderSurvey(models: [ProviderSurvey.Model(Self.model)], takesAnyModel: true, latencyMicroseconds: 0)
    }

    private func cancelled(after text: String) -> ProviderError {
        var error = ProviderError.cancelled(in: name)
        error.partialText = text.isEmpty ? nil : text
        return error
    }

    /// The text before the first of the stop sequences in it.
    private static func cut(_ text: String, at stops: [String]) -> String {
        let ends = stops.filter { !$0.isEmpty }.compactMap { text.firstRange(of: $0)?.lowerBound }
        return ends.min().map { String(text[..<$0]) } ?? text
    }
}

/// A text in tokens: a word of up to eight letters with the space before it, or one other character.
struct EmbeddedTokens {
    private static let longestWord = 8
    private var pieces: ArraySlice<Substring> = []

    var count: Int { pieces.count }

    init(_ text: String) {
        var start = text.startIndex
        while start < text.endIndex {
            var end = text.index(after: start)
            let isWord = text[start].isLetter || text[start] == " "
            var length = 1
            while isWord, length < Self.longestWord, end < text.endIndex, text[end].isLetter {
                end = text.index(after: end)
                length += 1
            }
            pieces.append(text[start..<end])
            start = end
        }
    }

    func prefix(_ count: Int) -> EmbeddedTokens {
        var result = self
        result.pieces = pieces.prefix(count)
        return result
    }

    /// The text again, some tokens at a time.
    func chunks(of size: Int) -> [String] {
        stride(from: pieces.startIndex, to: pieces.endIndex, by: size).map { start in
            pieces[start..<min(start + size, pieces.endIndex)].joined()
        }
    }
}
