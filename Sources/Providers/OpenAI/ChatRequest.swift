import Core
import Foundation

/// The body of a chat completion request.
struct ChatRequest {
    var call: TextCall
    /// The server's host in lower case.
    var host: String

    var body: Data { Data(json.text().utf8) }

    var json: JSONValue {
        var body = JSONObject([
            ("model", JSONValue(call.model)), ("messages", .array(call.messages.map(Self.message))),
            ("stream", true), ("stream_options", ["include_usage": true]),
        ])
        body[countsReasoning ? "max_completion_tokens" : "max_tokens"] = JSONValue(call.maxTokens)
        body["temperature"] = Self.number(call.temperature)
        body["top_p"] = Self.number(call.topP)
        body["frequency_penalty"] = Self.number(call.frequencyPenalty)
        body["presence_penalty"] = Self.number(call.presencePenalty)
        // Servers read the seed as a signed number.
        body["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(Int64.max)) }
        if !call.stop.isEmpty { body["stop"] = .array(call.stop.map { JSONValue($0) }) }
        if call.wantsJSON { body["response_format"] = ["type": "json_object"] }
        return .object(body)
    }

    /// Whether it is one of OpenAI's own models that refuse `max_tokens`: the o series, and from gpt-5 on.
    private var countsReasoning: Bool {
        guard host == "api.openai.com" else { return false }
        return call.model.hasPrefix("gpt-5") || call.model.prefixMatch(of: /o[0-9]/) != nil
    }

    private static func message(_ message: Message) -> JSONValue {
        ["role": JSONValue(message.author.rawValue), "content": JSONValue(message.content)]
    }

    private static func number(_ value: Double?) -> JSONValue? { value.map { .number(JSONNumber($0)) } }
}
