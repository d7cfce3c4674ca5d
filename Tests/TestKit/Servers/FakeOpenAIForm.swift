public import Core

/// OpenAI's chat completions.
public struct FakeOpenAIForm: FakeForm {
    public init() {}

    public var basePath: String { "/v1" }

    public func usage(input: Int, output: Int) -> JSONValue {
        [
            "prompt_tokens": JSONValue(input), "completion_tokens": JSONValue(output),
            "total_tokens": JSONValue(input + output),
        ]
    }

    public func counts(of usage: JSONValue) -> (input: Int, output: Int) {
        sum(usage, "prompt_tokens", "completion_tokens")
    }

    public func error(status: Int, message: String, code: String) -> JSONValue {
        ["error": ["message": JSONValue(message), "code": JSONValue(code)]]
    }

    public func models(_ names: [String]) -> JSONValue {
        ["object": "list", "data": .array(names.map { ["id": JSONValue($0), "object": "model", "owned_by": "fake"] })]
    }

    public func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue {
        let choice: JSONValue = [
            "index": 0, "message": ["role": "assistant", "content": JSONValue(answered.text)],
            "finish_reason": JSONValue(answered.finish),
        ]
        return envelope("chat.completion", request, choices: [choice]).with("usage", usage)
    }

    public func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]] {
        var chunks = answered.pieces.map { piece -> JSONValue in
            chunk(request, choices: [["index": 0, "delta": ["content": JSONValue(piece)], "finish_reason": .null]])
        }
        if let finish = answered.finish {
            chunks.append(chunk(request, choices: [["index": 0, "delta": [:], "finish_reason": JSONValue(finish)]]))
        }
        if let usage, request["stream_options"]?["include_usage"]?.bool == true {
            chunks.append(chunk(request, choices: []).with("usage", usage))
        }
        return chunks.map { streamed($0.text()) } + [streamed("[DONE]")]
    }

    private func chunk(_ request: JSONValue, choices: [JSONValue]) -> JSONValue {
        envelope("chat.completion.chunk", request, choices: choices)
    }

    private func envelope(_ object: String, _ request: JSONValue, choices: [JSONValue]) -> JSONValue {
        [
            "id": "chatcmpl-1", "object": JSONValue(object), "model": request["model"] ?? "fake",
            "choices": .array(choices),
        ]
    }
}
