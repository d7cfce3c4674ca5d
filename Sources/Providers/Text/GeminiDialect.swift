import Configuration
import Core
import Foundation

/// Gemini's generateContent (https://ai.google.dev/api/generate-content), streamed as events.
struct GeminiDialect: TextDialect {
    static let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)

    init(_ provider: ResolvedProvider) {}

    /// A model without a folder of its own lies in `models/`.
    func url(of call: TextCall, at base: URL) -> URL {
        let model = call.model.contains("/") ? call.model : "models/\(call.model)"
        return base.versioned("v1beta").appending(path: "\(model):streamGenerateContent")
            .appending(queryItems: [URLQueryItem(name: "alt", value: "sse")])
    }

    /// The key is a field, not a part of the address: addresses end in logs.
    func fields(key: Secret?) -> [HTTPField] {
        key.map { [HTTPField(name: "x-goog-api-key", value: $0.reveal(), setting: "api_key")] } ?? []
    }

    func body(of call: TextCall) -> JSONValue {
        let messages = call.messages.filter { $0.author != .system }
        var body = JSONObject([("contents", .array(messages.map(Self.content)))])
        body["systemInstruction"] = call.messages.systemText.map { ["parts": [["text": JSONValue($0)]]] }
        var settings = JSONObject([("maxOutputTokens", JSONValue(call.maxTokens))])
        settings["temperature"] = JSONValue(optional: call.temperature)
        settings["topP"] = JSONValue(optional: call.topP)
        settings["topK"] = call.topK.map { JSONValue($0) }
        settings["frequencyPenalty"] = JSONValue(optional: call.frequencyPenalty)
        settings["presencePenalty"] = JSONValue(optional: call.presencePenalty)
        // The seed is a signed number of 32 bits.
        settings["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(Int32.max)) }
        if !call.stop.isEmpty { settings["stopSequences"] = .array(call.stop.map { JSONValue($0) }) }
        if call.wantsJSON { settings["responseMimeType"] = "application/json" }
        body["generationConfig"] = .object(settings)
        return .object(body)
    }

    private static func content(_ message: Message) -> JSONValue {
        [
            "role": message.author == .assistant ? "model" : "user",
            "parts": [["text": JSONValue(message.content)]],
        ]
    }

    // MARK: - The answer

    /// A chunk of a stream has the form of a whole answer; the figures of the last one count for all.
    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault) {
        draft.responseID = draft.responseID ?? object["responseId"]?.string
        draft.model = draft.model ?? object["modelVersion"]?.string
        if let reported = object["usageMetadata"], !reported.isNull { draft.usage = reported }
        // A prompt that is blocked has no candidates.
        if object["promptFeedback"]?["blockReason"]?.string != nil { draft.finish = .filtered }
        let candidate = object["candidates"]?.array?.first { ($0["index"]?.int ?? 0) == 0 }
        if isWhole, candidate == nil, draft.finish == nil { throw .unreadable("it holds no candidates") }
        if let reason = candidate?["finishReason"]?.string { draft.finish = Self.finish(reason) }
        for part in candidate?["content"]?["parts"]?.array ?? [] {
            let text = try part.text("text") ?? ""
            if part["thought"]?.bool == true { draft.reasoning += text } else { draft.write(text) }
        }
    }

    private static func finish(_ reason: String) -> Answer.Finish {
        switch reason {
        case "STOP": .stop
        case "MAX_TOKENS": .length
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY": .filtered
        default: .other
        }
    }

    func figures(_ reported: JSONValue, estimate: Usage) -> Figures? {
        Usage(gemini: reported).map { Figures(usage: $0) }
    }

    /// A wrong key is a bad request here.
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool { Self.refusesKey(error) }

    static func refusesKey(_ error: JSONValue) -> Bool {
        (error["error"]?["details"]?.array ?? []).contains { $0["reason"]?.string == "API_KEY_INVALID" }
    }
}

extension Usage {
    /// Reads Gemini's `usageMetadata` into disjoint classes; nil when its figures cannot be.
    ///
    /// `promptTokenCount` includes what was read from the cache, but not `toolUsePromptTokenCount`;
    /// `candidatesTokenCount` excludes the thoughts, unless only the sum without them is `totalTokenCount`. Counts of
    /// zero may be missing. Refused are figures that are negative, no whole numbers, above ``limit``, or that do not
    /// sum.
    init?(gemini usage: JSONValue) {
        guard let prompt = Self.count(usage["promptTokenCount"]),
            let tools = Self.count(usage["toolUsePromptTokenCount"], absent: 0),
            let cached = Self.count(usage["cachedContentTokenCount"], absent: 0),
            let answer = Self.count(usage["candidatesTokenCount"], absent: 0),
            let thoughts = Self.count(usage["thoughtsTokenCount"], absent: 0),
            let total = Self.count(usage["totalTokenCount"], absent: prompt + tools + answer + thoughts)
        else { return nil }
        let input = prompt + tools
        let output = total - input
        guard output == answer + thoughts || output == answer, thoughts <= output, cached <= prompt,
            input - cached <= Self.limit, output <= Self.limit
        else { return nil }
        self.init(
            inputTokens: input - cached, cachedInputTokens: cached, outputTokens: output, reasoningTokens: thoughts)
    }
}
