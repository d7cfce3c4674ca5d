import Configuration
import Core
import Foundation

/// Anthropic's messages (https://docs.anthropic.com/en/api/messages), streamed as
/// https://docs.anthropic.com/en/docs/build-with-claude/streaming tells.
///
/// The interface has no mode that answers with any JSON object, and takes neither a seed nor penalties.
struct AnthropicDialect: TextDialect {
    static let capabilities = ProviderCapabilities(streaming: true, jsonMode: false, seed: false)

    init(_ provider: ResolvedProvider) {}

    func url(of call: TextCall, at base: URL) -> URL { base.versioned("v1").appending(path: "messages") }

    func fields(key: Secret?) -> [HTTPField] {
        let version = HTTPField(name: "anthropic-version", value: "2023-06-01")
        let keys = key.map { HTTPField(name: "x-api-key", value: $0.reveal(), setting: "api_key") }
        return [version, keys].compactMap(\.self)
    }

    func body(of call: TextCall) -> JSONValue {
        var body = JSONObject([
            ("model", JSONValue(call.model)), ("max_tokens", JSONValue(call.maxTokens)),
            ("messages", .array(call.messages.filter { $0.author != .system }.map(Self.message))), ("stream", true),
        ])
        body["system"] = call.messages.systemText.map { JSONValue($0) }
        // Its scale ends at 1; newer models refuse both settings at once.
        body["temperature"] = JSONValue(optional: call.temperature.map { min($0, 1) })
        if call.temperature == nil { body["top_p"] = JSONValue(optional: call.topP) }
        body["top_k"] = call.topK.map { JSONValue($0) }
        if !call.stop.isEmpty { body["stop_sequences"] = .array(call.stop.map { JSONValue($0) }) }
        return .object(body)
    }

    private static func message(_ message: Message) -> JSONValue {
        ["role": JSONValue(message.author.rawValue), "content": JSONValue(message.content)]
    }

    // MARK: - The answer

    /// Events of a kind that is not known are passed over, as the interface asks.
    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault) {
        guard !isWhole else { return try readMessage(object, into: &draft) }
        switch object["type"]?.string {
        case "message_start":
            if let message = object["message"] { Self.readHead(message, into: &draft) }
        case "content_block_start":
            if let block = object["content_block"] { try Self.readBlock(block, into: &draft) }
        case "content_block_delta":
            if let delta = object["delta"] { try Self.readBlock(delta, into: &draft) }
        case "message_delta":
            Self.readEnd(object["delta"], usage: object["usage"], into: &draft)
        case "message_stop": draft.isDone = true
        default: break
        }
    }

    private func readMessage(_ message: JSONValue, into draft: inout AnswerDraft) throws(AnswerFault) {
        guard let blocks = message["content"]?.array else { throw .unreadable("it holds no content") }
        Self.readHead(message, into: &draft)
        for block in blocks { try Self.readBlock(block, into: &draft) }
        Self.readEnd(message, usage: message["usage"], into: &draft)
    }

    private static func readHead(_ message: JSONValue, into draft: inout AnswerDraft) {
        draft.responseID = message["id"]?.string
        draft.model = message["model"]?.string
        guard var usage = message["usage"]?.object else { return }
        // The output's count at the start is no count of it.
        usage["output_tokens"] = nil
        draft.usage = .object(usage)
    }

    /// Reads a whole block, or a piece of one.
    private static func readBlock(_ block: JSONValue, into draft: inout AnswerDraft) throws(AnswerFault) {
        switch block["type"]?.string {
        case "text", "text_delta": draft.write(try block.text("text") ?? "")
        case "thinking", "thinking_delta": draft.reasoning += try block.text("thinking") ?? ""
        default: break
        }
    }

    /// Reads why the answer ended, and its figures, which count from the start; what they leave out, the start said.
    private static func readEnd(_ end: JSONValue?, usage: JSONValue?, into draft: inout AnswerDraft) {
        if let reason = end?["stop_reason"]?.string {
            let known: [String: Answer.Finish] = [
                "end_turn": .stop, "stop_sequence": .stop, "max_tokens": .length,
                "model_context_window_exceeded": .length, "refusal": .filtered,
            ]
            draft.finish = known[reason] ?? .other
        }
        guard let usage, !usage.isNull else { return }
        guard let figures = usage.object else { return draft.usage = usage }
        var sum = draft.usage?.object ?? JSONObject()
        for member in figures where !member.value.isNull { sum[member.key] = member.value }
        draft.usage = .object(sum)
    }

    /// A server that does not tell how the answer ended left out the output's count.
    func figures(_ reported: JSONValue, estimate: Usage) -> Figures? {
        guard var usage = reported.object else { return nil }
        let isWhole = usage["output_tokens"] != nil
        if !isWhole { usage["output_tokens"] = JSONValue(estimate.outputTokens) }
        return Usage(anthropic: .object(usage)).map { Figures(usage: $0, isEstimated: !isWhole) }
    }
}

extension Usage {
    /// Reads the `usage` object of Anthropic's messages into disjoint classes; nil when its figures cannot be.
    ///
    /// `input_tokens` exclude what was read from the cache and what was written to it; `output_tokens` include the
    /// thinking. `cache_creation` splits the written tokens by how long they are kept; without it all count as kept for
    /// five minutes. Refused are figures that are negative, no whole numbers, above ``limit``, or that do not sum.
    init?(anthropic usage: JSONValue) {
        guard let input = Self.count(usage["input_tokens"]), let output = Self.count(usage["output_tokens"]),
            let cached = Self.count(usage["cache_read_input_tokens"], absent: 0),
            let written = Self.written(usage),
            let thinking = Self.count(usage["output_tokens_details"]?["thinking_tokens"], absent: 0),
            thinking <= output
        else { return nil }
        self.init(
            inputTokens: input, cachedInputTokens: cached, cacheWriteTokens: written.minutes,
            cacheWriteHourTokens: written.hour, outputTokens: output, reasoningTokens: thinking)
    }

    private static func written(_ usage: JSONValue) -> (minutes: Int, hour: Int)? {
        let total = usage["cache_creation_input_tokens"]
        guard let split = usage["cache_creation"], !split.isNull else {
            return count(total, absent: 0).map { (minutes: $0, hour: 0) }
        }
        guard split.object != nil, let minutes = count(split["ephemeral_5m_input_tokens"], absent: 0),
            let hour = count(split["ephemeral_1h_input_tokens"], absent: 0),
            count(total, absent: minutes + hour) == minutes + hour
        else { return nil }
        return (minutes, hour)
    }
}
