public import Core

/// Ollama's chat.
public struct FakeOllamaForm: FakeForm {
    public init() {}

    public var streamType: String { "application/x-ndjson" }

    public func usage(input: Int, output: Int) -> JSONValue {
        ["prompt_eval_count": JSONValue(input), "eval_count": JSONValue(output)]
    }

    public func counts(of usage: JSONValue) -> (input: Int, output: Int) {
        sum(usage, "prompt_eval_count", "eval_count")
    }

    public func error(status: Int, message: String, code: String) -> JSONValue { ["error": JSONValue(message)] }

    public func models(_ names: [String]) -> JSONValue {
        ["models": .array(names.map { ["name": JSONValue($0), "model": JSONValue($0), "size": 4_661_224_676] })]
    }

    public func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue {
        end(answered.text, answered, request, usage: usage)
    }

    public func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]] {
        var lines = answered.pieces.map { line($0, request) }
        if answered.finish != nil { lines.append(end("", answered, request, usage: usage)) }
        return lines.map { streamed($0.text()) }
    }

    public func streamed(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    /// The figures stand beside the last message.
    private func end(
        _ text: String, _ answered: FakeReply.Answered, _ request: JSONValue, usage: JSONValue?
    ) -> JSONValue {
        var end = line(text, request).with("done", true).with("done_reason", answered.finish.map { JSONValue($0) })
        for member in usage?.object ?? JSONObject() { end = end.with(member.key, member.value) }
        return end
    }

    private func line(_ text: String, _ request: JSONValue) -> JSONValue {
        [
            "model": request["model"] ?? "fake", "created_at": "2026-11-25T12:00:00.123456Z",
            "message": ["role": "assistant", "content": JSONValue(text)], "done": false,
        ]
    }
}
