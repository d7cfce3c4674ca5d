public import Core

/// Gemini's generateContent.
public struct FakeGeminiForm: FakeForm {
    public init() {}

    public func prompts(of body: JSONValue) -> [String] {
        ([body["systemInstruction"] ?? .null] + (body["contents"]?.array ?? [])).flatMap { content in
            (content["parts"]?.array ?? []).map { $0["text"]?.string ?? "" }
        }
    }

    public func isStream(_ request: FakeTextServer.Request) -> Bool { request.path.contains(":streamGenerateContent") }

    public func usage(input: Int, output: Int) -> JSONValue {
        [
            "promptTokenCount": JSONValue(input), "candidatesTokenCount": JSONValue(output),
            "totalTokenCount": JSONValue(input + output),
        ]
    }

    public func counts(of usage: JSONValue) -> (input: Int, output: Int) {
        sum(usage, "promptTokenCount", "candidatesTokenCount")
    }

    public func error(status: Int, message: String, code: String) -> JSONValue {
        ["error": ["code": JSONValue(status), "message": JSONValue(message), "status": JSONValue(code)]]
    }

    public func models(_ names: [String]) -> JSONValue {
        let writing: JSONValue = ["generateContent", "countTokens"]
        return [
            "models": .array(
                names.map { ["name": JSONValue("models/\($0)"), "supportedGenerationMethods": writing] })
        ]
    }

    public func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue {
        chunk(answered.text, finish: finish(answered)).with("usageMetadata", usage)
    }

    /// Each chunk tells of the figures so far.
    public func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]] {
        let early = usage?["promptTokenCount"].map { ["promptTokenCount": $0] as JSONValue }
        var chunks = answered.pieces.map { chunk($0).with("usageMetadata", early) }
        if answered.finish != nil { chunks.append(chunk("", finish: finish(answered)).with("usageMetadata", usage)) }
        return chunks.map { streamed($0.text()) }
    }

    private func chunk(_ text: String, finish: String? = nil) -> JSONValue {
        let candidate: JSONValue = ["index": 0, "content": ["role": "model", "parts": [["text": JSONValue(text)]]]]
        return [
            "candidates": [candidate.with("finishReason", finish.map { JSONValue($0) })],
            "modelVersion": "fake-001", "responseId": "answer-1",
        ]
    }

    private func finish(_ answered: FakeReply.Answered) -> String? {
        answered.finish.map { ["stop": "STOP", "length": "MAX_TOKENS"][$0] ?? $0 }
    }
}
