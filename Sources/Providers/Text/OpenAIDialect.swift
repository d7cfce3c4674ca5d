import Configuration
import Core
import Foundation
import Synchronization

/// OpenAI's chat completions, and every server that speaks them
/// (https://platform.openai.com/docs/api-reference/chat).
struct OpenAIDialect: TextDialect {
    static let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)

    /// What a server refused, by model: it is not sent there again.
    private final class Refusals: Sendable {
        private let fields = Mutex<[String: Set<String>]>([:])

        func holds(_ field: String, for model: String) -> Bool {
            fields.withLock { $0[model]?.contains(field) ?? false }
        }

        func insert(_ field: String, for model: String) {
            fields.withLock { _ = $0[model, default: []].insert(field) }
        }
    }

    private let organization: String?
    /// Whether it is OpenAI's own server, for which `max_tokens` is the old name of `max_completion_tokens`.
    private let isOpenAI: Bool
    private let refusals = Refusals()

    init(_ provider: ResolvedProvider) {
        organization = provider.organization
        isOpenAI = provider.baseURL?.host()?.lowercased() == "api.openai.com"
    }

    func url(of call: TextCall, at base: URL) -> URL { base.appending(path: "chat/completions") }

    func fields(key: Secret?) -> [HTTPField] { HTTPField.openAI(key: key, organization: organization) }

    func body(of call: TextCall) -> JSONValue {
        var body = JSONObject([
            ("model", JSONValue(call.model)), ("messages", .array(call.messages.map(Self.message))), ("stream", true),
        ])
        if !refusals.holds("stream_options", for: call.model) { body["stream_options"] = ["include_usage": true] }
        let isNewer = isOpenAI || refusals.holds("max_tokens", for: call.model)
        body[isNewer ? "max_completion_tokens" : "max_tokens"] = JSONValue(call.maxTokens)
        body["temperature"] = JSONValue(optional: call.temperature)
        body["top_p"] = JSONValue(optional: call.topP)
        // OpenAI itself does not know it, most servers that speak as it does do.
        if !refusals.holds("top_k", for: call.model) { body["top_k"] = call.topK.map { JSONValue($0) } }
        body["frequency_penalty"] = JSONValue(optional: call.frequencyPenalty)
        body["presence_penalty"] = JSONValue(optional: call.presencePenalty)
        // Servers read the seed as a signed number.
        body["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(Int64.max)) }
        if !call.stop.isEmpty { body["stop"] = .array(call.stop.map { JSONValue($0) }) }
        if call.wantsJSON { body["response_format"] = ["type": "json_object"] }
        return .object(body)
    }

    private static func message(_ message: Message) -> JSONValue {
        ["role": JSONValue(message.author.rawValue), "content": JSONValue(message.content)]
    }

    /// Servers that do not know `stream_options` or `top_k`, and models elsewhere that want `max_completion_tokens`, say
    /// so.
    func adapt(to refusal: String, of body: JSONValue) -> Bool {
        let isOldName = refusal.contains("max_completion_tokens")
        let refused = ["stream_options", "top_k"] + (isOldName ? ["max_tokens"] : [])
        guard let field = refused.first(where: { refusal.contains($0) && body[$0] != nil }) else { return false }
        refusals.insert(field, for: body["model"]?.string ?? "")
        return true
    }

    // MARK: - The answer

    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault) {
        draft.responseID = draft.responseID ?? object["id"]?.string
        draft.model = draft.model ?? object["model"]?.string
        if let reported = object["usage"], !reported.isNull { draft.usage = reported }
        // Only one choice is ever asked for.
        let choice = object["choices"]?.array?.first { ($0["index"]?.int ?? 0) == 0 }
        let part = choice?[isWhole ? "message" : "delta"]
        if isWhole, part == nil { throw .unreadable("it holds no choices with a message") }
        guard let choice else { return }
        if let reason = choice["finish_reason"]?.string, draft.finish == nil {
            draft.finish = ["stop": .stop, "length": .length, "content_filter": .filtered][reason] ?? .other
        }
        guard let part, !part.isNull else { return }
        for key in ["reasoning_content", "reasoning"] {
            guard let thought = try part.text(key) else { continue }
            draft.reasoning += thought
            break
        }
        draft.write(try part.text("content") ?? "")
        if let refusal = try part.text("refusal") {
            draft.finish = .filtered
            draft.write(refusal)
        }
    }

    func figures(_ reported: JSONValue, estimate: Usage) -> Figures? {
        Usage(chat: reported).map { Figures(usage: $0) }
    }
}

extension Usage {
    /// Reads OpenAI's `usage` object into disjoint classes; nil when its figures cannot be.
    ///
    /// `prompt_tokens` include those read from the cache and those written to it, and `completion_tokens` the
    /// reasoning, unless only the sum with reasoning beside them, as xAI counts, is `total_tokens`. Refused are figures
    /// that are negative, no whole numbers, above ``limit``, or that do not sum.
    init?(chat usage: JSONValue) {
        let details = usage["prompt_tokens_details"]
        guard let prompt = Self.count(usage["prompt_tokens"]), var output = Self.count(usage["completion_tokens"]),
            let cached = Self.count(details?["cached_tokens"], absent: 0),
            let written = Self.count(details?["cache_write_tokens"], absent: 0),
            let reasoning = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"], absent: 0),
            let total = Self.count(usage["total_tokens"], absent: prompt + output)
        else { return nil }
        if prompt + output != total {
            output += reasoning
            guard prompt + output == total else { return nil }
        }
        guard cached + written <= prompt, reasoning <= output, output <= Self.limit else { return nil }
        self.init(
            inputTokens: prompt - cached - written, cachedInputTokens: cached, cacheWriteTokens: written,
            outputTokens: output, reasoningTokens: reasoning)
    }
}
