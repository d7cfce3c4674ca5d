public import Core

/// Anthropic's messages.
public struct FakeAnthropicForm: FakeForm {
    public init() {}

    public func prompts(of body: JSONValue) -> [String] {
        [body["system"]?.string ?? ""] + (body["messages"]?.array ?? []).map { $0["content"]?.string ?? "" }
    }

    public func usage(input: Int, output: Int) -> JSONValue {
        ["input_tokens": JSONValue(input), "output_tokens": JSONValue(output)]
    }

    public func counts(of usage: JSONValue) -> (input: Int, output: Int) { sum(usage, "input_tokens", "output_tokens") }

    public func error(status: Int, message: String, code: String) -> JSONValue {
        ["type": "error", "error": ["type": JSONValue(code), "message": JSONValue(message)]]
    }

    public func models(_ names: [String]) -> JSONValue {
        let data = names.map { ["type": "model", "id": JSONValue($0), "display_name": "A model"] as JSONValue }
        return ["data": .array(data), "has_more": false, "first_id": .null, "last_id": JSONValue(names.last)]
    }

    public func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue {
        message(request, content: [["type": "text", "text": JSONValue(answered.text)]])
            .with("stop_reason", JSONValue(finish(answered))).with("usage", usage)
    }

    public func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]] {
        // The start tells of the input; how much has been written is not known yet.
        let start = usage.map { $0.object == nil ? $0 : $0.with("output_tokens", 1) }
        var all: [JSONValue] = [
            ["type": "message_start", "message": message(request, content: []).with("usage", start)],
            ["type": "content_block_start", "index": 0, "content_block": ["type": "text", "text": ""]],
            ["type": "ping"],
        ]
        all += answered.pieces.map {
            ["type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": JSONValue($0)]]
        }
        all.append(["type": "content_block_stop", "index": 0])
        if answered.finish != nil {
            let end = usage.map { $0.object == nil ? $0 : ["output_tokens": $0["output_tokens"] ?? 0] }
            let delta: JSONValue = ["type": "message_delta", "delta": ["stop_reason": JSONValue(finish(answered))]]
            all += [delta.with("usage", end), ["type": "message_stop"]]
        }
        return all.map { Array("event: \($0["type"]?.string ?? "")\ndata: \($0.text())\n\n".utf8) }
    }

    private func finish(_ answered: FakeReply.Answered) -> String? {
        answered.finish.map { ["stop": "end_turn", "length": "max_tokens"][$0] ?? $0 }
    }

    private func message(_ request: JSONValue, content: [JSONValue]) -> JSONValue {
        [
            "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"] ?? "fake",
            "content": .array(content), "stop_reason": .null,
        ]
    }
}
